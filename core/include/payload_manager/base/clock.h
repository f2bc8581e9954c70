// Where time comes from. Everything that waits, expires or stamps takes a Clock, so that tests can
// run hours in milliseconds.
#pragma once

#include <chrono>

namespace payload_manager {

using Duration = std::chrono::nanoseconds;
// Monotonic: for waiting and for measuring; never goes back, means nothing outside the process.
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;
// Civil time: for stamps that others read; may jump.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

// Threads: every member may be called from any thread, and never blocks.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint Now() const = 0;
  virtual WallTime WallNow() const = 0;
};

// The machine's clocks. Lives for ever.
const Clock& SystemClock();

}  // namespace payload_manager
