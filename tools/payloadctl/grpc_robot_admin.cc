#include "tools/payloadctl/grpc_robot_admin.h"

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
    const auto status = Call(&wire::MockRobotAdmin::Stub::ListPayloads, wire::ListPayloadsRequest(),
                             response, options);
    if (!status.ok()) return Failed{Explain(status)};
    return std::vector<wire::PayloadState>(response.payloads().begin(), response.payloads().end());
  }

  Outcome<AdminAnswer> Authorize(const std::string& guid, const std::string& preset,
                                 const CallOptions& options) override {
    wire::AuthorizePayloadRequest request;
    request.set_guid(guid);
    request.set_preset_name(preset);
    return Change<wire::AuthorizePayloadResponse>(&wire::MockRobotAdmin::Stub::AuthorizePayload,
                                                  request, options);
  }

  Outcome<AdminAnswer> Deauthorize(const std::string& guid, const CallOptions& options) override {
    wire::DeauthorizePayloadRequest request;
    request.set_guid(guid);
    return Change<wire::DeauthorizePayloadResponse>(&wire::MockRobotAdmin::Stub::DeauthorizePayload,
                                                    request, options);
  }

  Outcome<AdminAnswer> Forget(const std::string& guid, const CallOptions& options) override {
    wire::ForgetPayloadRequest request;
    request.set_guid(guid);
    return Change<wire::ForgetPayloadResponse>(&wire::MockRobotAdmin::Stub::ForgetPayload, request,
                                               options);
  }

  Outcome<AdminAnswer> Reboot(const CallOptions& options) override {
    return Change<wire::RebootResponse>(&wire::MockRobotAdmin::Stub::Reboot, wire::RebootRequest(),
                                        options);
  }

  Outcome<AdminAnswer> PromptPayload(const std::string& service,
                                     wire::PromptPayloadRequest::Prompt prompt,
                                     const CallOptions& options) override {
    wire::PromptPayloadRequest request;
    request.set_service_name(service);
    request.set_prompt(prompt);
    wire::PromptPayloadResponse response;
    grpc::ClientContext context;
    if (options.timeout) {
      context.set_deadline(std::chrono::system_clock::now() + *options.timeout);
    }
    const auto status = software_->PromptPayload(&context, request, &response);
    if (!status.ok()) return Failed{Explain(status)};
    return AdminAnswer{response.result(), OneLine(response.message())};
  }

 private:
  template <typename Request, typename Response>
  using Method = grpc::Status (wire::MockRobotAdmin::Stub::*)(grpc::ClientContext*, const Request&,
                                                              Response*);

  template <typename Request, typename Response>
  grpc::Status Call(Method<Request, Response> method, const Request& request, Response& response,
                    const CallOptions& options) {
    grpc::ClientContext context;
    if (options.timeout) {
      context.set_deadline(std::chrono::system_clock::now() + *options.timeout);
    }
    return (stub_.get()->*method)(&context, request, &response);
  }

  template <typename Response, typename Request>
  Outcome<AdminAnswer> Change(Method<Request, Response> method, const Request& request,
                              const CallOptions& options) {
    Response response;
    const auto status = Call(method, request, response, options);
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
