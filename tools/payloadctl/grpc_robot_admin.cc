#include "tools/payloadctl/grpc_robot_admin.h"

#include <google/protobuf/util/time_util.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <utility>

#include "mock_robot/v1/admin.grpc.pb.h"
#include "mock_robot/v1/software.grpc.pb.h"
#include "payload_manager/base/text.h"
#include "tools/payloadctl/admin_failure.h"
#include "tools/payloadctl/grpc_fault_admin.h"

namespace payload_manager::payloadctl {
namespace {

namespace wire = ::mock_robot::v1;
using google::protobuf::util::TimeUtil;

// A robot's list may be as large as a registration: gRPC's default of 4 MB would refuse it.
grpc::ChannelArguments Limits() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(100 * 1024 * 1024);
  return arguments;
}

class GrpcRobotAdmin : public RobotAdmin {
 public:
  explicit GrpcRobotAdmin(const Address& address)
      : address_(address.ToString()),
        channel_(grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), Limits())),
        stub_(wire::MockRobotAdmin::NewStub(channel_)),
        software_(wire::MockRobotSoftware::NewStub(channel_)) {}

  FaultAdmin& faults() override {
    if (!faults_) faults_ = MakeFaultAdmin(channel_, address_);
    return *faults_;
  }

  Outcome<std::vector<wire::PayloadState>> List(const CallOptions& options) override {
    wire::ListPayloadsResponse response;
    const auto status = Call(*stub_, &wire::MockRobotAdmin::Stub::ListPayloads,
                             wire::ListPayloadsRequest(), response, options);
    if (!status.ok()) return Failed{Explain(status)};
    return std::vector<wire::PayloadState>(response.payloads().begin(), response.payloads().end());
  }

  Outcome<AdminAnswer> Authorize(const std::string& guid, const std::string& preset,
                                 const CallOptions& options) override {
    wire::AuthorizePayloadRequest request;
    request.set_guid(guid);
    request.set_preset_name(preset);
    return Change<wire::AuthorizePayloadResponse>(
        *stub_, &wire::MockRobotAdmin::Stub::AuthorizePayload, request, options);
  }

  Outcome<AdminAnswer> Deauthorize(const std::string& guid, const CallOptions& options) override {
    wire::DeauthorizePayloadRequest request;
    request.set_guid(guid);
    return Change<wire::DeauthorizePayloadResponse>(
        *stub_, &wire::MockRobotAdmin::Stub::DeauthorizePayload, request, options);
  }

  Outcome<AdminAnswer> Reject(const std::string& guid, const CallOptions& options) override {
    wire::RejectPayloadRequest request;
    request.set_guid(guid);
    return Change<wire::RejectPayloadResponse>(*stub_, &wire::MockRobotAdmin::Stub::RejectPayload,
                                               request, options);
  }

  Outcome<AdminAnswer> Forget(const std::string& guid, const CallOptions& options) override {
    wire::ForgetPayloadRequest request;
    request.set_guid(guid);
    return Change<wire::ForgetPayloadResponse>(*stub_, &wire::MockRobotAdmin::Stub::ForgetPayload,
                                               request, options);
  }

  Outcome<AdminAnswer> Reboot(const CallOptions& options) override {
    return Change<wire::RebootResponse>(*stub_, &wire::MockRobotAdmin::Stub::Reboot,
                                        wire::RebootRequest(), options);
  }

  Outcome<AdvanceAnswer> Advance(Duration by, const CallOptions& options) override {
    wire::AdvanceClockRequest request;
    *request.mutable_by() = TimeUtil::NanosecondsToDuration(by.count());
    wire::AdvanceClockResponse response;
    const auto status =
        Call(*stub_, &wire::MockRobotAdmin::Stub::AdvanceClock, request, response, options);
    if (!status.ok()) return Failed{Explain(status)};
    return AdvanceAnswer{{response.result(), OneLine(response.message())}, response.now()};
  }

  Outcome<std::vector<wire::SoftwareState>> Software(const CallOptions& options) override {
    wire::ListSoftwareResponse response;
    const auto status = Call(*software_, &wire::MockRobotSoftware::Stub::ListSoftware,
                             wire::ListSoftwareRequest(), response, options);
    if (!status.ok()) return Failed{Explain(status)};
    return std::vector<wire::SoftwareState>(response.packages().begin(), response.packages().end());
  }

  Outcome<AdminAnswer> StageSoftware(const bosdyn::api::StagedSoftwarePackage& package,
                                     const CallOptions& options) override {
    wire::StageSoftwareRequest request;
    *request.mutable_package() = package;
    return Change<wire::StageSoftwareResponse>(
        *software_, &wire::MockRobotSoftware::Stub::StageSoftware, request, options);
  }

  Outcome<AdminAnswer> UnstageSoftware(const std::string& package_name,
                                       const CallOptions& options) override {
    wire::UnstageSoftwareRequest request;
    request.set_package_name(package_name);
    return Change<wire::UnstageSoftwareResponse>(
        *software_, &wire::MockRobotSoftware::Stub::UnstageSoftware, request, options);
  }

  Outcome<AdminAnswer> PromptPayload(const std::string& service,
                                     wire::PromptPayloadRequest::Prompt prompt,
                                     std::optional<Duration> patience,
                                     const CallOptions& options) override {
    wire::PromptPayloadRequest request;
    request.set_service_name(service);
    request.set_prompt(prompt);
    if (patience) {
      *request.mutable_patience() = TimeUtil::NanosecondsToDuration(patience->count());
    }
    return Change<wire::PromptPayloadResponse>(
        *software_, &wire::MockRobotSoftware::Stub::PromptPayload, request, options);
  }

 private:
  template <typename Stub, typename Request, typename Response>
  using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

  template <typename Stub, typename Request, typename Response>
  static grpc::Status Call(Stub& stub, Method<Stub, Request, Response> method,
                           const Request& request, Response& response, const CallOptions& options) {
    grpc::ClientContext context;
    if (options.timeout) {
      context.set_deadline(std::chrono::system_clock::now() + *options.timeout);
    }
    return (stub.*method)(&context, request, &response);
  }

  template <typename Response, typename Stub, typename Request>
  Outcome<AdminAnswer> Change(Stub& stub, Method<Stub, Request, Response> method,
                              const Request& request, const CallOptions& options) {
    Response response;
    const auto status = Call(stub, method, request, response, options);
    if (!status.ok()) return Failed{Explain(status)};
    return AdminAnswer{response.result(), OneLine(response.message())};
  }

  Failure Explain(const grpc::Status& status) const { return AdminFailure(address_, status); }

  std::string address_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<wire::MockRobotAdmin::Stub> stub_;
  std::unique_ptr<wire::MockRobotSoftware::Stub> software_;
  std::unique_ptr<FaultAdmin> faults_;  // made when asked for
};

}  // namespace

std::unique_ptr<RobotAdmin> ConnectRobotAdmin(const Address& address) {
  return std::make_unique<GrpcRobotAdmin>(address);
}

}  // namespace payload_manager::payloadctl
