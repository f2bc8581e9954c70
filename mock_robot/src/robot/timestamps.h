// Robot time as the wire has it.
#pragma once

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

}  // namespace mock_robot
