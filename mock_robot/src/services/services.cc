#include "services/services.h"

#include "bosdyn/api/auth_service.grpc.pb.h"
#include "bosdyn/api/directory_service.grpc.pb.h"
#include "bosdyn/api/payload_registration_service.grpc.pb.h"
#include "bosdyn/api/payload_service.grpc.pb.h"
#include "bosdyn/api/robot_id_service.grpc.pb.h"
#include "services/arena_messages.h"
#include "services/unary.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;
using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

class PayloadRegistration final : public api::PayloadRegistrationService::CallbackService {
 public:
  explicit PayloadRegistration(Robot& robot) : robot_(robot) {
    SetMessageAllocatorFor_RegisterPayload(&registrations_);
  }

  Reactor* RegisterPayload(Context* context, const api::RegisterPayloadRequest* request,
                           api::RegisterPayloadResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }
  Reactor* UpdatePayloadVersion(Context* context, const api::UpdatePayloadVersionRequest* request,
                                api::UpdatePayloadVersionResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }
  Reactor* GetPayloadAuthToken(Context* context, const api::GetPayloadAuthTokenRequest* request,
                               api::GetPayloadAuthTokenResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }
  Reactor* UpdatePayloadAttached(Context* context, const api::UpdatePayloadAttachedRequest* request,
                                 api::UpdatePayloadAttachedResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }

 private:
  Robot& robot_;
  ArenaMessages<api::RegisterPayloadRequest, api::RegisterPayloadResponse> registrations_;
};

class Payloads final : public api::PayloadService::CallbackService {
 public:
  explicit Payloads(Robot& robot) : robot_(robot) {}

  Reactor* ListPayloads(Context* context, const api::ListPayloadsRequest* request,
                        api::ListPayloadsResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }

 private:
  Robot& robot_;
};

class Auth final : public api::AuthService::CallbackService {
 public:
  explicit Auth(Robot& robot) : robot_(robot) {}

  Reactor* GetAuthToken(Context* context, const api::GetAuthTokenRequest* request,
                        api::GetAuthTokenResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }

 private:
  Robot& robot_;
};

class RobotId final : public api::RobotIdService::CallbackService {
 public:
  explicit RobotId(Robot& robot) : robot_(robot) {}

  Reactor* GetRobotId(Context* context, const api::RobotIdRequest* request,
                      api::RobotIdResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }

 private:
  Robot& robot_;
};

class Directory final : public api::DirectoryService::CallbackService {
 public:
  explicit Directory(Robot& robot) : robot_(robot) {}

  Reactor* GetServiceEntry(Context* context, const api::GetServiceEntryRequest* request,
                           api::GetServiceEntryResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }
  Reactor* ListServiceEntries(Context* context, const api::ListServiceEntriesRequest* request,
                              api::ListServiceEntriesResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }

 private:
  Robot& robot_;
};

}  // namespace

std::vector<std::unique_ptr<grpc::Service>> MakeRobotServices(Robot& robot) {
  std::vector<std::unique_ptr<grpc::Service>> services;
  services.push_back(std::make_unique<PayloadRegistration>(robot));
  services.push_back(std::make_unique<Payloads>(robot));
  services.push_back(std::make_unique<Auth>(robot));
  services.push_back(std::make_unique<RobotId>(robot));
  services.push_back(std::make_unique<Directory>(robot));
  services.push_back(MakeDirectoryRegistration(robot));
  services.push_back(MakeFaults(robot));
  services.push_back(MakeRobotStates(robot));
  services.push_back(MakeSoftwareUpdates(robot));
  services.push_back(MakeTimeSyncs(robot));
  return services;
}

}  // namespace mock_robot
