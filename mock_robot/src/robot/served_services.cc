#include "robot/served_services.h"

#include "robot/timestamps.h"

namespace mock_robot {
namespace {

struct Service {
  const char* name;
  const char* type;
  const char* authority;
  bool needs_token;
};

// No source tells it.
constexpr const char* kOther = nullptr;

constexpr Service kServices[] = {
    {"auth", "bosdyn.api.AuthService", "auth.spot.robot", false},
    {"directory", "bosdyn.api.DirectoryService", "api.spot.robot", true},
    {"directory-registration", "bosdyn.api.DirectoryRegistrationService", "api.spot.robot", true},
    {"fault", "bosdyn.api.FaultService", kOther, true},
    {"payload", "bosdyn.api.PayloadService", kOther, true},
    {"payload-registration", "bosdyn.api.PayloadRegistrationService",
     "payload-registration.spot.robot", false},
    {"payload-software-update", "bosdyn.api.PayloadSoftwareUpdateService", kOther, true},
    {"robot-id", "bosdyn.api.RobotIdService", "id.spot.robot", false},
    {"robot-state", "bosdyn.api.RobotStateService", kOther, true},
    {"time-sync", "bosdyn.api.TimeSyncService", kOther, true},
};

}  // namespace

bosdyn::api::RobotId MakeRobotId(const MockRobotOptions& options) {
  bosdyn::api::RobotId id;
  id.set_serial_number(options.serial_number);
  id.set_species("spot");
  id.set_version("mock");
  id.set_nickname(options.nickname);
  id.set_computer_serial_number(options.serial_number + "-computer");
  auto& release = *id.mutable_software_release();
  release.mutable_version()->set_major_version(5);
  release.mutable_version()->set_minor_version(1);
  release.set_name("mock robot");
  release.set_type("mock");
  release.set_api_version("5.1.0");
  return id;
}

std::vector<bosdyn::api::ServiceEntry> ServedServices(RobotTime started,
                                                      const Assumptions& assumptions) {
  std::vector<bosdyn::api::ServiceEntry> entries;
  for (const Service& service : kServices) {
    auto& entry = entries.emplace_back();
    entry.set_name(service.name);
    entry.set_type(service.type);
    entry.set_authority(service.authority == nullptr ? assumptions.other_authority
                                                     : service.authority);
    entry.set_user_token_required(service.needs_token && assumptions.mark_token_services);
    SetTimestamp(started, *entry.mutable_last_update());
  }
  return entries;
}

}  // namespace mock_robot
