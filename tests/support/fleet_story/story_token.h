// The tokens of a story's robots: all that has to be known of one stands in it, so that a robot
// keeps no list of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "payload_manager/base/clock.h"

namespace payload_manager::testing {

struct StoryToken {
  static constexpr Duration kLifetime = std::chrono::hours(12);

  std::string guid;         // whose
  std::uint64_t epoch = 0;  // of the registry's grant
  Duration issued{};        // since the beginning of the story
  std::uint64_t number = 0;

  // "lidar-0001 17 3600000000000 4".
  std::string ToString() const;
  // nullopt: it is none of ours.
  static std::optional<StoryToken> Parse(std::string_view text);
};

}  // namespace payload_manager::testing
