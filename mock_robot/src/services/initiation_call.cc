#include "services/initiation_call.h"

#include <grpcpp/grpcpp.h>

#include <utility>

#include "base/tsan.h"
#include "bosdyn/api/payload_software_update_initiation_service.grpc.pb.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;

// The call keeps itself until it has ended; whoever cancels may keep it longer.
struct Call final : OutgoingCall {
  void Cancel() override { context.TryCancel(); }

  std::unique_ptr<api::PayloadSoftwareUpdateInitiationService::Stub> stub;
  grpc::ClientContext context;
  api::TriggerSendPayloadSoftwareInfoRequest info_request;
  api::TriggerSendPayloadSoftwareInfoResponse info_response;
  api::TriggerInitiateUpdateRequest update_request;
  api::TriggerInitiateUpdateResponse update_response;
  std::function<void(const std::string&)> ended;
};

std::string Explain(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::OK:
      return {};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "it did not answer in time";
    case grpc::StatusCode::CANCELLED:
      return "the call was cancelled";
    case grpc::StatusCode::UNAVAILABLE:
      return "nobody can be reached there";
    case grpc::StatusCode::UNIMPLEMENTED:
      return "what listens there does not serve it";
    default:
      return "it answered with gRPC status " +
             std::to_string(static_cast<int>(status.error_code()));
  }
}

}  // namespace

std::shared_ptr<OutgoingCall> StartInitiationCall(
    const std::string& target, SoftwarePrompt prompt, payload_manager::Duration patience,
    std::function<void(const std::string& problem)> ended) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // connected anew for each call
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);          // the payload is on our own network
  auto call = std::make_shared<Call>();
  call->stub = api::PayloadSoftwareUpdateInitiationService::NewStub(
      grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments));
  call->context.set_deadline(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                                          gpr_time_from_nanos(patience.count(), GPR_TIMESPAN)));
  call->ended = std::move(ended);
  payload_manager::ReleaseToGrpc(call.get());
  const auto finish = [call](const grpc::Status& status) {
    payload_manager::AcquireFromGrpc(call.get());
    const auto tell = std::exchange(call->ended, nullptr);
    tell(Explain(status));
  };
  auto* async = call->stub->async();
  if (prompt == SoftwarePrompt::kSendVersion) {
    async->TriggerSendPayloadSoftwareInfo(&call->context, &call->info_request, &call->info_response,
                                          finish);
  } else {
    async->TriggerInitiateUpdate(&call->context, &call->update_request, &call->update_response,
                                 finish);
  }
  return call;
}

}  // namespace mock_robot
