// The calls of one connection that have begun and not ended, so that closing it can cancel them and
// wait for them.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace payload_manager {

class InFlightCalls;

// One call in flight; from Begin to its destruction the connection stays open. Until then, and
// where Begin refused, it stands for none. Threads: handed from thread to thread with its call,
// used by one at a time.
class CallTicket {
 public:
  CallTicket() = default;
  // Only after EndCancellation: what is left is that the connection stays open.
  CallTicket(CallTicket&& ended) noexcept : calls_(std::move(ended.calls_)) {}
  CallTicket& operator=(const CallTicket&) = delete;
  // The call and what its completion captured must be gone by now: right after this, the connection
  // may be.
  ~CallTicket();

  // From here on another `cancel` stands for the one given to Begin, with the same rules. After
  // EndCancellation.
  void Rearm(std::function<void()> cancel);

  // Whether the caller or the end of the connection has asked for the end of the call. Only of a
  // ticket that stands for one.
  bool IsCancelled() const;

  // When this returns, `cancel` does not run and never will: what it refers to may go. Waits for a
  // `cancel` that runs just now on another thread.
  void EndCancellation();

 private:
  friend class InFlightCalls;
  struct Run {
    void operator()() const { (*cancel)(); }
    const std::function<void()>* cancel;
  };
  std::shared_ptr<InFlightCalls> calls_;  // null: stands for no call
  std::stop_token caller_;
  std::function<void()> cancel_;
  std::optional<std::stop_callback<Run>> on_shut_down_;
  std::optional<std::stop_callback<Run>> on_caller_;
};

// Threads: every member may be called from any thread.
class InFlightCalls : public std::enable_shared_from_this<InFlightCalls> {
 public:
  // False after ShutDown. `ticket` is a new one, which then stands for the call. `cancel` must make
  // the call end soon; it runs at most twice: when `caller` requests a stop and when the connection
  // closes, whichever thread does that, at once where that has happened already. It must not block.
  bool Begin(CallTicket& ticket, std::stop_token caller, std::function<void()> cancel);

  // Refuses new calls and cancels all that are in flight. Does not wait.
  void CancelAll();

  // CancelAll, and waits until all tickets are gone. Not on a thread that owns one.
  void ShutDown();

 private:
  friend class CallTicket;
  void End();

  std::stop_source shut_down_;  // has its own lock; requested without holding ours
  std::mutex mutex_;
  std::condition_variable all_ended_;
  bool refusing_ = false;  // guarded by mutex_
  int in_flight_ = 0;      // guarded by mutex_
};

}  // namespace payload_manager
