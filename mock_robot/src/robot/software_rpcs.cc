// What the rpcs of payload software updates do.
#include <string>
#include <utility>

#include "robot/robot_run.h"

namespace mock_robot {

namespace api = bosdyn::api;

CallStatus Robot::Serve(std::string_view token, const api::SendCurrentVersionInfoRequest& request,
                        api::SendCurrentVersionInfoResponse& response) {
  return Run("SendCurrentVersionInfo", nullptr, request, response, [&](RobotTime now) {
    const auto holder = HolderOf(token, now);
    if (!holder) return CallStatus::kUnauthenticated;
    return Put(software_.SetCurrentVersion(request.package_version(), *holder, now), response,
               [](auto) {});
  });
}

CallStatus Robot::Serve(std::string_view token,
                        const api::GetAvailableSoftwareUpdatesRequest& request,
                        api::GetAvailableSoftwareUpdatesResponse& response) {
  return Run("GetAvailableSoftwareUpdates", nullptr, request, response, [&](RobotTime now) {
    if (!HolderOf(token, now)) return CallStatus::kUnauthenticated;
    for (api::StagedSoftwarePackage& package : software_.Available(request)) {
      *response.add_staged_packages() = std::move(package);
    }
    return CallStatus::kOk;
  });
}

CallStatus Robot::Serve(std::string_view token, const api::SendSoftwareUpdateStatusRequest& request,
                        api::SendSoftwareUpdateStatusResponse& response) {
  return Run("SendSoftwareUpdateStatus", nullptr, request, response, [&](RobotTime now) {
    const auto holder = HolderOf(token, now);
    if (!holder) return CallStatus::kUnauthenticated;
    return Put(software_.SetStatus(request.update_status(), *holder, now), response, [](auto) {});
  });
}

AdminAnswer Robot::StageSoftware(const api::StagedSoftwarePackage& package) {
  const std::lock_guard lock(mutex_);
  return software_.Stage(package);
}

AdminAnswer Robot::UnstageSoftware(std::string_view package_name) {
  const std::lock_guard lock(mutex_);
  return software_.Unstage(package_name);
}

}  // namespace mock_robot
