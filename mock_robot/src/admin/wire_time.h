// Durations on the administration's wire.
#pragma once

#include <google/protobuf/duration.pb.h>

#include <cstdint>
#include <optional>

#include "payload_manager/base/clock.h"

namespace mock_robot {

// Nothing if it is malformed or longer than a hundred years, either way.
inline std::optional<payload_manager::Duration> FromWire(const google::protobuf::Duration& wire) {
  constexpr std::int64_t kMostSeconds = 100LL * 366 * 24 * 3600;
  constexpr std::int32_t kMostNanos = 999'999'999;
  if (wire.seconds() > kMostSeconds || wire.seconds() < -kMostSeconds) return std::nullopt;
  if (wire.nanos() > kMostNanos || wire.nanos() < -kMostNanos) return std::nullopt;
  return std::chrono::seconds(wire.seconds()) + std::chrono::nanoseconds(wire.nanos());
}

inline void ToWire(payload_manager::Duration time, google::protobuf::Duration& wire) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  wire.set_seconds(seconds.count());
  wire.set_nanos(static_cast<std::int32_t>((time - seconds).count()));
}

}  // namespace mock_robot
