#include "services/unknown_rpcs.h"

#include <grpcpp/grpcpp.h>

#include <string>

#include "base/tsan.h"
#include "robot/robot.h"
#include "services/peer.h"

namespace mock_robot {
namespace {

// gRPC's own words would be none, which leaves people in doubt about who said so.
class Refusal final : public grpc::ServerGenericBidiReactor {
 public:
  Refusal() {
    payload_manager::ReleaseToGrpc(this);
    Finish({grpc::StatusCode::UNIMPLEMENTED, "this robot does not serve the rpc"});
  }

 private:
  void OnDone() override {
    payload_manager::AcquireFromGrpc(this);
    delete this;
  }
};

class UnknownRpcs final : public grpc::CallbackGenericService {
 public:
  explicit UnknownRpcs(Robot& robot) : robot_(robot) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    const std::string peer = PeerAddress(context->peer());
    JournalRecord record;
    record.call.rpc = &UnknownRpc();
    record.sent_rpc = context->method();
    record.peer = peer;
    record.received = robot_.Now();
    record.answered = true;
    record.outcome.call_status = grpc::StatusCode::UNIMPLEMENTED;
    robot_.journal().Add(record);
    return new Refusal;
  }

 private:
  Robot& robot_;
};

}  // namespace

std::unique_ptr<grpc::CallbackGenericService> MakeUnknownRpcs(Robot& robot) {
  return std::make_unique<UnknownRpcs>(robot);
}

}  // namespace mock_robot
