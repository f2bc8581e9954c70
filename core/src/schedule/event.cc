#include "payload_manager/runtime.h"
#include "schedule/waiting.h"

namespace payload_manager {

void Event::Set() {
  const std::lock_guard lock(mutex_);
  is_set_ = true;
  set_.notify_all();  // under the lock: a waiter may destroy the event as soon as it has it
}

bool Event::IsSet() const {
  const std::lock_guard lock(mutex_);
  return is_set_;
}

bool Event::WaitInRealTime(std::optional<Duration> limit) const {
  std::unique_lock lock(mutex_);
  const auto is_set = [this] { return is_set_; };
  if (limit) {
    return set_.wait_until(lock, std::chrono::steady_clock::now() + Bounded(*limit), is_set);
  }
  set_.wait(lock, is_set);
  return true;
}

}  // namespace payload_manager
