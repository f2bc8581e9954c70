// What payloads tell the robot about their software, and ask of it.
#include "bosdyn/api/payload_software_update_service.grpc.pb.h"
#include "services/services.h"
#include "services/unary.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;
using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

class SoftwareUpdates final : public api::PayloadSoftwareUpdateService::CallbackService {
 public:
  explicit SoftwareUpdates(Robot& robot) : robot_(robot) {}

  Reactor* SendCurrentVersionInfo(Context* context,
                                  const api::SendCurrentVersionInfoRequest* request,
                                  api::SendCurrentVersionInfoResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }
  Reactor* GetAvailableSoftwareUpdates(
      Context* context, const api::GetAvailableSoftwareUpdatesRequest* request,
      api::GetAvailableSoftwareUpdatesResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }
  Reactor* SendSoftwareUpdateStatus(Context* context,
                                    const api::SendSoftwareUpdateStatusRequest* request,
                                    api::SendSoftwareUpdateStatusResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }

 private:
  Robot& robot_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeSoftwareUpdates(Robot& robot) {
  return std::make_unique<SoftwareUpdates>(robot);
}

}  // namespace mock_robot
