// Faults over the administration port.
#include <grpcpp/grpcpp.h>

#include "admin/admin_service.h"
#include "admin/answer.h"
#include "admin/fault_wire.h"
#include "base/tsan.h"
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
    payload_manager::AcquireFromGrpc(context);
    auto fault = FromWire(request->fault());
    if (!fault) return Refuse(context, fault.error().message);
    const auto injected = robot_.faults().Inject(*std::move(fault));
    if (!injected) return Refuse(context, injected.error().message);
    Reactor* reactor = context->DefaultReactor();
    robot_.WhenKept(
        *injected, [context, reactor, response](const payload_manager::Checked<FaultId>& id) {
          if (id) response->set_id(*id);
          payload_manager::ReleaseToGrpc(context);
          reactor->Finish(id ? grpc::Status::OK
                             : grpc::Status(grpc::StatusCode::INTERNAL, id.error().message));
        });
    return reactor;
  }
  Reactor* ListFaults(Context* context, const v1::ListFaultsRequest*,
                      v1::ListFaultsResponse* response) override {
    payload_manager::AcquireFromGrpc(context);
    for (const FaultInfo& info : robot_.faults().List()) ToWire(info, *response->add_faults());
    Reactor* reactor = context->DefaultReactor();
    // That a fault has struck tells what it did, which may not be on the disk yet.
    robot_.WhenKept(robot_.EverythingSoFar(), [context, reactor](bool kept) {
      payload_manager::ReleaseToGrpc(context);
      reactor->Finish(kept ? grpc::Status::OK
                           : grpc::Status(grpc::StatusCode::INTERNAL, "the disk has failed"));
    });
    return reactor;
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
  static Reactor* Refuse(Context* context, const std::string& why) {
    Reactor* reactor = context->DefaultReactor();
    payload_manager::ReleaseToGrpc(context);
    reactor->Finish({grpc::StatusCode::INVALID_ARGUMENT, why});
    return reactor;
  }
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
