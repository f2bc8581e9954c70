#include "payload_manager/payload_registration_client.h"

#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "client/throwable.h"

namespace payload_manager {
namespace {

template <typename T>
T ValueOrThrow(Outcome<T>&& outcome) {
  if (!outcome.ok()) ThrowError(std::move(outcome).error());
  return std::move(outcome).value();
}

void ReturnOrThrow(Outcome<Done>&& outcome) {
  if (!outcome.ok()) ThrowError(std::move(outcome).error());
}

// What a future of the documented client holds for an Outcome<T>.
template <typename T>
struct FutureOf {
  using Value = T;
  static void Keep(std::promise<T>& promise, T value) { promise.set_value(std::move(value)); }
};
template <>
struct FutureOf<Done> {
  using Value = void;
  static void Keep(std::promise<void>& promise, Done) { promise.set_value(); }
};

// Starts a call by `start(completion)` and hands out what the completion will be told.
template <typename T, typename Start>
auto InFuture(Start start) {
  auto promise = std::make_shared<std::promise<typename FutureOf<T>::Value>>();
  auto future = promise->get_future();
  start([promise = std::move(promise)](Outcome<T> outcome) {
    if (outcome.ok()) {
      FutureOf<T>::Keep(*promise, std::move(outcome).value());
    } else {
      promise->set_exception(MakeError(std::move(outcome).error()));
    }
  });
  return future;
}

}  // namespace

PayloadRegistrationClient::PayloadRegistrationClient(std::shared_ptr<RobotConnection> connection)
    : connection_(std::move(connection)) {
  if (connection_ == nullptr) {
    ThrowError({FailureKind::kInvalidArgument, "PayloadRegistrationClient needs a connection"});
  }
}

void PayloadRegistrationClient::RegisterPayload(const bosdyn::api::Payload& payload,
                                                const Secret& secret,
                                                const CallOptions& options) const {
  const Throwable error = TakeError(connection_->RegisterPayload(payload, secret, options));
  if (error) return Throw(error);
}

std::future<void> PayloadRegistrationClient::RegisterPayloadFuture(
    const bosdyn::api::Payload& payload, const Secret& secret, const CallOptions& options) const {
  return InFuture<Done>([&](Completion<Done> done) {
    connection_->RegisterPayloadAsync(payload, secret, options, std::move(done));
  });
}

void PayloadRegistrationClient::RegisterPayloadAsync(const bosdyn::api::Payload& payload,
                                                     const Secret& secret, Completion<Done> done,
                                                     const CallOptions& options) const {
  connection_->RegisterPayloadAsync(payload, secret, options, std::move(done));
}

void PayloadRegistrationClient::UpdatePayloadVersion(const PayloadCredentials& credentials,
                                                     const bosdyn::api::SoftwareVersion& version,
                                                     const CallOptions& options) const {
  ReturnOrThrow(connection_->UpdatePayloadVersion(credentials, version, options));
}

std::future<void> PayloadRegistrationClient::UpdatePayloadVersionFuture(
    const PayloadCredentials& credentials, const bosdyn::api::SoftwareVersion& version,
    const CallOptions& options) const {
  return InFuture<Done>([&](Completion<Done> done) {
    connection_->UpdatePayloadVersionAsync(credentials, version, options, std::move(done));
  });
}

void PayloadRegistrationClient::UpdatePayloadVersionAsync(
    const PayloadCredentials& credentials, const bosdyn::api::SoftwareVersion& version,
    Completion<Done> done, const CallOptions& options) const {
  connection_->UpdatePayloadVersionAsync(credentials, version, options, std::move(done));
}

Secret PayloadRegistrationClient::GetPayloadAuthToken(const PayloadCredentials& credentials,
                                                      const CallOptions& options) const {
  return ValueOrThrow(connection_->GetPayloadAuthToken(credentials, options));
}

std::future<Secret> PayloadRegistrationClient::GetPayloadAuthTokenFuture(
    const PayloadCredentials& credentials, const CallOptions& options) const {
  return InFuture<Secret>([&](Completion<Secret> done) {
    connection_->GetPayloadAuthTokenAsync(credentials, options, std::move(done));
  });
}

void PayloadRegistrationClient::GetPayloadAuthTokenAsync(const PayloadCredentials& credentials,
                                                         Completion<Secret> done,
                                                         const CallOptions& options) const {
  connection_->GetPayloadAuthTokenAsync(credentials, options, std::move(done));
}

void PayloadRegistrationClient::AttachPayload(const PayloadCredentials& credentials,
                                              const CallOptions& options) const {
  ReturnOrThrow(connection_->UpdatePayloadAttached(credentials, Attachment::kAttach, options));
}

std::future<void> PayloadRegistrationClient::AttachPayloadFuture(
    const PayloadCredentials& credentials, const CallOptions& options) const {
  return InFuture<Done>(
      [&](Completion<Done> done) { AttachPayloadAsync(credentials, std::move(done), options); });
}

void PayloadRegistrationClient::AttachPayloadAsync(const PayloadCredentials& credentials,
                                                   Completion<Done> done,
                                                   const CallOptions& options) const {
  connection_->UpdatePayloadAttachedAsync(credentials, Attachment::kAttach, options,
                                          std::move(done));
}

void PayloadRegistrationClient::DetachPayload(const PayloadCredentials& credentials,
                                              const CallOptions& options) const {
  ReturnOrThrow(connection_->UpdatePayloadAttached(credentials, Attachment::kDetach, options));
}

std::future<void> PayloadRegistrationClient::DetachPayloadFuture(
    const PayloadCredentials& credentials, const CallOptions& options) const {
  return InFuture<Done>(
      [&](Completion<Done> done) { DetachPayloadAsync(credentials, std::move(done), options); });
}

void PayloadRegistrationClient::DetachPayloadAsync(const PayloadCredentials& credentials,
                                                   Completion<Done> done,
                                                   const CallOptions& options) const {
  connection_->UpdatePayloadAttachedAsync(credentials, Attachment::kDetach, options,
                                          std::move(done));
}

bosdyn::api::ListPayloadsResponse PayloadRegistrationClient::ListPayloads(
    const Secret& token, const CallOptions& options) const {
  return ValueOrThrow(connection_->ListPayloads(token, options));
}

std::future<bosdyn::api::ListPayloadsResponse> PayloadRegistrationClient::ListPayloadsFuture(
    const Secret& token, const CallOptions& options) const {
  return InFuture<bosdyn::api::ListPayloadsResponse>(
      [&](Completion<bosdyn::api::ListPayloadsResponse> done) {
        connection_->ListPayloadsAsync(token, options, std::move(done));
      });
}

void PayloadRegistrationClient::ListPayloadsAsync(
    const Secret& token, Completion<bosdyn::api::ListPayloadsResponse> done,
    const CallOptions& options) const {
  connection_->ListPayloadsAsync(token, options, std::move(done));
}

}  // namespace payload_manager
