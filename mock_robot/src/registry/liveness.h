// When somebody who should be heard from counts as silent; the same for payloads and services.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "mock_robot/registry.h"

namespace mock_robot {

// Nothing if nobody watches: a timeout that is zero, negative or no number. Any client may name any
// timeout; one of more than 50 years counts as 50, because it would overflow robot time.
inline std::optional<RobotTime> SilentAt(RobotTime last_heartbeat, double timeout_seconds) {
  constexpr double kLongest = 50.0 * 365 * 24 * 3600;
  if (!(timeout_seconds > 0)) return std::nullopt;
  const std::chrono::duration<double> seconds(std::min(timeout_seconds, kLongest));
  return last_heartbeat + std::chrono::duration_cast<payload_manager::Duration>(seconds);
}

}  // namespace mock_robot
