// How payloads offer services through the robot.
#include "bosdyn/api/directory_registration_service.grpc.pb.h"
#include "services/services.h"
#include "services/unary.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;
using Bytes = grpc::ByteBuffer;
using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

using DirectoryRegistrationBytes =
    api::DirectoryRegistrationService::WithRawCallbackMethod_UpdateService<
        api::DirectoryRegistrationService::WithRawCallbackMethod_UnregisterService<
            api::DirectoryRegistrationService::WithRawCallbackMethod_RegisterService<
                api::DirectoryRegistrationService::Service>>>;

class DirectoryRegistration final : public DirectoryRegistrationBytes {
 public:
  explicit DirectoryRegistration(Robot& robot) : serving_(robot) {}

  Reactor* RegisterService(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::RegisterServiceRequest, api::RegisterServiceResponse>(
        *context, *sent, *answer);
  }
  Reactor* UnregisterService(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::UnregisterServiceRequest, api::UnregisterServiceResponse>(
        *context, *sent, *answer);
  }
  Reactor* UpdateService(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::UpdateServiceRequest, api::UpdateServiceResponse>(*context, *sent,
                                                                                 *answer);
  }

 private:
  Serving serving_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeDirectoryRegistration(Robot& robot) {
  return std::make_unique<DirectoryRegistration>(robot);
}

}  // namespace mock_robot
