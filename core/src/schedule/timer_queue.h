// Timers in the order in which they fall due. Pure: no clock, no thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "payload_manager/base/clock.h"
#include "payload_manager/runtime.h"

namespace payload_manager {

// Every member takes O(log n) or less. Equal instants come out in the order of adding. Threads: one
// at a time.
class TimerQueue {
 public:
  TimerId Add(TimePoint due, Runtime::Task task);
  // Drops the task. Unknown and past timers are ignored.
  void Cancel(TimerId timer);

  std::optional<TimePoint> NextDue() const;
  // Takes out the first task due by `now`; empty when there is none.
  Runtime::Task TakeDue(TimePoint now);

  std::size_t size() const { return by_time_.size(); }

 private:
  using Key = std::pair<TimePoint, std::uint64_t>;  // the number breaks ties
  std::map<Key, Runtime::Task> by_time_;
  std::unordered_map<std::uint64_t, TimePoint> due_of_;
  std::uint64_t last_number_ = 0;
};

}  // namespace payload_manager
