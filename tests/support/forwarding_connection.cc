#include "tests/support/forwarding_connection.h"

#include "bosdyn/api/payload.pb.h"

namespace payload_manager::testing {

namespace api = bosdyn::api;

Outcome<Done> ForwardingConnection::RegisterPayload(const api::Payload& payload,
                                                    const Secret& secret,
                                                    const CallOptions& options) {
  return behind_->RegisterPayload(payload, secret, options);
}

void ForwardingConnection::RegisterPayloadAsync(const api::Payload& payload, const Secret& secret,
                                                const CallOptions& options, Completion<Done> done) {
  behind_->RegisterPayloadAsync(payload, secret, options, std::move(done));
}

Outcome<Done> ForwardingConnection::UpdatePayloadVersion(const PayloadCredentials& credentials,
                                                         const api::SoftwareVersion& version,
                                                         const CallOptions& options) {
  return behind_->UpdatePayloadVersion(credentials, version, options);
}

void ForwardingConnection::UpdatePayloadVersionAsync(const PayloadCredentials& credentials,
                                                     const api::SoftwareVersion& version,
                                                     const CallOptions& options,
                                                     Completion<Done> done) {
  behind_->UpdatePayloadVersionAsync(credentials, version, options, std::move(done));
}

Outcome<Secret> ForwardingConnection::GetPayloadAuthToken(const PayloadCredentials& credentials,
                                                          const CallOptions& options) {
  return behind_->GetPayloadAuthToken(credentials, options);
}

void ForwardingConnection::GetPayloadAuthTokenAsync(const PayloadCredentials& credentials,
                                                    const CallOptions& options,
                                                    Completion<Secret> done) {
  behind_->GetPayloadAuthTokenAsync(credentials, options, std::move(done));
}

Outcome<Done> ForwardingConnection::UpdatePayloadAttached(const PayloadCredentials& credentials,
                                                          Attachment attachment,
                                                          const CallOptions& options) {
  return behind_->UpdatePayloadAttached(credentials, attachment, options);
}

void ForwardingConnection::UpdatePayloadAttachedAsync(const PayloadCredentials& credentials,
                                                      Attachment attachment,
                                                      const CallOptions& options,
                                                      Completion<Done> done) {
  behind_->UpdatePayloadAttachedAsync(credentials, attachment, options, std::move(done));
}

Outcome<api::ListPayloadsResponse> ForwardingConnection::ListPayloads(const Secret& token,
                                                                      const CallOptions& options) {
  return behind_->ListPayloads(token, options);
}

void ForwardingConnection::ListPayloadsAsync(const Secret& token, const CallOptions& options,
                                             Completion<api::ListPayloadsResponse> done) {
  behind_->ListPayloadsAsync(token, options, std::move(done));
}

Outcome<Secret> ForwardingConnection::RefreshToken(const Secret& token,
                                                   const CallOptions& options) {
  return behind_->RefreshToken(token, options);
}

void ForwardingConnection::RefreshTokenAsync(const Secret& token, const CallOptions& options,
                                             Completion<Secret> done) {
  behind_->RefreshTokenAsync(token, options, std::move(done));
}

Outcome<Secret> ForwardingConnection::Authenticate(const std::string& user, const Secret& password,
                                                   const CallOptions& options) {
  return behind_->Authenticate(user, password, options);
}

void ForwardingConnection::AuthenticateAsync(const std::string& user, const Secret& password,
                                             const CallOptions& options, Completion<Secret> done) {
  behind_->AuthenticateAsync(user, password, options, std::move(done));
}

}  // namespace payload_manager::testing
