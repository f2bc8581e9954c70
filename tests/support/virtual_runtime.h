// A runtime whose time passes only when told to: hours take milliseconds and every instant is
// exact.
#pragma once

#include <deque>

#include "payload_manager/runtime.h"
#include "schedule/timer_queue.h"

namespace payload_manager::testing {

// Everything runs on the thread of whoever lets time pass, in one fixed order: at each instant
// posted tasks first, then callbacks, then timers, each in the order of asking. Begins one day
// after the epoch of both clocks, and counts from there. Threads: one.
class VirtualRuntime final : public Runtime {
 public:
  const Clock& clock() const override { return clock_; }
  bool Post(Task task) override;
  bool PostBy(TimePoint latest, Task task) override;
  TimerId StartTimer(TimePoint due, Task task) override;
  void CancelTimer(TimerId timer) override;
  bool PostCallback(Task task) override;
  // Lets time pass until the event is set or the limit is over. Waiting without limit for what can
  // never come ends the process, saying so.
  bool Await(const Event& event, std::optional<Duration> limit) override;
  bool OnOwnThread() const override { return place_ != Place::kOutside; }

  // Time since the beginning.
  Duration Elapsed() const { return clock_.elapsed; }
  // Does everything that is due up to and including this time since the beginning.
  void RunUntil(Duration elapsed);
  void RunFor(Duration time) { RunUntil(Elapsed() + time); }
  // Does everything that is due now.
  void Settle() { RunUntil(Elapsed()); }
  // In a callback: the callback takes this long. The scheduler goes on meanwhile, other callbacks
  // wait.
  void SpendInCallback(Duration time);
  // As ThreadedRuntime::Stop: drops posted tasks and timers, and refuses new ones. Callbacks that
  // were posted before still run.
  void Stop();
  // From now on a task of PostBy waits for the next other task or timer, as it may if the scheduler
  // slept when it was posted; before, it runs at once.
  void PutOffWhatMayWait() { puts_off_ = true; }
  std::size_t timers() const { return timers_.size(); }
  // How often the scheduler had something to do so far: a task posted, or a timer due.
  std::uint64_t scheduler_tasks() const { return scheduler_tasks_; }

 private:
  enum class Place { kOutside, kScheduler, kCallback };
  struct VirtualClock final : Clock {
    static constexpr Duration kBeginning = std::chrono::hours(24);
    Duration elapsed{0};
    TimePoint Now() const override { return TimePoint(kBeginning + elapsed); }
    WallTime WallNow() const override { return WallTime(kBeginning + elapsed); }
  };

  // Does one thing that is due by then; false when there is none.
  bool RunOne(TimePoint limit);
  void RunAs(Place place, Task task);

  VirtualClock clock_;
  TimerQueue timers_;
  std::deque<Task> inbox_;
  bool inbox_waits_ = false;  // all that is in it may wait for the next timer
  std::deque<Task> callbacks_;
  Place place_ = Place::kOutside;
  std::uint64_t scheduler_tasks_ = 0;
  bool in_callback_ = false;
  bool puts_off_ = false;
  bool stopped_ = false;
};

}  // namespace payload_manager::testing
