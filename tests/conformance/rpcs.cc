#include "tests/conformance/rpcs.h"

#include <map>

namespace conformance {
namespace {

namespace api = bosdyn::api;
using google::protobuf::Message;

template <typename Request, typename Response>
std::pair<const std::string, RobotRpc> Entry(const std::string& name, const std::string& service) {
  const auto serve = [](mock_robot::Robot& robot, std::string_view token, const Message& request,
                        Message& response) {
    return robot.Serve(token, dynamic_cast<const Request&>(request),
                       dynamic_cast<Response&>(response));
  };
  return {name, RobotRpc{"bosdyn.api." + service + "Service/" + name, &Request::default_instance(),
                         &Response::default_instance(), serve}};
}

}  // namespace

const RobotRpc* FindRobotRpc(const std::string& name) {
  static const std::map<std::string, RobotRpc> rpcs = {
      Entry<api::RegisterPayloadRequest, api::RegisterPayloadResponse>("RegisterPayload",
                                                                       "PayloadRegistration"),
      Entry<api::UpdatePayloadVersionRequest, api::UpdatePayloadVersionResponse>(
          "UpdatePayloadVersion", "PayloadRegistration"),
      Entry<api::GetPayloadAuthTokenRequest, api::GetPayloadAuthTokenResponse>(
          "GetPayloadAuthToken", "PayloadRegistration"),
      Entry<api::UpdatePayloadAttachedRequest, api::UpdatePayloadAttachedResponse>(
          "UpdatePayloadAttached", "PayloadRegistration"),
      Entry<api::ListPayloadsRequest, api::ListPayloadsResponse>("ListPayloads", "Payload"),
      Entry<api::GetAuthTokenRequest, api::GetAuthTokenResponse>("GetAuthToken", "Auth"),
      Entry<api::RobotIdRequest, api::RobotIdResponse>("GetRobotId", "RobotId"),
      Entry<api::GetServiceEntryRequest, api::GetServiceEntryResponse>("GetServiceEntry",
                                                                       "Directory"),
      Entry<api::ListServiceEntriesRequest, api::ListServiceEntriesResponse>("ListServiceEntries",
                                                                             "Directory"),
      Entry<api::RegisterServiceRequest, api::RegisterServiceResponse>("RegisterService",
                                                                       "DirectoryRegistration"),
      Entry<api::UnregisterServiceRequest, api::UnregisterServiceResponse>("UnregisterService",
                                                                           "DirectoryRegistration"),
      Entry<api::UpdateServiceRequest, api::UpdateServiceResponse>("UpdateService",
                                                                   "DirectoryRegistration"),
      Entry<api::TriggerServiceFaultRequest, api::TriggerServiceFaultResponse>(
          "TriggerServiceFault", "Fault"),
      Entry<api::ClearServiceFaultRequest, api::ClearServiceFaultResponse>("ClearServiceFault",
                                                                           "Fault"),
      Entry<api::RobotStateRequest, api::RobotStateResponse>("GetRobotState", "RobotState"),
      Entry<api::TimeSyncUpdateRequest, api::TimeSyncUpdateResponse>("TimeSyncUpdate", "TimeSync"),
      Entry<api::SendCurrentVersionInfoRequest, api::SendCurrentVersionInfoResponse>(
          "SendCurrentVersionInfo", "PayloadSoftwareUpdate"),
      Entry<api::GetAvailableSoftwareUpdatesRequest, api::GetAvailableSoftwareUpdatesResponse>(
          "GetAvailableSoftwareUpdates", "PayloadSoftwareUpdate"),
      Entry<api::SendSoftwareUpdateStatusRequest, api::SendSoftwareUpdateStatusResponse>(
          "SendSoftwareUpdateStatus", "PayloadSoftwareUpdate"),
  };
  const auto found = rpcs.find(name);
  return found == rpcs.end() ? nullptr : &found->second;
}

}  // namespace conformance
