// Service faults: triggered and cleared at the one service, seen at the other.
#include "bosdyn/api/fault_service.grpc.pb.h"
#include "bosdyn/api/robot_state_service.grpc.pb.h"
#include "services/services.h"
#include "services/unary.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;
using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

class Faults final : public api::FaultService::CallbackService {
 public:
  explicit Faults(Robot& robot) : robot_(robot) {}

  Reactor* TriggerServiceFault(Context* context, const api::TriggerServiceFaultRequest* request,
                               api::TriggerServiceFaultResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }
  Reactor* ClearServiceFault(Context* context, const api::ClearServiceFaultRequest* request,
                             api::ClearServiceFaultResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }

 private:
  Robot& robot_;
};

class RobotStates final : public api::RobotStateService::CallbackService {
 public:
  explicit RobotStates(Robot& robot) : robot_(robot) {}

  Reactor* GetRobotState(Context* context, const api::RobotStateRequest* request,
                         api::RobotStateResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }

 private:
  Robot& robot_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeFaults(Robot& robot) { return std::make_unique<Faults>(robot); }

std::unique_ptr<grpc::Service> MakeRobotStates(Robot& robot) {
  return std::make_unique<RobotStates>(robot);
}

}  // namespace mock_robot
