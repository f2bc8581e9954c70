// How the end of a session, a robot or the whole table is waited for.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "payload_manager/runtime.h"

namespace payload_manager {

// Knows whether user code of one table is running. Threads: any.
class UserCode {
 public:
  // Calls `code`, on the callback thread.
  template <typename Code>
  void Run(const Code& code) {
    Enter();
    code();
    Leave();
  }
  // Until nothing is running, in real time and at most `limit`; returns whether nothing is.
  bool AwaitQuiet(Duration limit) const;

 private:
  void Enter();
  void Leave();

  mutable std::mutex mutex_;
  mutable std::condition_variable quiet_;
  bool running_ = false;
};

// What is waited for. Threads: any.
class Ending {
 public:
  // Until the end has come and every callback before it has returned, at most `limit`; whether it
  // has. On an own thread of the runtime it cannot wait. When the runtime was stopped first, nobody
  // can tell: false, without waiting.
  bool Await(Runtime& runtime, Duration limit) const;
  // The same, but after the runtime was stopped it is enough that no user code is running.
  bool AwaitQuiet(Runtime& runtime, const UserCode& user_code, Duration limit) const;
  // The end has come, and every callback before it has returned.
  bool CameInTurn() const { return over_.IsSet() && in_turn_; }

 private:
  friend class Departure;
  Event over_;
  bool in_turn_ = false;  // constant once over: the callback thread got there
};

// Shared by all that has to end first. When the last share is gone, the end is announced on the
// callback thread, after every callback posted so far; at once when the runtime has been stopped
// and the callback thread will not get there. Threads: any.
class Departure {
 public:
  Departure(std::shared_ptr<Runtime> runtime, std::shared_ptr<Ending> ending)
      : runtime_(std::move(runtime)), ending_(std::move(ending)) {}
  Departure(const Departure&) = delete;
  Departure& operator=(const Departure&) = delete;
  ~Departure();

 private:
  const std::shared_ptr<Runtime> runtime_;
  const std::shared_ptr<Ending> ending_;
};

}  // namespace payload_manager
