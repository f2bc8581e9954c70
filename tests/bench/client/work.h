// What both arms of the client's benchmarks do: register payloads that the robot knows already,
// which is what a payload does all its life.
#pragma once

#include <string>
#include <vector>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/base/secret.h"

namespace payload_manager::bench {

inline constexpr int kInFlight = 64;

// Whole definitions (poses, mass, two boxes, two joint limits, a preset) that differ in their GUID;
// a registration request with one is some 925 bytes long.
std::vector<bosdyn::api::Payload> MakePayloads(int count);
const Secret& PayloadSecret();

// As `authorization` metadata: as long as a robot's token.
const std::string& BearerToken();

}  // namespace payload_manager::bench
