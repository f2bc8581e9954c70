// What the rpcs of payload software updates do.
#include <string>
#include <utility>

#include "payload_manager/base/address.h"
#include "registry/text.h"
#include "robot/robot_run.h"

namespace mock_robot {

namespace api = bosdyn::api;

namespace {

constexpr std::size_t kLongestQuotation = 100;

}  // namespace

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
  return Change([&](RobotTime) { return software_.Stage(package); }).answer;
}

AdminAnswer Robot::UnstageSoftware(std::string_view package_name) {
  return Change([&](RobotTime) { return software_.Unstage(package_name); }).answer;
}

std::vector<SoftwareInfo> Robot::Software() {
  const std::lock_guard lock(mutex_);
  return software_.Describe();
}

AdminAnswer Robot::FindInitiationService(std::string_view name, std::string& target) {
  const std::lock_guard lock(mutex_);
  const auto entry = directory_.Find(name);
  const auto endpoint = directory_.EndpointOf(name);
  const std::string quoted = "'" + Shortened(name, kLongestQuotation) + "'";
  if (!endpoint || entry->type() != kInitiationServiceType) {
    return {AdminResult::kUnknownService, "no payload has registered a service " + quoted +
                                              " of the type " + kInitiationServiceType};
  }
  // Whatever a payload says about itself: only a host and a port become a target.
  const std::string& host = endpoint->host_ip();
  const bool v6 = host.find(':') != std::string::npos;
  const auto address = payload_manager::ParseAddress(
      (v6 ? "[" + host + "]" : host) + ":" + std::to_string(endpoint->port()), 0);
  if (!address || address->port == 0) {
    return {AdminResult::kWrongState,
            "the service " + quoted + " is registered without an endpoint that could be called"};
  }
  target = address->ToString();
  return {};
}

void Robot::PromptPayload(std::string_view service_name, SoftwarePrompt prompt,
                          PayloadCalls::Done done, payload_manager::Duration patience) {
  std::string target;
  const AdminAnswer found = FindInitiationService(service_name, target);
  if (!found.ok()) {
    done(found);
    return;
  }
  payload_calls_.Prompt(target, prompt, patience, std::move(done));
}

void Robot::StopCallingPayloads() { payload_calls_.Stop(); }

}  // namespace mock_robot
