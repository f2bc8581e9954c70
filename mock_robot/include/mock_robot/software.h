// Payload software as a robot knows it, and how an administrator makes payloads talk about it.
#pragma once

#include <optional>
#include <string>

#include "bosdyn/api/software_package.pb.h"
#include "mock_robot/registry.h"

namespace mock_robot {

// One software package: what payloads have said about it, and what lies ready on the robot.
struct SoftwareInfo {
  std::string package_name;
  std::optional<bosdyn::api::SoftwarePackageVersion> current;  // reported by a payload
  std::optional<bosdyn::api::SoftwareUpdateStatus> status;     // reported by a payload
  std::optional<bosdyn::api::StagedSoftwarePackage> staged;    // laid ready by the administrator
  std::string reporter;   // GUID of the payload that reported last; empty for a user
  RobotTime reported_at;  // epoch if nobody has
};

// What the robot may ask of a payload that serves PayloadSoftwareUpdateInitiationService.
enum class SoftwarePrompt {
  kSendVersion,     // "call SendCurrentVersionInfo"
  kInitiateUpdate,  // "look for an update and install it"
};

// The gRPC type of that service, which its entry in the directory must have.
inline constexpr const char* kInitiationServiceType =
    "bosdyn.api.PayloadSoftwareUpdateInitiationService";

}  // namespace mock_robot
