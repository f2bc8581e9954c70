// How much a definition may hold. Anybody may register anything, and the robot copies, checks and
// lists it while every other call waits: these bounds keep that short.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "bosdyn/api/payload.pb.h"

namespace mock_robot {

inline constexpr std::size_t kLongestGuid = 256;  // bytes
inline constexpr int kMostPresets = 1000;
// Bounding boxes, joint limits and labels, of the definition and all its presets together.
inline constexpr int kMostParts = 10'000;

// What is beyond its bound, as a sentence that names the field; nothing if all is well. Looks at no
// more than it must.
std::optional<std::string> BeyondLimits(const bosdyn::api::Payload& definition);

}  // namespace mock_robot
