#include "services/services.h"

#include "bosdyn/api/auth_service.grpc.pb.h"
#include "bosdyn/api/directory_service.grpc.pb.h"
#include "bosdyn/api/payload_registration_service.grpc.pb.h"
#include "bosdyn/api/payload_service.grpc.pb.h"
#include "bosdyn/api/robot_id_service.grpc.pb.h"
#include "services/unary.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;
using Bytes = grpc::ByteBuffer;
using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

using PayloadRegistrationBytes =
    api::PayloadRegistrationService::WithRawCallbackMethod_UpdatePayloadAttached<
        api::PayloadRegistrationService::WithRawCallbackMethod_GetPayloadAuthToken<
            api::PayloadRegistrationService::WithRawCallbackMethod_UpdatePayloadVersion<
                api::PayloadRegistrationService::WithRawCallbackMethod_RegisterPayload<
                    api::PayloadRegistrationService::Service>>>>;

class PayloadRegistration final : public PayloadRegistrationBytes {
 public:
  explicit PayloadRegistration(Robot& robot) : serving_(robot) {}

  Reactor* RegisterPayload(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::RegisterPayloadRequest, api::RegisterPayloadResponse>(
        *context, *sent, *answer);
  }
  Reactor* UpdatePayloadVersion(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::UpdatePayloadVersionRequest, api::UpdatePayloadVersionResponse>(
        *context, *sent, *answer);
  }
  Reactor* GetPayloadAuthToken(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::GetPayloadAuthTokenRequest, api::GetPayloadAuthTokenResponse>(
        *context, *sent, *answer);
  }
  Reactor* UpdatePayloadAttached(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::UpdatePayloadAttachedRequest, api::UpdatePayloadAttachedResponse>(
        *context, *sent, *answer);
  }

 private:
  Serving serving_;
};

using PayloadsBytes =
    api::PayloadService::WithRawCallbackMethod_ListPayloads<api::PayloadService::Service>;

class Payloads final : public PayloadsBytes {
 public:
  explicit Payloads(Robot& robot) : serving_(robot) {}

  Reactor* ListPayloads(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::ListPayloadsRequest, api::ListPayloadsResponse>(*context, *sent,
                                                                               *answer);
  }

 private:
  Serving serving_;
};

using AuthBytes = api::AuthService::WithRawCallbackMethod_GetAuthToken<api::AuthService::Service>;

class Auth final : public AuthBytes {
 public:
  explicit Auth(Robot& robot) : serving_(robot) {}

  Reactor* GetAuthToken(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::GetAuthTokenRequest, api::GetAuthTokenResponse>(*context, *sent,
                                                                               *answer);
  }

 private:
  Serving serving_;
};

using RobotIdBytes =
    api::RobotIdService::WithRawCallbackMethod_GetRobotId<api::RobotIdService::Service>;

class RobotId final : public RobotIdBytes {
 public:
  explicit RobotId(Robot& robot) : serving_(robot) {}

  Reactor* GetRobotId(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::RobotIdRequest, api::RobotIdResponse>(*context, *sent, *answer);
  }

 private:
  Serving serving_;
};

using DirectoryBytes = api::DirectoryService::WithRawCallbackMethod_ListServiceEntries<
    api::DirectoryService::WithRawCallbackMethod_GetServiceEntry<api::DirectoryService::Service>>;

class Directory final : public DirectoryBytes {
 public:
  explicit Directory(Robot& robot) : serving_(robot) {}

  Reactor* GetServiceEntry(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::GetServiceEntryRequest, api::GetServiceEntryResponse>(
        *context, *sent, *answer);
  }
  Reactor* ListServiceEntries(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::ListServiceEntriesRequest, api::ListServiceEntriesResponse>(
        *context, *sent, *answer);
  }

 private:
  Serving serving_;
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
