#include "robot/rpcs.h"

#include <cstdlib>
#include <vector>

#include "bosdyn/api/auth.pb.h"
#include "bosdyn/api/directory.pb.h"
#include "bosdyn/api/directory_registration.pb.h"
#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/payload_registration.pb.h"
#include "bosdyn/api/payload_software_update.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "bosdyn/api/robot_state.pb.h"
#include "bosdyn/api/service_fault.pb.h"
#include "bosdyn/api/time_sync.pb.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;

template <typename Request, typename Response>
Rpc Describe(std::string_view name) {
  return {name, &Request::default_instance(), &Response::default_instance()};
}

}  // namespace

const google::protobuf::EnumDescriptor* Rpc::status() const {
  if (response == nullptr) return nullptr;
  const auto* field = response->GetDescriptor()->FindFieldByName("status");
  return field == nullptr ? nullptr : field->enum_type();
}

std::span<const Rpc> Rpcs() {
  static const auto& rpcs = *new std::vector<Rpc>{
      Describe<api::RegisterPayloadRequest, api::RegisterPayloadResponse>("RegisterPayload"),
      Describe<api::UpdatePayloadVersionRequest, api::UpdatePayloadVersionResponse>(
          "UpdatePayloadVersion"),
      Describe<api::GetPayloadAuthTokenRequest, api::GetPayloadAuthTokenResponse>(
          "GetPayloadAuthToken"),
      Describe<api::UpdatePayloadAttachedRequest, api::UpdatePayloadAttachedResponse>(
          "UpdatePayloadAttached"),
      Describe<api::ListPayloadsRequest, api::ListPayloadsResponse>("ListPayloads"),
      Describe<api::GetAuthTokenRequest, api::GetAuthTokenResponse>("GetAuthToken"),
      Describe<api::GetServiceEntryRequest, api::GetServiceEntryResponse>("GetServiceEntry"),
      Describe<api::ListServiceEntriesRequest, api::ListServiceEntriesResponse>(
          "ListServiceEntries"),
      Describe<api::RegisterServiceRequest, api::RegisterServiceResponse>("RegisterService"),
      Describe<api::UnregisterServiceRequest, api::UnregisterServiceResponse>("UnregisterService"),
      Describe<api::UpdateServiceRequest, api::UpdateServiceResponse>("UpdateService"),
      Describe<api::RobotIdRequest, api::RobotIdResponse>("GetRobotId"),
      Describe<api::TimeSyncUpdateRequest, api::TimeSyncUpdateResponse>("TimeSyncUpdate"),
      Describe<api::TriggerServiceFaultRequest, api::TriggerServiceFaultResponse>(
          "TriggerServiceFault"),
      Describe<api::ClearServiceFaultRequest, api::ClearServiceFaultResponse>("ClearServiceFault"),
      Describe<api::RobotStateRequest, api::RobotStateResponse>("GetRobotState"),
      Describe<api::SendCurrentVersionInfoRequest, api::SendCurrentVersionInfoResponse>(
          "SendCurrentVersionInfo"),
      Describe<api::GetAvailableSoftwareUpdatesRequest, api::GetAvailableSoftwareUpdatesResponse>(
          "GetAvailableSoftwareUpdates"),
      Describe<api::SendSoftwareUpdateStatusRequest, api::SendSoftwareUpdateStatusResponse>(
          "SendSoftwareUpdateStatus"),
  };
  return rpcs;
}

const Rpc& RpcOf(const google::protobuf::Message& empty_request) {
  for (const Rpc& rpc : Rpcs()) {
    if (rpc.request == &empty_request) return rpc;
  }
  std::abort();  // an rpc is served that is missing above: nothing could be told of it
}

const Rpc& UnknownRpc() {
  static const Rpc rpc{{}, nullptr, nullptr};
  return rpc;
}

const Rpc* FindRpc(std::string_view name) {
  for (const Rpc& rpc : Rpcs()) {
    if (rpc.name == name) return &rpc;
  }
  return nullptr;
}

}  // namespace mock_robot
