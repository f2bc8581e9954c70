#include "tests/support/loopback_connection.h"

#include "payload_manager/base/random.h"

namespace payload_manager::testing {
namespace {

using bosdyn::api::GetPayloadAuthTokenResponse;
using bosdyn::api::RegisterPayloadResponse;
using bosdyn::api::UpdatePayloadAttachedRequest;
using bosdyn::api::UpdatePayloadAttachedResponse;
using bosdyn::api::UpdatePayloadVersionResponse;

mock_robot::Credentials CredentialsOf(const Call& call) {
  return mock_robot::Credentials{call.guid, Secret(call.secret)};
}

}  // namespace

LoopbackRobot::LoopbackRobot(std::shared_ptr<VirtualRuntime> runtime)
    : registry(std::make_unique<mock_robot::Registry>()),
      connection(std::make_shared<FakeConnection>(runtime)),
      runtime_(std::move(runtime)) {
  connection->script = [this](const Call& call) { return Answer(call); };
}

std::optional<bosdyn::api::Payload> LoopbackRobot::Find(const std::string& guid) const {
  for (bosdyn::api::Payload& payload : registry->List()) {
    if (payload.guid() == guid) return std::move(payload);
  }
  return std::nullopt;
}

bool LoopbackRobot::TokenHolds(const std::string& token) const {
  const auto grant = grants_.find(token);
  return grant != grants_.end() && registry->GrantHolds(grant->second);
}

void LoopbackRobot::Erase() { registry = std::make_unique<mock_robot::Registry>(); }

Reply LoopbackRobot::Answer(const Call& call) {
  if (outage) return Refuses(*outage);
  switch (call.verb) {
    case Verb::kRegister: {
      const auto answer = registry->Register(call.payload, Secret(call.secret), Now());
      if (!answer.ok()) return Refuses(FailureKind::kInvalidRequest);
      return *answer == RegisterPayloadResponse::STATUS_OK
                 ? Succeeds()
                 : Refuses(FailureKind::kPayloadAlreadyExists);
    }
    case Verb::kVersion:
      switch (registry->UpdateVersion(CredentialsOf(call), call.version, Now())) {
        case UpdatePayloadVersionResponse::STATUS_OK:
          return Succeeds();
        case UpdatePayloadVersionResponse::STATUS_DOES_NOT_EXIST:
          return Refuses(FailureKind::kPayloadDoesNotExist);
        default:
          return Refuses(FailureKind::kInvalidPayloadCredentials);
      }
    case Verb::kToken:
      return GrantToken(call);
    case Verb::kAttach:
    case Verb::kDetach:
      return UpdateAttached(call);
    case Verb::kList: {
      if (!TokenHolds(call.secret)) return Refuses(FailureKind::kUnauthenticated);
      Reply reply = Succeeds();
      reply.payloads = registry->List();
      return reply;
    }
    case Verb::kRefresh: {
      if (!TokenHolds(call.secret)) return Refuses(FailureKind::kInvalidToken);
      Reply reply = Succeeds();
      reply.token = MakeUuid(SystemRandom());
      grants_[reply.token] = grants_.at(call.secret);
      return reply;
    }
  }
  return Refuses(FailureKind::kUnimplemented);
}

Reply LoopbackRobot::GrantToken(const Call& call) {
  const mock_robot::TokenGrant grant = registry->GrantToken(CredentialsOf(call), Now());
  if (grant.status == GetPayloadAuthTokenResponse::STATUS_OK) {
    Reply reply = Succeeds();
    reply.token = MakeUuid(SystemRandom());
    grants_[reply.token] = grant.epoch;
    return reply;
  }
  return Refuses(grant.status == GetPayloadAuthTokenResponse::STATUS_INVALID_CREDENTIALS
                     ? FailureKind::kInvalidPayloadCredentials
                     : FailureKind::kPayloadNotAuthorized);
}

Reply LoopbackRobot::UpdateAttached(const Call& call) {
  const auto answer = registry->UpdateAttached(CredentialsOf(call),
                                               call.verb == Verb::kAttach
                                                   ? UpdatePayloadAttachedRequest::REQUEST_ATTACH
                                                   : UpdatePayloadAttachedRequest::REQUEST_DETACH,
                                               Now());
  if (!answer.ok()) return Refuses(FailureKind::kInvalidRequest);
  switch (*answer) {
    case UpdatePayloadAttachedResponse::STATUS_OK:
      return Succeeds();
    case UpdatePayloadAttachedResponse::STATUS_DOES_NOT_EXIST:
      return Refuses(FailureKind::kPayloadDoesNotExist);
    case UpdatePayloadAttachedResponse::STATUS_INVALID_CREDENTIALS:
      return Refuses(FailureKind::kInvalidPayloadCredentials);
    default:
      return Refuses(FailureKind::kPayloadNotAuthorized);
  }
}

}  // namespace payload_manager::testing
