// What each rpc does; the rest of Robot is in robot.cc.
#include <string>
#include <utility>

#include "robot/robot.h"
#include "robot/timestamps.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;
using payload_manager::Secret;

// Puts an answer of the rules into a response: the value by `set`, or the complaint into the
// header.
template <typename T, typename Response, typename Set>
CallStatus Put(const Answer<T>& answer, Response& response, Set set) {
  if (answer.ok()) {
    set(*answer);
  } else {
    auto& error = *response.mutable_header()->mutable_error();
    error.set_code(api::CommonError::CODE_INVALID_REQUEST);
    error.set_message(answer.error().message);
  }
  return CallStatus::kOk;
}

// The requests that carry credentials twice. A client that fills in only the old pair is as good
// as one that fills in both; the new form wins where they differ.
template <typename Request>
Credentials EitherForm(const Request& request) {
  const auto& current = request.payload_credentials();
  if (!current.guid().empty()) return {current.guid(), Secret(current.secret())};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  return {request.payload_guid(), Secret(request.payload_secret())};
#pragma GCC diagnostic pop
}

}  // namespace

// What all calls have in common. `body(now)` runs under the lock, with the response's header made.
template <typename Request, typename Response, typename Body>
CallStatus Robot::Run(std::string_view rpc, RateLimit* limit, const Request& request,
                      Response& response, Body body) {
  const std::lock_guard lock(mutex_);
  const RobotTime now = Now();
  ++calls_[std::string(rpc)];
  ++version_;
  changed_.notify_all();
  if (rate_limits_ && limit != nullptr && !limit->Admit(now)) return CallStatus::kTooManyRequests;
  auto& header = *response.mutable_header();
  *header.mutable_request_header() = request.header();
  SetTimestamp(now, *header.mutable_request_received_timestamp());
  header.mutable_error()->set_code(api::CommonError::CODE_OK);
  CallStatus status = body(now);
  if (commits_ != nullptr) status.until_kept = KeepLocked(WhatIsRead(request));
  return status;
}

bool Robot::IsGood(std::string_view token, RobotTime now) const {
  return authority_.Check(token, registry_, now).has_value();
}

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
    response.set_status(
        registry_.UpdateVersion(EitherForm(request), request.updated_version(), now));
    return CallStatus::kOk;
  });
}

CallStatus Robot::Serve(std::string_view, const api::GetPayloadAuthTokenRequest& request,
                        api::GetPayloadAuthTokenResponse& response) {
  return Run("GetPayloadAuthToken", &registration_limit_, request, response, [&](RobotTime now) {
    const TokenGrant grant = registry_.GrantToken(EitherForm(request), now);
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
    if (!IsGood(token, now)) return CallStatus::kUnauthenticated;
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

CallStatus Robot::Serve(std::string_view token, const api::GetServiceEntryRequest& request,
                        api::GetServiceEntryResponse& response) {
  return Run("GetServiceEntry", nullptr, request, response, [&](RobotTime now) {
    if (!IsGood(token, now)) return CallStatus::kUnauthenticated;
    response.set_status(api::GetServiceEntryResponse::STATUS_NONEXISTENT_SERVICE);
    for (const api::ServiceEntry& entry : directory_) {
      if (entry.name() != request.service_name()) continue;
      response.set_status(api::GetServiceEntryResponse::STATUS_OK);
      *response.mutable_service_entry() = entry;
    }
    return CallStatus::kOk;
  });
}

CallStatus Robot::Serve(std::string_view token, const api::ListServiceEntriesRequest& request,
                        api::ListServiceEntriesResponse& response) {
  return Run("ListServiceEntries", nullptr, request, response, [&](RobotTime now) {
    if (!IsGood(token, now)) return CallStatus::kUnauthenticated;
    for (const api::ServiceEntry& entry : directory_) *response.add_service_entries() = entry;
    return CallStatus::kOk;
  });
}

}  // namespace mock_robot
