// The one seam to a robot: everything the payload manager ever asks of one.
//
// Implementations: gRPC (connect.h), the loopback onto the mock robot's registry that the
// virtual-time tests use (tests/support), and fakes. Users who want their own transport or a fake
// derive from this class.
#pragma once

#include <functional>
#include <vector>

#include "payload_manager/base/secret.h"
#include "payload_manager/call_options.h"
#include "payload_manager/credentials.h"
#include "payload_manager/failure.h"

namespace bosdyn::api {
class ListPayloadsResponse;
class Payload;
class SoftwareVersion;
}  // namespace bosdyn::api

namespace payload_manager {

enum class Attachment { kAttach, kDetach };

// Runs exactly once per call with its outcome: on a thread of the transport, or within the
// asynchronous verb itself when nothing could be sent. It must not block: it may start another
// call, and normally just posts to somebody's inbox. Transports run it within a CompletionScope
// (base/completion_scope.h), by which what blocks can tell and refuse. An exception of it ends the
// process. An empty one means that nobody wants to know: the call is made all the same.
template <typename T>
using Completion = std::function<void(Outcome<T>)>;

// Threads: every verb may be called from any thread at any time, except that a blocking verb called
// in a Completion fails at once with kInvalidArgument and sends nothing: it would hold up the
// answers that other calls wait for. Nothing passed by reference is kept after a verb returns.
// Ownership: the destructor cancels what is in flight and returns when every Completion has run.
// In a Completion, which may be the last owner, it cancels and returns at once: the other
// Completions run later, and the connection ends after the last of them.
// Failures: a value is only ever the robot's explicit success; everything else is a Failure whose
// message names no secret. A call that failed in transport may or may not have had its effect.
class RobotConnection {
 public:
  virtual ~RobotConnection() = default;

  // Registers the payload, or, as a heartbeat, reminds the robot of it: kPayloadAlreadyExists.
  // `payload.GUID` is the identity; needs no token.
  virtual Outcome<Done> RegisterPayload(const bosdyn::api::Payload& payload, const Secret& secret,
                                        const CallOptions& options) = 0;
  virtual void RegisterPayloadAsync(const bosdyn::api::Payload& payload, const Secret& secret,
                                    const CallOptions& options, Completion<Done> done) = 0;

  // kPayloadDoesNotExist, kInvalidPayloadCredentials.
  virtual Outcome<Done> UpdatePayloadVersion(const PayloadCredentials& credentials,
                                             const bosdyn::api::SoftwareVersion& version,
                                             const CallOptions& options) = 0;
  virtual void UpdatePayloadVersionAsync(const PayloadCredentials& credentials,
                                         const bosdyn::api::SoftwareVersion& version,
                                         const CallOptions& options, Completion<Done> done) = 0;

  // The payload's token: kInvalidPayloadCredentials (unknown GUID or wrong secret),
  // kPayloadNotAuthorized until an administrator has authorized it.
  virtual Outcome<Secret> GetPayloadAuthToken(const PayloadCredentials& credentials,
                                              const CallOptions& options) = 0;
  virtual void GetPayloadAuthTokenAsync(const PayloadCredentials& credentials,
                                        const CallOptions& options, Completion<Secret> done) = 0;

  // kPayloadDoesNotExist, kInvalidPayloadCredentials, kPayloadNotAuthorized.
  virtual Outcome<Done> UpdatePayloadAttached(const PayloadCredentials& credentials,
                                              Attachment attachment,
                                              const CallOptions& options) = 0;
  virtual void UpdatePayloadAttachedAsync(const PayloadCredentials& credentials,
                                          Attachment attachment, const CallOptions& options,
                                          Completion<Done> done) = 0;

  // All payloads the robot knows. kUnauthenticated without a valid token.
  virtual Outcome<bosdyn::api::ListPayloadsResponse> ListPayloads(const Secret& token,
                                                                  const CallOptions& options) = 0;
  virtual void ListPayloadsAsync(const Secret& token, const CallOptions& options,
                                 Completion<bosdyn::api::ListPayloadsResponse> done) = 0;

  // A new token for one that is still valid: kInvalidToken otherwise.
  virtual Outcome<Secret> RefreshToken(const Secret& token, const CallOptions& options) = 0;
  virtual void RefreshTokenAsync(const Secret& token, const CallOptions& options,
                                 Completion<Secret> done) = 0;

  // A user's token: kInvalidLogin, kTemporarilyLockedOut.
  virtual Outcome<Secret> Authenticate(const std::string& user, const Secret& password,
                                       const CallOptions& options) = 0;
  virtual void AuthenticateAsync(const std::string& user, const Secret& password,
                                 const CallOptions& options, Completion<Secret> done) = 0;
};

}  // namespace payload_manager
