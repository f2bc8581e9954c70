// How many calls a service takes per second.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

#include "payload_manager/base/clock.h"

namespace mock_robot {

// At most `calls` in any second. Refused calls do not count. Threads: one caller at a time.
class RateLimit {
 public:
  explicit RateLimit(std::size_t calls) : calls_(calls) {}

  bool Admit(payload_manager::WallTime now) {
    while (!admitted_.empty() && now - admitted_.front() >= std::chrono::seconds(1)) {
      admitted_.pop_front();
    }
    if (admitted_.size() >= calls_) return false;
    admitted_.push_back(now);
    return true;
  }

 private:
  std::size_t calls_;
  std::deque<payload_manager::WallTime> admitted_;
};

}  // namespace mock_robot
