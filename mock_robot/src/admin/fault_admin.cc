// Faults over the administration port.
#include <grpcpp/grpcpp.h>

#include "admin/admin_service.h"
#include "admin/answer.h"
#include "admin/fault_wire.h"
#include "mock_robot/v1/faults.grpc.pb.h"
#include "robot/robot.h"

namespace mock_robot {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

class FaultAdmin final : public v1::MockRobotFaults::CallbackService {
 public:
  explicit FaultAdmin(Robot& robot) : robot_(robot) {}

  Reactor* InjectFault(Context* context, const v1::InjectFaultRequest* request,
                       v1::InjectFaultResponse* response) override {
    return AnswerAtOnce(context, [&]() -> grpc::Status {
      auto fault = FromWire(request->fault());
      if (!fault) return {grpc::StatusCode::INVALID_ARGUMENT, fault.error().message};
      const auto id = robot_.faults().Inject(*std::move(fault));
      if (!id) return {grpc::StatusCode::INVALID_ARGUMENT, id.error().message};
      response->set_id(*id);
      return grpc::Status::OK;
    });
  }
  Reactor* ListFaults(Context* context, const v1::ListFaultsRequest*,
                      v1::ListFaultsResponse* response) override {
    return AnswerAtOnce(context, [&] {
      for (const FaultInfo& info : robot_.faults().List()) ToWire(info, *response->add_faults());
      return grpc::Status::OK;
    });
  }
  Reactor* RemoveFault(Context* context, const v1::RemoveFaultRequest* request,
                       v1::RemoveFaultResponse*) override {
    return AnswerAtOnce(context, [&] {
      return robot_.faults().Remove(request->id()) ? grpc::Status::OK : NoSuchFault(request->id());
    });
  }
  Reactor* RemoveAllFaults(Context* context, const v1::RemoveAllFaultsRequest*,
                           v1::RemoveAllFaultsResponse* response) override {
    return AnswerAtOnce(context, [&] {
      response->set_removed(robot_.faults().RemoveAll());
      return grpc::Status::OK;
    });
  }
  Reactor* ReleaseFault(Context* context, const v1::ReleaseFaultRequest* request,
                        v1::ReleaseFaultResponse* response) override {
    return AnswerAtOnce(context, [&] {
      const auto released = robot_.faults().Release(request->id());
      if (!released) return NoSuchFault(request->id());
      response->set_released(*released);
      return grpc::Status::OK;
    });
  }

 private:
  static grpc::Status NoSuchFault(FaultId id) {
    return {grpc::StatusCode::NOT_FOUND, "there is no fault " + std::to_string(id)};
  }

  Robot& robot_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeFaultAdmin(Robot& robot) {
  return std::make_unique<FaultAdmin>(robot);
}

}  // namespace mock_robot
