#include "rpc/status_mapping.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>
#include <utility>

#include "bosdyn/api/auth.pb.h"
#include "bosdyn/api/directory.pb.h"
#include "bosdyn/api/header.pb.h"
#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/payload_registration.pb.h"

namespace payload_manager {
namespace {

namespace api = bosdyn::api;

void RemoveToken(api::GetPayloadAuthTokenResponse& response) { response.clear_token(); }
void RemoveToken(api::GetAuthTokenResponse& response) { response.clear_token(); }
void RemoveToken(google::protobuf::Message&) {}

// A response that a failure may carry: all that must not be seen is taken out of it. The echo of
// the request is taken out to its last byte: memory in one piece would keep it.
template <typename Response>
void LeaveWhatMayBeShown(const Exchange& exchange, Response& response) {
  RemoveToken(response);
  if (!response.has_header()) return;
  if (response.header().has_request()) {
    std::string echo;
    response.mutable_header()->mutable_request()->mutable_value()->swap(echo);
    response.mutable_header()->clear_request();
  }
  if (!response.header().error().message().empty()) {
    auto& message = *response.mutable_header()->mutable_error()->mutable_message();
    message = Presentable(exchange, message);
  }
}

template <typename Response>
Failure Failing(const Exchange& exchange, std::shared_ptr<Response>& response, FailureKind kind,
                std::string_view what) {
  LeaveWhatMayBeShown(exchange, *response);
  return {kind, Describe(exchange, what), std::move(response)};
}

template <typename Response>
std::optional<Failure> JudgeHeader(const Exchange& exchange, std::shared_ptr<Response>& response) {
  const api::CommonError& error = response->header().error();
  const auto failing = [&](FailureKind kind, std::string what) {
    if (!error.message().empty()) what += ": " + Presentable(exchange, error.message());
    return Failing(exchange, response, kind, what);
  };
  switch (error.code()) {
    case api::CommonError::CODE_OK:
      return std::nullopt;
    case api::CommonError::CODE_INVALID_REQUEST:
      return failing(FailureKind::kInvalidRequest, "the robot calls the request invalid");
    case api::CommonError::CODE_INTERNAL_SERVER_ERROR:
      return failing(FailureKind::kInternalServerError,
                     "the robot has an internal error, check its logs");
    case api::CommonError::CODE_UNSPECIFIED:
      return failing(
          FailureKind::kUnsetStatus,
          response->has_header()
              ? "the answer's header says neither yes nor no; check the robot's software version"
              : "the answer has no header; check that this address is a robot's");
    default:
      return failing(FailureKind::kUnknownResponse,
                     "the answer's header holds the unknown code " + std::to_string(error.code()) +
                         "; check whether this program is older than the robot's software");
  }
}

struct Verdict {
  FailureKind kind;
  std::string_view what;
};

constexpr Verdict kWrongCredentials{
    FailureKind::kInvalidPayloadCredentials,
    "the robot does not accept this payload's GUID and secret; check the credentials, and whether "
    "the payload was forgotten there"};
constexpr Verdict kNoSuchPayload{FailureKind::kPayloadDoesNotExist,
                                 "the robot knows no payload with this GUID; register it first"};
constexpr Verdict kNotAuthorized{
    FailureKind::kPayloadNotAuthorized,
    "the payload is not authorized; authorize it in the robot's admin console"};

// The meaning of each response's statuses; nothing for those that this library does not know.
// Called with neither 0 nor STATUS_OK.
std::optional<Verdict> Meaning(api::RegisterPayloadResponse::Status status) {
  if (status == api::RegisterPayloadResponse::STATUS_ALREADY_EXISTS) {
    return Verdict{FailureKind::kPayloadAlreadyExists,
                   "the robot knows a payload with this GUID already"};
  }
  return std::nullopt;
}

std::optional<Verdict> Meaning(api::UpdatePayloadVersionResponse::Status status) {
  using Response = api::UpdatePayloadVersionResponse;
  if (status == Response::STATUS_DOES_NOT_EXIST) return kNoSuchPayload;
  if (status == Response::STATUS_INVALID_CREDENTIALS) return kWrongCredentials;
  return std::nullopt;
}

std::optional<Verdict> Meaning(api::UpdatePayloadAttachedResponse::Status status) {
  using Response = api::UpdatePayloadAttachedResponse;
  if (status == Response::STATUS_DOES_NOT_EXIST) return kNoSuchPayload;
  if (status == Response::STATUS_INVALID_CREDENTIALS) return kWrongCredentials;
  if (status == Response::STATUS_PAYLOAD_NOT_AUTHORIZED) return kNotAuthorized;
  return std::nullopt;
}

std::optional<Verdict> Meaning(api::GetPayloadAuthTokenResponse::Status status) {
  using Response = api::GetPayloadAuthTokenResponse;
  if (status == Response::STATUS_INVALID_CREDENTIALS) return kWrongCredentials;
  if (status == Response::STATUS_PAYLOAD_NOT_AUTHORIZED) return kNotAuthorized;
  return std::nullopt;
}

std::optional<Verdict> Meaning(api::GetAuthTokenResponse::Status status) {
  using Response = api::GetAuthTokenResponse;
  if (status == Response::STATUS_INVALID_LOGIN) {
    return Verdict{FailureKind::kInvalidLogin, "user name or password is wrong; check both"};
  }
  if (status == Response::STATUS_INVALID_TOKEN) {
    return Verdict{FailureKind::kInvalidToken,
                   "the token is not, or no longer, valid on this robot; obtain a new one"};
  }
  if (status == Response::STATUS_TEMPORARILY_LOCKED_OUT) {
    return Verdict{FailureKind::kTemporarilyLockedOut,
                   "locked out after too many wrong passwords; wait a minute"};
  }
  return std::nullopt;
}

// Transport and header: what every answer has.
template <typename Response>
std::optional<Failure> JudgeCommon(const Exchange& exchange, const TransportStatus& transport,
                                   std::shared_ptr<Response>& response) {
  if (transport.code != 0) return JudgeTransport(exchange, transport);
  if (response == nullptr) response = std::make_shared<Response>();
  return JudgeHeader(exchange, response);
}

template <typename Response>
Failure JudgeUnknownStatus(const Exchange& exchange, std::shared_ptr<Response>& response) {
  return Failing(exchange, response, FailureKind::kUnknownResponse,
                 "the answer holds the unknown status " + std::to_string(response->status()) +
                     "; check whether this program is older than the robot's software");
}

template <typename Response>
std::optional<Failure> JudgeUnsetStatus(const Exchange& exchange,
                                        std::shared_ptr<Response>& response) {
  if (response->status() != 0) return std::nullopt;
  return Failing(exchange, response, FailureKind::kUnsetStatus,
                 "the answer's status says neither yes nor no; check the robot's software version");
}

// All three steps, for responses with a status.
template <typename Response>
std::optional<Failure> JudgeAll(const Exchange& exchange, const TransportStatus& transport,
                                std::shared_ptr<Response>& response) {
  if (auto failure = JudgeCommon(exchange, transport, response)) return failure;
  if (auto failure = JudgeUnsetStatus(exchange, response)) return failure;
  if (response->status() == Response::STATUS_OK) return std::nullopt;
  if (const auto meaning = Meaning(response->status())) {
    return Failing(exchange, response, meaning->kind, meaning->what);
  }
  return JudgeUnknownStatus(exchange, response);
}

template <typename Response>
Outcome<Done> JudgeDone(const Exchange& exchange, const TransportStatus& transport,
                        std::shared_ptr<Response>& response) {
  if (auto failure = JudgeAll(exchange, transport, response)) return Failed{std::move(*failure)};
  return Done{};
}

template <typename Response>
Outcome<Secret> JudgeToken(const Exchange& exchange, const TransportStatus& transport,
                           std::shared_ptr<Response>& response) {
  if (auto failure = JudgeAll(exchange, transport, response)) return Failed{std::move(*failure)};
  if (response->token().empty()) {
    return Failed{
        Failing(exchange, response, FailureKind::kUnknownResponse,
                "the robot says that all is well but gives no token; check its software version")};
  }
  return Secret(response->token());
}

bool IsHostName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_' || c == ':';
  });
}

}  // namespace

