// What drives sessions and keep-alives: a clock, one scheduler thread and one callback thread.
//
// Programs use ThreadedRuntime; tests inject one that runs in virtual time on a single thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "payload_manager/base/clock.h"

namespace payload_manager {

// Something that happens once and is waited for with Runtime::Await. Threads: any.
class Event {
 public:
  void Set();
  bool IsSet() const;
  // Blocks the machine's thread until set, at most `limit`; returns whether it is set. Call
  // Runtime::Await instead, which knows how its kind of time passes.
  bool WaitInRealTime(std::optional<Duration> limit) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable set_;
  bool is_set_ = false;
};

enum class TimerId : std::uint64_t { kNone = 0 };

// Tasks must not throw. Threads: as each member says. "Own threads" are the scheduler thread and
// the callback thread.
class Runtime {
 public:
  using Task = std::function<void()>;

  virtual ~Runtime() = default;

  // Any thread.
  virtual const Clock& clock() const = 0;
  TimePoint Now() const { return clock().Now(); }

  // Any thread; never blocks. Runs the task on the scheduler thread, in the order of posting. Tasks
  // there are short and never call a user's code. False, and the task is dropped, after Stop.
  virtual bool Post(Task task) = 0;

  // Any thread; never blocks. As Post, for a task that nobody waits for: a scheduler thread that
  // sleeps is woken for it only if it would sleep beyond `latest`, and takes it along with whatever
  // wakes it else. So the answer to a beat, which mostly says that all is as it was, costs no
  // wake-up. What was posted, in either way, runs in the order of posting: behind a Post no task
  // waits longer than that one. A runtime may run the task as early as it likes, as this one does
  // unless overridden.
  virtual bool PostBy(TimePoint latest, Task task);

  // Scheduler thread only. Runs the task on the scheduler thread at `due` (at once when that is
  // past), unless it is cancelled first or the runtime stops. Equal instants: in order of starting.
  virtual TimerId StartTimer(TimePoint due, Task task) = 0;
  // Scheduler thread only. An unknown, past or cancelled timer is ignored.
  virtual void CancelTimer(TimerId timer) = 0;

  // Any thread; never blocks. Runs a user's code on the callback thread, in the order of posting,
  // with no lock of ours held. A callback that throws is a programming error of whoever posted it.
  // False, and the task is dropped, after Stop.
  virtual bool PostCallback(Task task) = 0;

  // Blocks until the event is set, at most `limit` (nullopt: for ever); returns whether it is set.
  // On an own thread it cannot wait, and returns at once.
  virtual bool Await(const Event& event, std::optional<Duration> limit) = 0;

  // Any thread: whether the caller is on an own thread, where nothing may be awaited.
  virtual bool OnOwnThread() const = 0;
};

// Two threads; the scheduler sleeps until the next deadline or post and never polls.
class ThreadedRuntime final : public Runtime {
 public:
  static constexpr Duration kCallbackGrace = std::chrono::seconds(1);

  ThreadedRuntime();
  // Stop, without a further grace when it was called before. A callback that has not returned by
  // then is left to its thread, which touches nothing of this object any more.
  ~ThreadedRuntime() override;

  ThreadedRuntime(const ThreadedRuntime&) = delete;
  ThreadedRuntime& operator=(const ThreadedRuntime&) = delete;

  const Clock& clock() const override { return SystemClock(); }
  bool Post(Task task) override;
  bool PostBy(TimePoint latest, Task task) override;
  TimerId StartTimer(TimePoint due, Task task) override;
  void CancelTimer(TimerId timer) override;
  bool PostCallback(Task task) override;
  bool Await(const Event& event, std::optional<Duration> limit) override;
  bool OnOwnThread() const override;

  // Refuses new work, drops posted tasks and timers and ends the scheduler thread; then lets the
  // callbacks already posted run, for at most `callback_grace`, drops the rest and ends the
  // callback thread. Returns whether every thread has ended: false means that a callback has not
  // returned. Idempotent, from any thread; a later call may find the late callback returned. On an
  // own thread, or in a completion, it is a request: it returns false at once, and the threads end
  // by themselves.
  bool Stop(Duration callback_grace = kCallbackGrace);

 private:
  class Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace payload_manager
