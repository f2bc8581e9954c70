// What a caller may say about one call, whichever call it is.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "payload_manager/base/clock.h"

namespace payload_manager {

struct CallOptions {
  static constexpr Duration kDefaultTimeout = std::chrono::seconds(30);

  // From now to the answer, connecting included. std::nullopt: wait for ever (only sensible with
  // `cancellation`).
  std::optional<Duration> timeout = kDefaultTimeout;
  // Added to the request as gRPC metadata; keys in lower case.
  std::vector<std::pair<std::string, std::string>> metadata;
  // When stop is requested the call ends at once with FailureKind::kCancelled (unless it has just
  // ended otherwise). May be requested from any thread.
  std::stop_token cancellation;
  // Keep trying to connect until the timeout instead of failing at once while the robot is away.
  bool wait_for_ready = false;
};

}  // namespace payload_manager
