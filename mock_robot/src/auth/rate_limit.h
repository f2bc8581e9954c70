// How many calls a service takes per second.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

#include "payload_manager/base/clock.h"

namespace mock_robot {

// At most `calls` in any `window`. Refused calls do not count. Threads: one caller at a time.
class RateLimit {
 public:
  explicit RateLimit(std::size_t calls, payload_manager::Duration window = std::chrono::seconds(1))
      : calls_(calls), window_(window) {}

  bool Admit(payload_manager::WallTime now) {
    while (!admitted_.empty() && now - admitted_.front() >= window_) {
      admitted_.pop_front();
    }
    if (admitted_.size() >= calls_) return false;
    admitted_.push_back(now);
    return true;
  }

 private:
  std::size_t calls_;
  payload_manager::Duration window_;
  std::deque<payload_manager::WallTime> admitted_;
};

}  // namespace mock_robot
