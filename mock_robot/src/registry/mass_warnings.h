// What looks implausible about poses, masses, boxes and joint limits.
#pragma once

#include <string>
#include <vector>

#include "bosdyn/api/payload.pb.h"
#include "mock_robot/registry.h"
#include "registry/warnings.h"

namespace mock_robot {

// Of where a payload is mounted; `field` is how a warning calls the pose.
void CheckPose(const bosdyn::api::SE3Pose& pose, const std::string& field, Warnings& warnings);

// Of what a payload weighs and how much room it takes when it is mounted at `mount`.
void CheckMass(const bosdyn::api::PayloadMassVolumeProperties& mass,
               const bosdyn::api::SE3Pose& mount, const std::string& field, Warnings& warnings);

// Of all payloads of a robot: adds to each that weighs something if they are too heavy together,
// unless a warning says of it alone that it is too heavy.
void AddMassTogetherWarnings(std::vector<PayloadInfo>& payloads);

}  // namespace mock_robot
