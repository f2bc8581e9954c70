// How many calls a service takes per second.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

#include "mock_robot/registry.h"

namespace mock_robot {

// At most `calls` in any second. Refused calls do not count. Threads: one caller at a time.
class RateLimit {
 public:
  explicit RateLimit(std::size_t calls) : calls_(calls) {}

  bool Admit(RobotTime now) {
    while (!admitted_.empty() && now - admitted_.front() >= std::chrono::seconds(1)) {
      admitted_.pop_front();
    }
    if (admitted_.size() >= calls_) return false;
    admitted_.push_back(now);
    return true;
  }

 private:
  std::size_t calls_;
  std::deque<RobotTime> admitted_;
};

}  // namespace mock_robot
