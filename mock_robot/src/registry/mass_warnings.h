// What looks implausible about poses, masses, boxes and joint limits.
#pragma once

#include <optional>
#include <string>

#include "bosdyn/api/payload.pb.h"
#include "registry/warnings.h"

namespace mock_robot {

// Of where a payload is mounted; `field` is how a warning calls the pose.
void CheckPose(const bosdyn::api::SE3Pose& pose, const std::string& field, Warnings& warnings);

// Of what a payload weighs and how much room it takes when it is mounted at `mount`.
void CheckMass(const bosdyn::api::PayloadMassVolumeProperties& mass,
               const bosdyn::api::SE3Pose& mount, const std::string& field, Warnings& warnings);

// What of a mass counts towards that of all payloads, in kilograms: nothing if it is none.
double CarriedMass(const bosdyn::api::Payload& payload);

// What to say of a payload that makes the robot carry too much, with all others it carries
// `all_kg`; nothing if there is nothing to say, or a warning says of the payload alone that it is
// too heavy.
std::optional<std::string> MassTogetherWarning(const bosdyn::api::Payload& payload, double all_kg);

}  // namespace mock_robot
