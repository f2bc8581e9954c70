#include "schedule/timer_queue.h"

namespace payload_manager {

TimerId TimerQueue::Add(TimePoint due, Runtime::Task task) {
  const std::uint64_t number = ++last_number_;
  by_time_.emplace(Key(due, number), std::move(task));
  due_of_.emplace(number, due);
  return TimerId{number};
}

void TimerQueue::Cancel(TimerId timer) {
  const auto number = static_cast<std::uint64_t>(timer);
  const auto found = due_of_.find(number);
  if (found == due_of_.end()) return;
  by_time_.erase(Key(found->second, number));
  due_of_.erase(found);
}

std::optional<TimePoint> TimerQueue::NextDue() const {
  if (by_time_.empty()) return std::nullopt;
  return by_time_.begin()->first.first;
}

Runtime::Task TimerQueue::TakeDue(TimePoint now) {
  if (by_time_.empty() || by_time_.begin()->first.first > now) return nullptr;
  auto first = by_time_.extract(by_time_.begin());
  due_of_.erase(first.key().second);
  return std::move(first.mapped());
}

}  // namespace payload_manager
