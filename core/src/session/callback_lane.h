// A view of a runtime whose callbacks have a thread of their own.
#pragma once

#include <memory>
#include <optional>

#include "payload_manager/runtime.h"

namespace payload_manager {

// Shares the other runtime's clock, scheduler thread and timers, but runs callbacks on a thread of
// its own, so that whoever takes his time in one keeps nobody else waiting. The thread is there
// only while callbacks are waiting or running: an idle lane costs nothing.
//
// Threads: as Runtime. May be destroyed on any thread once no callback is running, and by its last
// callback.
class CallbackLane final : public Runtime {
 public:
  explicit CallbackLane(std::shared_ptr<Runtime> shared);
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
  // The scheduler thread, and this lane's.
  bool OnOwnThread() const override;

 private:
  class Lane;
  const std::shared_ptr<Runtime> shared_;
  const std::shared_ptr<Lane> lane_;  // the thread has a share
};

}  // namespace payload_manager
