// A clock that stands still until a test moves it.
#pragma once

#include <atomic>

#include "payload_manager/base/clock.h"

namespace payload_manager::testing {

// Begins in the year 2026 by civil time. Threads: any.
class ManualClock final : public Clock {
 public:
  TimePoint Now() const override { return TimePoint(std::chrono::hours(1) + Elapsed()); }
  WallTime WallNow() const override {
    return WallTime(std::chrono::seconds(1'770'000'000) + Elapsed());
  }

  Duration Elapsed() const { return Duration(elapsed_.load()); }
  void Advance(Duration time) { elapsed_ += time.count(); }

 private:
  std::atomic<Duration::rep> elapsed_{0};
};

}  // namespace payload_manager::testing
