// The calls of all sessions that are under way, and the way of their answers to the scheduler.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <unordered_map>
#include <vector>

#include "payload_manager/runtime.h"
#include "session/ending.h"

namespace payload_manager {

// Completions share this and own nothing else: one that were the last owner of a runtime would have
// to wait, on its own thread, for itself. Threads: any.
class OpenCalls {
 public:
  explicit OpenCalls(Runtime& runtime) : runtime_(&runtime) {}
  OpenCalls(const OpenCalls&) = delete;
  OpenCalls& operator=(const OpenCalls&) = delete;

  struct Begun {
    std::uint64_t number;  // no two calls have the same
    std::stop_token cancellation;
  };
  // nullopt: all were cancelled, and no more may be made.
  std::optional<Begun> Begin();
  // The call has ended: posts what becomes of its answer, unless the runtime is not used any more.
  // It may take this much longer to get there if that spares a wake-up (Runtime::PostBy), unless
  // the call was cancelled or somebody waits for it. After CancelAll it is dropped unless somebody
  // does: a thousand answers that say "cancelled" would hold up the end of all.
  void End(std::uint64_t call, Runtime::Task answer, Duration patience = Duration(0));
  // Keeps the departure until the call has ended and its answer has been dealt with or dropped.
  void HoldUp(std::uint64_t call, std::shared_ptr<Departure> departure);

  // On the scheduler thread: from now on somebody waits for the call's answer. One that has come is
  // taken in before the scheduler sleeps. False: the call has ended.
  bool Await(std::uint64_t call);
  void Cancel(std::uint64_t call);
  // Refuses new calls and cancels every one under way, on this thread; together with any other that
  // calls it meanwhile, each a part: what is left when it returns, the others are at. Cancelling a
  // call takes as long as sending it.
  void CancelAll();
  // After CancelAll: set once the completion of every call has run.
  const Event& none_left() const { return none_left_; }

  // After this returns the runtime is not used any more.
  void LetGoOfRuntime();

 private:
  struct Call {
    std::stop_source cancel;
    std::vector<std::shared_ptr<Departure>> held_up = {};
    bool awaited = false;
  };

  std::mutex mutex_;  // never held while a call is cancelled: cancelling may end it
  Runtime* runtime_;
  std::unordered_map<std::uint64_t, Call> calls_;
  std::uint64_t last_ = 0;
  bool refusing_ = false;
  std::vector<std::stop_source> to_cancel_;  // by CancelAll
  Event none_left_;
};

}  // namespace payload_manager
