// Robot time as the wire has it.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <chrono>
#include <cstdint>

#include "mock_robot/registry.h"

namespace mock_robot {

inline void SetTimestamp(RobotTime time, google::protobuf::Timestamp& out) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  out.set_seconds(seconds.time_since_epoch().count());
  out.set_nanos(static_cast<std::int32_t>((time - seconds).count()));
}

// Seconds and nanoseconds have the same sign, as the wire wants it.
inline void SetDuration(payload_manager::Duration time, google::protobuf::Duration& out) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  out.set_seconds(seconds.count());
  out.set_nanos(static_cast<std::int32_t>((time - seconds).count()));
}

}  // namespace mock_robot
