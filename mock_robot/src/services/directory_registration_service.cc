// How payloads offer services through the robot.
#include "bosdyn/api/directory_registration_service.grpc.pb.h"
#include "services/services.h"
#include "services/unary.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;
using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

class DirectoryRegistration final : public api::DirectoryRegistrationService::CallbackService {
 public:
  explicit DirectoryRegistration(Robot& robot) : robot_(robot) {}

  Reactor* RegisterService(Context* context, const api::RegisterServiceRequest* request,
                           api::RegisterServiceResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }
  Reactor* UnregisterService(Context* context, const api::UnregisterServiceRequest* request,
                             api::UnregisterServiceResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }
  Reactor* UpdateService(Context* context, const api::UpdateServiceRequest* request,
                         api::UpdateServiceResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }

 private:
  Robot& robot_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeDirectoryRegistration(Robot& robot) {
  return std::make_unique<DirectoryRegistration>(robot);
}

}  // namespace mock_robot
