#include "tests/support/virtual_runtime.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace payload_manager::testing {

bool VirtualRuntime::Post(Task task) {
  if (stopped_) return false;
  inbox_.push_back(std::move(task));
  inbox_waits_ = false;
  return true;
}

bool VirtualRuntime::PostBy(TimePoint latest, Task task) {
  const auto next = timers_.NextDue();
  const bool wakes_in_time = next && *next <= latest;
  const bool sleeps = inbox_.empty() || inbox_waits_;
  if (!Post(std::move(task))) return false;
  inbox_waits_ = puts_off_ && sleeps && wakes_in_time;
  return true;
}

TimerId VirtualRuntime::StartTimer(TimePoint due, Task task) {
  return stopped_ ? TimerId::kNone : timers_.Add(due, std::move(task));
}

void VirtualRuntime::CancelTimer(TimerId timer) { timers_.Cancel(timer); }

bool VirtualRuntime::PostCallback(Task task) {
  if (stopped_) return false;
  callbacks_.push_back(std::move(task));
  return true;
}

bool VirtualRuntime::Await(const Event& event, std::optional<Duration> limit) {
  if (OnOwnThread()) return event.IsSet();
  const TimePoint end = limit ? Now() + *limit : TimePoint::max();
  while (!event.IsSet()) {
    if (RunOne(end)) continue;
    if (!limit) {
      std::fputs("VirtualRuntime::Await: nothing is left that could set the event\n", stderr);
      std::abort();
    }
    clock_.elapsed = end - TimePoint(VirtualClock::kBeginning);
    return false;
  }
  return true;
}

void VirtualRuntime::RunUntil(Duration elapsed) {
  const TimePoint end = TimePoint(VirtualClock::kBeginning + elapsed);
  while (RunOne(end)) {
  }
  if (clock_.elapsed < elapsed) clock_.elapsed = elapsed;
}

void VirtualRuntime::SpendInCallback(Duration time) {
  if (place_ != Place::kCallback) {
    std::fputs("VirtualRuntime::SpendInCallback: not in a callback\n", stderr);
    std::abort();
  }
  RunFor(time);
}

void VirtualRuntime::Stop() {
  stopped_ = true;
  const std::deque<Task> tasks = std::exchange(inbox_, {});
  const TimerQueue timers = std::exchange(timers_, {});
}

bool VirtualRuntime::RunOne(TimePoint limit) {
  if (!inbox_.empty() && !inbox_waits_) {
    Task task = std::move(inbox_.front());
    inbox_.pop_front();
    RunAs(Place::kScheduler, std::move(task));
    return true;
  }
  if (!callbacks_.empty() && !in_callback_) {
    Task task = std::move(callbacks_.front());
    callbacks_.pop_front();
    in_callback_ = true;
    RunAs(Place::kCallback, std::move(task));
    in_callback_ = false;
    return true;
  }
  const auto due = timers_.NextDue();
  if (!due || *due > limit) return false;
  if (*due > Now()) clock_.elapsed = *due - TimePoint(VirtualClock::kBeginning);
  if (std::exchange(inbox_waits_, false)) return true;  // the scheduler is awake: first these
  RunAs(Place::kScheduler, timers_.TakeDue(*due));
  return true;
}

void VirtualRuntime::RunAs(Place place, Task task) {
  const Place outer = std::exchange(place_, place);
  if (place == Place::kScheduler) ++scheduler_tasks_;
  task();
  task = nullptr;
  place_ = outer;
}

}  // namespace payload_manager::testing
