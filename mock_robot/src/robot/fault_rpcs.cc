// What the rpcs of service faults, and of the robot's state, which shows them, do.
#include <string>
#include <utility>

#include "robot/robot_run.h"

namespace mock_robot {

namespace api = bosdyn::api;

CallStatus Robot::Serve(std::string_view token, const api::TriggerServiceFaultRequest& request,
                        api::TriggerServiceFaultResponse& response) {
  return Run("TriggerServiceFault", nullptr, request, response, [&](RobotTime now) {
    if (!HolderOf(token, now)) return CallStatus::kUnauthenticated;
    AdvanceLocked(now);
    const auto host_of = [&](std::string_view service) { return directory_.HostOf(service); };
    return Put(faults_.Trigger(request.fault(), host_of, now), response,
               [&](auto status) { response.set_status(status); });
  });
}

CallStatus Robot::Serve(std::string_view token, const api::ClearServiceFaultRequest& request,
                        api::ClearServiceFaultResponse& response) {
  return Run("ClearServiceFault", nullptr, request, response, [&](RobotTime now) {
    if (!HolderOf(token, now)) return CallStatus::kUnauthenticated;
    AdvanceLocked(now);
    const auto host_of = [&](std::string_view service) { return directory_.HostOf(service); };
    return Put(faults_.Clear(request, host_of, now), response,
               [&](auto status) { response.set_status(status); });
  });
}

CallStatus Robot::Serve(std::string_view token, const api::RobotStateRequest& request,
                        api::RobotStateResponse& response) {
  return Run("GetRobotState", nullptr, request, response, [&](RobotTime now) {
    if (!HolderOf(token, now)) return CallStatus::kUnauthenticated;
    AdvanceLocked(now);
    *response.mutable_robot_state()->mutable_service_fault_state() = faults_.Describe(now);
    return CallStatus::kOk;
  });
}

}  // namespace mock_robot
