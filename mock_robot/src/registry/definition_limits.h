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
// All definitions of a robot together, on the wire: a client that takes messages of 100 MB can
// always list them.
inline constexpr std::size_t kMostBytesOfAll = std::size_t{64} << 20;

// What is beyond its bound, as a sentence that names the field; nothing if all is well. Looks at no
// more than it must. `most_bytes`: the whole definition on the wire.
std::optional<std::string> BeyondLimits(const bosdyn::api::Payload& definition,
                                        std::size_t most_bytes);

}  // namespace mock_robot
