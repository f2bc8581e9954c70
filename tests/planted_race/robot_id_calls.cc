#include "robot_id_calls.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <string>
#include <utility>

#include "base/tsan.h"
#include "bosdyn/api/robot_id_service.grpc.pb.h"

namespace payload_manager {
namespace {

class RobotIdService final : public bosdyn::api::RobotIdService::CallbackService {
  grpc::ServerUnaryReactor* GetRobotId(grpc::CallbackServerContext* context,
                                       const bosdyn::api::RobotIdRequest* /*request*/,
                                       bosdyn::api::RobotIdResponse* /*response*/) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

struct Call {
  grpc::ClientContext context;
  bosdyn::api::RobotIdRequest request;
  bosdyn::api::RobotIdResponse response;
  std::function<void(bool)> done;
};

}  // namespace

struct RobotIdCalls::Parts {
  RobotIdService service;
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<bosdyn::api::RobotIdService::Stub> stub;
};

RobotIdCalls::RobotIdCalls() : parts_(std::make_unique<Parts>()) {
  // Over a socket: an in-process channel may complete a call on the thread that starts it.
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&parts_->service);
  parts_->server = builder.BuildAndStart();
  parts_->stub = bosdyn::api::RobotIdService::NewStub(
      grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
}

RobotIdCalls::~RobotIdCalls() = default;

void RobotIdCalls::GetRobotId(std::function<void(bool)> done) {
  auto* call = new Call;
  call->done = std::move(done);
  call->context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  ReleaseToGrpc(call);
  parts_->stub->async()->GetRobotId(&call->context, &call->request, &call->response,
                                    [call](const grpc::Status& status) {
                                      AcquireFromGrpc(call);
                                      const std::unique_ptr<Call> owned(call);
                                      owned->done(status.ok());
                                    });
}

}  // namespace payload_manager
