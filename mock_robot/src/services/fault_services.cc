// Service faults: triggered and cleared at the one service, seen at the other.
#include "bosdyn/api/fault_service.grpc.pb.h"
#include "bosdyn/api/robot_state_service.grpc.pb.h"
#include "services/services.h"
#include "services/unary.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;
using Bytes = grpc::ByteBuffer;
using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

using FaultsBytes = api::FaultService::WithRawCallbackMethod_ClearServiceFault<
    api::FaultService::WithRawCallbackMethod_TriggerServiceFault<api::FaultService::Service>>;

class Faults final : public FaultsBytes {
 public:
  explicit Faults(Robot& robot) : serving_(robot) {}

  Reactor* TriggerServiceFault(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::TriggerServiceFaultRequest, api::TriggerServiceFaultResponse>(
        *context, *sent, *answer);
  }
  Reactor* ClearServiceFault(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::ClearServiceFaultRequest, api::ClearServiceFaultResponse>(
        *context, *sent, *answer);
  }

 private:
  Serving serving_;
};

using RobotStatesBytes =
    api::RobotStateService::WithRawCallbackMethod_GetRobotState<api::RobotStateService::Service>;

class RobotStates final : public RobotStatesBytes {
 public:
  explicit RobotStates(Robot& robot) : serving_(robot) {}

  Reactor* GetRobotState(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::RobotStateRequest, api::RobotStateResponse>(*context, *sent,
                                                                           *answer);
  }

 private:
  Serving serving_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeFaults(Robot& robot) { return std::make_unique<Faults>(robot); }

std::unique_ptr<grpc::Service> MakeRobotStates(Robot& robot) {
  return std::make_unique<RobotStates>(robot);
}

}  // namespace mock_robot
