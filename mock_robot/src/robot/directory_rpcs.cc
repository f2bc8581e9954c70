// What the rpcs of the directory and of its registration do.
#include <string>
#include <utility>

#include "robot/robot_run.h"

namespace mock_robot {

namespace api = bosdyn::api;

CallStatus Robot::Serve(std::string_view token, const api::GetServiceEntryRequest& request,
                        api::GetServiceEntryResponse& response) {
  return Run("GetServiceEntry", nullptr, request, response, [&](RobotTime now) {
    if (!HolderOf(token, now)) return CallStatus::kUnauthenticated;
    response.set_status(api::GetServiceEntryResponse::STATUS_NONEXISTENT_SERVICE);
    if (auto entry = directory_.Find(request.service_name())) {
      response.set_status(api::GetServiceEntryResponse::STATUS_OK);
      *response.mutable_service_entry() = *std::move(entry);
    }
    return CallStatus::kOk;
  });
}

CallStatus Robot::Serve(std::string_view token, const api::ListServiceEntriesRequest& request,
                        api::ListServiceEntriesResponse& response) {
  return Run("ListServiceEntries", nullptr, request, response, [&](RobotTime now) {
    if (!HolderOf(token, now)) return CallStatus::kUnauthenticated;
    for (api::ServiceEntry& entry : directory_.List()) {
      *response.add_service_entries() = std::move(entry);
    }
    return CallStatus::kOk;
  });
}

CallStatus Robot::Serve(std::string_view token, const api::RegisterServiceRequest& request,
                        api::RegisterServiceResponse& response) {
  return Run("RegisterService", nullptr, request, response, [&](RobotTime now) {
    const auto holder = HolderOf(token, now);
    if (!holder) return CallStatus::kUnauthenticated;
    return Put(directory_.Register(request.service_entry(), request.endpoint(), *holder, now),
               response, [&](auto status) { response.set_status(status); });
  });
}

CallStatus Robot::Serve(std::string_view token, const api::UnregisterServiceRequest& request,
                        api::UnregisterServiceResponse& response) {
  return Run("UnregisterService", nullptr, request, response, [&](RobotTime now) {
    if (!HolderOf(token, now)) return CallStatus::kUnauthenticated;
    response.set_status(directory_.Unregister(request.service_name(), now));
    return CallStatus::kOk;
  });
}

CallStatus Robot::Serve(std::string_view token, const api::UpdateServiceRequest& request,
                        api::UpdateServiceResponse& response) {
  return Run("UpdateService", nullptr, request, response, [&](RobotTime now) {
    const auto holder = HolderOf(token, now);
    if (!holder) return CallStatus::kUnauthenticated;
    return Put(directory_.Update(request.service_entry(), request.endpoint(), *holder, now),
               response, [&](auto status) { response.set_status(status); });
  });
}

}  // namespace mock_robot
