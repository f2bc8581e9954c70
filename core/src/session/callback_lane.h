// A view of a runtime whose callbacks wait for nobody else's.
#pragma once

#include <memory>
#include <optional>

#include "payload_manager/runtime.h"
#include "session/callback_pool.h"

namespace payload_manager {

// Shares the other runtime's clock, scheduler thread and timers, but runs callbacks on the threads
// of a pool, one after the other, so that whoever takes his time in one keeps nobody else waiting.
//
// Threads: as Runtime. May be destroyed on any thread once no callback is running, and by its last
// callback.
class CallbackLane final : public Runtime {
 public:
  CallbackLane(std::shared_ptr<Runtime> shared, std::shared_ptr<CallbackPool> pool);
  ~CallbackLane() override;
  CallbackLane(const CallbackLane&) = delete;
  CallbackLane& operator=(const CallbackLane&) = delete;

  const Clock& clock() const override { return shared_->clock(); }
  bool Post(Task task) override { return shared_->Post(std::move(task)); }
  bool PostBy(TimePoint latest, Task task) override {
    return shared_->PostBy(latest, std::move(task));
  }
  TimerId StartTimer(TimePoint due, Task task) override {
    return shared_->StartTimer(due, std::move(task));
  }
  void CancelTimer(TimerId timer) override { shared_->CancelTimer(timer); }
  // False as well when the system has no thread to give.
  bool PostCallback(Task task) override;
  bool Await(const Event& event, std::optional<Duration> limit) override;
  // The scheduler thread, and the one that runs a callback of this lane.
  bool OnOwnThread() const override;

 private:
  class Lane;
  const std::shared_ptr<Runtime> shared_;
  const std::shared_ptr<CallbackPool> pool_;
  const std::shared_ptr<Lane> lane_;  // what the pool is to do has a share
};

}  // namespace payload_manager
