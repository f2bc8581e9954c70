// The documented client of a robot's payload registration service: one payload's calls, each in
// three shapes.
//
//   client.RegisterPayload(payload, secret);                     // waits; throws (errors.h)
//   auto token = client.GetPayloadAuthTokenFuture(credentials);  // get() waits; get() throws
//   client.AttachPayloadAsync(credentials, [](Outcome<Done> outcome) { … });  // never throws
//
// Credentials may be written in place: `client.DetachPayload({guid, Secret(text)})`.
#pragma once

#include <future>
#include <memory>
#include <string_view>

#include "payload_manager/errors.h"
#include "payload_manager/robot_connection.h"

namespace payload_manager {

// Threads: every member may be called from any thread at any time, several at once. Exceptions, in
// a completion: a synchronous call throws Error (kInvalidArgument) there and sends nothing; get()
// and wait() on a future may wait there for ever, for an answer that only this thread can deliver.
// Start an ...Async call instead.
// Ownership: shares the connection, holds nothing else; copies are the same client. Calls in flight
// need the connection and not the client. The last owner closes the connection, and may be a
// completion (robot_connection.h).
// Failures: the same for all three shapes, as Outcome for a callback and as the exception of
// errors.h otherwise. The ...Future and ...Async functions report every failure there and throw
// nothing themselves (but std::bad_alloc). A call that failed in transport may have had its effect.
class PayloadRegistrationClient {
 public:
  // The directory's name and type of the service behind this client.
  static constexpr std::string_view kDefaultServiceName = "payload-registration";
  static constexpr std::string_view kServiceType = "bosdyn.api.PayloadRegistrationService";

  // A null connection is refused with Error (kInvalidArgument).
  explicit PayloadRegistrationClient(std::shared_ptr<RobotConnection> connection);

  // Registers the payload under `payload.guid()`, or reminds the robot of it; its definition on the
  // robot then stays as it was. `is_authorized` and `is_enabled` must be false. Needs no token.
  // Throws PayloadAlreadyExistsError: the normal answer to everything after the first time.
  void RegisterPayload(const bosdyn::api::Payload& payload, const Secret& secret,
                       const CallOptions& options = {}) const;
  std::future<void> RegisterPayloadFuture(const bosdyn::api::Payload& payload, const Secret& secret,
                                          const CallOptions& options = {}) const;
  void RegisterPayloadAsync(const bosdyn::api::Payload& payload, const Secret& secret,
                            Completion<Done> done, const CallOptions& options = {}) const;

  // Changes the version that the robot shows for the payload, before or after authorization.
  // Throws PayloadDoesNotExistError, InvalidPayloadCredentialsError.
  void UpdatePayloadVersion(const PayloadCredentials& credentials,
                            const bosdyn::api::SoftwareVersion& version,
                            const CallOptions& options = {}) const;
  std::future<void> UpdatePayloadVersionFuture(const PayloadCredentials& credentials,
                                               const bosdyn::api::SoftwareVersion& version,
                                               const CallOptions& options = {}) const;
  void UpdatePayloadVersionAsync(const PayloadCredentials& credentials,
                                 const bosdyn::api::SoftwareVersion& version, Completion<Done> done,
                                 const CallOptions& options = {}) const;

  // The token with which the payload calls the robot's other services; valid for about 12 hours.
  // Throws InvalidPayloadCredentialsError (unknown GUID or wrong secret) and, until an
  // administrator has authorized the payload, PayloadNotAuthorizedError: ask once a second.
  Secret GetPayloadAuthToken(const PayloadCredentials& credentials,
                             const CallOptions& options = {}) const;
  std::future<Secret> GetPayloadAuthTokenFuture(const PayloadCredentials& credentials,
                                                const CallOptions& options = {}) const;
  void GetPayloadAuthTokenAsync(const PayloadCredentials& credentials, Completion<Secret> done,
                                const CallOptions& options = {}) const;

  // Tells the robot that the authorized payload is on its back, or that it is not: its mass and its
  // boxes count only while attached.
  // Throws PayloadDoesNotExistError, InvalidPayloadCredentialsError, PayloadNotAuthorizedError.
  void AttachPayload(const PayloadCredentials& credentials, const CallOptions& options = {}) const;
  std::future<void> AttachPayloadFuture(const PayloadCredentials& credentials,
                                        const CallOptions& options = {}) const;
  void AttachPayloadAsync(const PayloadCredentials& credentials, Completion<Done> done,
                          const CallOptions& options = {}) const;
  void DetachPayload(const PayloadCredentials& credentials, const CallOptions& options = {}) const;
  std::future<void> DetachPayloadFuture(const PayloadCredentials& credentials,
                                        const CallOptions& options = {}) const;
  void DetachPayloadAsync(const PayloadCredentials& credentials, Completion<Done> done,
                          const CallOptions& options = {}) const;

  // All payloads that the robot knows, never with their secrets. `token` is a payload's or a
  // user's; without a valid one: PersistentRpcError (kUnauthenticated).
  bosdyn::api::ListPayloadsResponse ListPayloads(const Secret& token,
                                                 const CallOptions& options = {}) const;
  std::future<bosdyn::api::ListPayloadsResponse> ListPayloadsFuture(
      const Secret& token, const CallOptions& options = {}) const;
  void ListPayloadsAsync(const Secret& token, Completion<bosdyn::api::ListPayloadsResponse> done,
                         const CallOptions& options = {}) const;

  // What the client calls through; never null.
  const std::shared_ptr<RobotConnection>& connection() const { return connection_; }

 private:
  std::shared_ptr<RobotConnection> connection_;
};

}  // namespace payload_manager
