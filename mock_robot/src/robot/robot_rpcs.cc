// What the rpcs of payloads, tokens and the robot's identity do; the rest of Robot is in robot.cc.
#include <string>
#include <utility>

#include "robot/robot_run.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;
using payload_manager::Secret;

// The requests that carry credentials twice. A client that fills in only the old pair is as good
// as one that fills in both; the new form wins where they differ, unless assumed otherwise.
template <typename Request>
Credentials EitherForm(const Request& request, const Assumptions& assumptions) {
  const auto& current = request.payload_credentials();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  const bool old = current.guid().empty() ||
                   (assumptions.old_credentials_win && !request.payload_guid().empty());
  if (old) return {request.payload_guid(), Secret(request.payload_secret())};
#pragma GCC diagnostic pop
  return {current.guid(), Secret(current.secret())};
}

}  // namespace

CallStatus Robot::Serve(std::string_view, const api::RegisterPayloadRequest& request,
                        api::RegisterPayloadResponse& response) {
  return Run("RegisterPayload", &registration_limit_, request, response, [&](RobotTime now) {
    const Secret secret(request.payload_secret());
    return Put(registry_.Register(request.payload(), secret, now), response,
               [&](auto status) { response.set_status(status); });
  });
}

CallStatus Robot::Serve(std::string_view, const api::UpdatePayloadVersionRequest& request,
                        api::UpdatePayloadVersionResponse& response) {
  return Run("UpdatePayloadVersion", &registration_limit_, request, response, [&](RobotTime now) {
    if (assumptions_.refuse_absent_version && !request.has_updated_version()) {
      using Version = Answer<api::UpdatePayloadVersionResponse::Status>;
      return Put(Version(payload_manager::Failed{InvalidRequest{"updated_version is absent"}}),
                 response, [](auto) {});
    }
    response.set_status(
        registry_.UpdateVersion(EitherForm(request, assumptions_), request.updated_version(), now));
    return CallStatus::kOk;
  });
}

CallStatus Robot::Serve(std::string_view, const api::GetPayloadAuthTokenRequest& request,
                        api::GetPayloadAuthTokenResponse& response) {
  return Run("GetPayloadAuthToken", &registration_limit_, request, response, [&](RobotTime now) {
    const TokenGrant grant = registry_.GrantToken(EitherForm(request, assumptions_), now);
    response.set_status(grant.status);
    if (grant.status == api::GetPayloadAuthTokenResponse::STATUS_OK) {
      response.set_token(std::string(authority_.TokenFor(grant, now).Reveal()));
    }
    return CallStatus::kOk;
  });
}

CallStatus Robot::Serve(std::string_view, const api::UpdatePayloadAttachedRequest& request,
                        api::UpdatePayloadAttachedResponse& response) {
  return Run("UpdatePayloadAttached", &registration_limit_, request, response, [&](RobotTime now) {
    const auto& given = request.payload_credentials();
    const Credentials credentials{given.guid(), Secret(given.secret())};
    return Put(registry_.UpdateAttached(credentials, request.request(), now), response,
               [&](auto status) { response.set_status(status); });
  });
}

CallStatus Robot::Serve(std::string_view token, const api::ListPayloadsRequest& request,
                        api::ListPayloadsResponse& response) {
  return Run("ListPayloads", nullptr, request, response, [&](RobotTime now) {
    registry_.Advance(now);
    if (!HolderOf(token, now)) return CallStatus::kUnauthenticated;
    for (api::Payload& payload : registry_.List()) *response.add_payloads() = std::move(payload);
    return CallStatus::kOk;
  });
}

CallStatus Robot::Serve(std::string_view, const api::GetAuthTokenRequest& request,
                        api::GetAuthTokenResponse& response) {
  return Run("GetAuthToken", &auth_limit_, request, response, [&](RobotTime now) {
    registry_.Advance(now);
    return Put(authority_.GetToken(request, registry_, now), response,
               [&](const TokenAnswer& answer) {
                 if (answer.renewed) holder_ = HolderOf(answer.renewed).value_or(std::string());
                 response.set_status(answer.status);
                 response.set_token(std::string(answer.token.Reveal()));
               });
  });
}

CallStatus Robot::Serve(std::string_view, const api::RobotIdRequest& request,
                        api::RobotIdResponse& response) {
  return Run("GetRobotId", nullptr, request, response, [&](RobotTime) {
    *response.mutable_robot_id() = id_;
    return CallStatus::kOk;
  });
}

}  // namespace mock_robot
