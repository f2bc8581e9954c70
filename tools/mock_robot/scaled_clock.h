// Time that runs faster or slower than the machine's, or stands still.
#pragma once

#include <chrono>
#include <cstdint>

#include "payload_manager/base/clock.h"

namespace mock_robot::program {

// Agrees with `base` when it is made, and runs `scale` times as fast from then on. Threads: any.
class ScaledClock final : public payload_manager::Clock {
 public:
  // `base` must outlive this clock; `scale` is 0 or more. Not for ever: at a scale of 1000 the time
  // that fits into a clock is over after 80 days.
  explicit ScaledClock(double scale,
                       const payload_manager::Clock& base = payload_manager::SystemClock())
      : base_(base), scale_(scale), started_(base.Now()), started_at_(base.WallNow()) {}

  payload_manager::TimePoint Now() const override { return started_ + Elapsed(); }
  payload_manager::WallTime WallNow() const override { return started_at_ + Elapsed(); }

 private:
  payload_manager::Duration Elapsed() const {
    // A long double keeps the nanoseconds of a century.
    const auto real = static_cast<long double>((base_.Now() - started_).count());
    return payload_manager::Duration(static_cast<std::int64_t>(real * scale_));
  }

  const payload_manager::Clock& base_;
  const long double scale_;
  const payload_manager::TimePoint started_;
  const payload_manager::WallTime started_at_;
};

}  // namespace mock_robot::program
