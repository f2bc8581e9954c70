#include "rpc/requests.h"

#include <chrono>
#include <utility>

namespace payload_manager {
namespace {

namespace api = bosdyn::api;

void Fill(const PayloadCredentials& from, api::PayloadCredentials* to) {
  to->set_guid(from.guid);
  to->set_secret(std::string(from.secret.Reveal()));
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
// Old robots read only the deprecated fields, new ones prefer the others: both are filled.
template <typename Request>
void FillBothWays(const PayloadCredentials& credentials, Request& request) {
  request.set_payload_guid(credentials.guid);
  request.set_payload_secret(std::string(credentials.secret.Reveal()));
  Fill(credentials, request.mutable_payload_credentials());
}
#pragma GCC diagnostic pop

void Stamp(WallTime time, google::protobuf::Timestamp* stamp) {
  const auto since_epoch = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  stamp->set_seconds(seconds.count());
  stamp->set_nanos(static_cast<int>((since_epoch - seconds).count()));
}

void FillHeader(WallTime now, const std::string& client_name, api::RequestHeader* header) {
  Stamp(now, header->mutable_request_timestamp());
  header->set_client_name(client_name);
}

}  // namespace

RegistrationRequest::RegistrationRequest(WallTime now, const std::string& client_name,
                                         const api::Payload& payload, const Secret& secret) {
  Stamp(now, &stamp_);
  header_.set_client_name(client_name);
  request_.set_payload_secret(secret.Reveal().data(), secret.size());
  // From here on nothing throws: the request believes that it owns what it is lent.
  header_.unsafe_arena_set_allocated_request_timestamp(&stamp_);
  request_.unsafe_arena_set_allocated_header(&header_);
  // It has no way to hold a constant one; nobody changes it here.
  request_.unsafe_arena_set_allocated_payload(const_cast<api::Payload*>(&payload));
}

RegistrationRequest::~RegistrationRequest() {
  request_.unsafe_arena_release_payload();
  request_.unsafe_arena_release_header();
  header_.unsafe_arena_release_request_timestamp();
}

RequestMaker::RequestMaker(const Clock* clock, std::string client_name)
    : clock_(clock), client_name_(std::move(client_name)) {}

template <typename Request>
Request RequestMaker::Headed() const {
  Request request;
  FillHeader(clock_->WallNow(), client_name_, request.mutable_header());
  return request;
}

RegistrationRequest RequestMaker::Register(const api::Payload& payload,
                                           const Secret& secret) const {
  return {clock_->WallNow(), client_name_, payload, secret};
}

api::UpdatePayloadVersionRequest RequestMaker::UpdateVersion(
    const PayloadCredentials& credentials, const api::SoftwareVersion& version) const {
  auto request = Headed<api::UpdatePayloadVersionRequest>();
  FillBothWays(credentials, request);
  *request.mutable_updated_version() = version;
  return request;
}

api::GetPayloadAuthTokenRequest RequestMaker::PayloadToken(
    const PayloadCredentials& credentials) const {
  auto request = Headed<api::GetPayloadAuthTokenRequest>();
  FillBothWays(credentials, request);
  return request;
}

api::UpdatePayloadAttachedRequest RequestMaker::Attach(const PayloadCredentials& credentials,
                                                       Attachment attachment) const {
  auto request = Headed<api::UpdatePayloadAttachedRequest>();
  Fill(credentials, request.mutable_payload_credentials());
  request.set_request(attachment == Attachment::kAttach
                          ? api::UpdatePayloadAttachedRequest::REQUEST_ATTACH
                          : api::UpdatePayloadAttachedRequest::REQUEST_DETACH);
  return request;
}

api::ListPayloadsRequest RequestMaker::List() const { return Headed<api::ListPayloadsRequest>(); }

api::GetAuthTokenRequest RequestMaker::Refresh(const Secret& token) const {
  auto request = Headed<api::GetAuthTokenRequest>();
  request.set_token(std::string(token.Reveal()));
  return request;
}

api::GetAuthTokenRequest RequestMaker::Login(const std::string& user,
                                             const Secret& password) const {
  auto request = Headed<api::GetAuthTokenRequest>();
  request.set_username(user);
  request.set_password(std::string(password.Reveal()));
  return request;
}

api::GetServiceEntryRequest RequestMaker::DirectoryEntry(std::string_view service_name) const {
  auto request = Headed<api::GetServiceEntryRequest>();
  request.set_service_name(std::string(service_name));
  return request;
}

}  // namespace payload_manager
