// What payloads tell the robot about their software, and ask of it.
#include "bosdyn/api/payload_software_update_service.grpc.pb.h"
#include "services/services.h"
#include "services/unary.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;
using Bytes = grpc::ByteBuffer;
using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

using SoftwareUpdatesBytes =
    api::PayloadSoftwareUpdateService::WithRawCallbackMethod_SendSoftwareUpdateStatus<
        api::PayloadSoftwareUpdateService::WithRawCallbackMethod_GetAvailableSoftwareUpdates<
            api::PayloadSoftwareUpdateService::WithRawCallbackMethod_SendCurrentVersionInfo<
                api::PayloadSoftwareUpdateService::Service>>>;

class SoftwareUpdates final : public SoftwareUpdatesBytes {
 public:
  explicit SoftwareUpdates(Robot& robot) : serving_(robot) {}

  Reactor* SendCurrentVersionInfo(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::SendCurrentVersionInfoRequest, api::SendCurrentVersionInfoResponse>(
        *context, *sent, *answer);
  }
  Reactor* GetAvailableSoftwareUpdates(Context* context, const Bytes* sent,
                                       Bytes* answer) override {
    return serving_
        .Unary<api::GetAvailableSoftwareUpdatesRequest, api::GetAvailableSoftwareUpdatesResponse>(
            *context, *sent, *answer);
  }
  Reactor* SendSoftwareUpdateStatus(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_
        .Unary<api::SendSoftwareUpdateStatusRequest, api::SendSoftwareUpdateStatusResponse>(
            *context, *sent, *answer);
  }

 private:
  Serving serving_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeSoftwareUpdates(Robot& robot) {
  return std::make_unique<SoftwareUpdates>(robot);
}

}  // namespace mock_robot