Outcome<Done> Judge(const Exchange& exchange, const TransportStatus& transport,
                    std::shared_ptr<api::RegisterPayloadResponse> response) {
  return JudgeDone(exchange, transport, response);
}

Outcome<Done> Judge(const Exchange& exchange, const TransportStatus& transport,
                    std::shared_ptr<api::UpdatePayloadVersionResponse> response) {
  return JudgeDone(exchange, transport, response);
}

Outcome<Done> Judge(const Exchange& exchange, const TransportStatus& transport,
                    std::shared_ptr<api::UpdatePayloadAttachedResponse> response) {
  return JudgeDone(exchange, transport, response);
}

Outcome<Secret> Judge(const Exchange& exchange, const TransportStatus& transport,
                      std::shared_ptr<api::GetPayloadAuthTokenResponse> response) {
  return JudgeToken(exchange, transport, response);
}

Outcome<Secret> Judge(const Exchange& exchange, const TransportStatus& transport,
                      std::shared_ptr<api::GetAuthTokenResponse> response) {
  return JudgeToken(exchange, transport, response);
}

Outcome<api::ListPayloadsResponse> Judge(const Exchange& exchange, const TransportStatus& transport,
                                         std::shared_ptr<api::ListPayloadsResponse> response) {
  if (auto failure = JudgeCommon(exchange, transport, response)) return Failed{std::move(*failure)};
  return std::move(*response);
}

Outcome<std::string> Judge(const Exchange& exchange, const TransportStatus& transport,
                           std::shared_ptr<api::GetServiceEntryResponse> response) {
  using Response = api::GetServiceEntryResponse;
  if (auto failure = JudgeCommon(exchange, transport, response)) return Failed{std::move(*failure)};
  if (auto failure = JudgeUnsetStatus(exchange, response)) return Failed{std::move(*failure)};
  if (response->status() == Response::STATUS_NONEXISTENT_SERVICE) return std::string();
  if (response->status() != Response::STATUS_OK) {
    return Failed{JudgeUnknownStatus(exchange, response)};
  }
  const std::string& authority = response->service_entry().authority();
  if (!IsHostName(authority)) {
    return Failed{Failing(exchange, response, FailureKind::kUnknownResponse,
                          "the directory gives no usable authority for this service")};
  }
  return authority;
}

}  // namespace payload_manager
