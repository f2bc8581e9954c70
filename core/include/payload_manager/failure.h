// Why a call to the robot did not do what was asked, as a value.
//
// Callbacks and the RobotConnection seam hand out Outcome<T>; the synchronous and future calls of
// the documented client throw the exception that errors.h pairs with the kind. docs/failures.md has
// a row for each failure: its message, what to check, what the keep-alive and the programs do.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "payload_manager/base/outcome.h"

namespace google::protobuf {
class Message;
}

namespace payload_manager {

// Judged in this order: transport, header, status. New kinds may be added; treat one you do not
// know as neither retryable nor persistent.
enum class FailureKind {
  // Nothing was sent.
  kInvalidArgument,  // what was about to be sent is wrong; the message names the field
  kShutDown,         // the client or manager has been shut down

  // Transport. Retryable:
  kUnableToConnect,        // refused, host unknown, not trusted, TLS and plain mixed up
  kConnectionLost,         // reset in mid-call: the robot may or may not have acted
  kTimedOut,               // no answer within the call's timeout
  kTooManyRequests,        // HTTP 429: over the robot's rate limit
  kServiceUnavailable,     // HTTP 502
  kProxyFailure,           // HTTP 504 or another proxy or transient failure
  kFailedDuringExecution,  // the robot gave up in the middle
  kResponseTooLarge,
  // Transport. Persistent:
  kCancelled,
  kUnauthenticated,   // no token, or not a valid one
  kPermissionDenied,  // a valid token that does not open this
  kNotFound,
  kUnimplemented,         // the robot does not know this call
  kNonexistentAuthority,  // the robot does not know this service name, or its certificate does not
  // Transport. Neither:
  kOtherRpc,

  // The response's header.
  kInvalidRequest,       // CODE_INVALID_REQUEST: the robot names what is wrong
  kInternalServerError,  // CODE_INTERNAL_SERVER_ERROR
  kUnsetStatus,          // header code or status left at 0: never success
  kUnknownResponse,      // a header code or status this library does not know

  // The response's status.
  kInvalidPayloadCredentials,
  kPayloadNotAuthorized,
  kPayloadAlreadyExists,
  kPayloadDoesNotExist,
  kInvalidLogin,
  kInvalidToken,
  kTemporarilyLockedOut,
};

// Why there was no connection, where that is known. It says more than the kind does: most of these
// are kUnableToConnect, which is what the documented client calls them all. Some of them only a
// handshake of our own can tell (see ConnectionOptions::diagnose). New causes may be added.
enum class FailureCause {
  kNone,  // the kind says it, or no more is known
  kHostUnknown,
  kNameServiceFailed,  // whether the host exists could not be found out
  kRefused,
  kNoRoute,
  kNoAnswer,  // nobody reacts at this address
  kSilent,    // somebody takes the connection and then says nothing
  kNotGrpc,   // a web server or the like
  kPeerSpeaksPlain,
  kPeerSpeaksTls,
  kTlsFailed,              // the handshake failed in another way
  kCertificateNotTrusted,  // one of the next three, not told apart (yet)
  kUnknownCertificateAuthority,
  kCertificateExpired,
  kCertificateNotYetValid,
  kNameNotInCertificate,  // kNonexistentAuthority
};

// Whether the same call may well succeed later without anybody doing anything.
enum class Retryability { kRetryable, kPersistent, kNeither };
Retryability RetryabilityOf(FailureKind kind);

// The kind's name in words, as logs and tests show it: "payload not authorized".
std::string_view ToString(FailureKind kind);
// Likewise: "certificate expired"; empty for kNone.
std::string_view ToString(FailureCause cause);

// Threads: a value. `message` is one line for an operator and never holds a secret or token.
struct Failure {
  FailureKind kind = FailureKind::kOtherRpc;
  std::string message;
  // The robot's answer where there was one (header and status failures); else null. An answer to
  // a token call is carried without its token.
  std::shared_ptr<const google::protobuf::Message> response = nullptr;
  FailureCause cause = FailureCause::kNone;
};

// The result of every call to a robot.
template <typename T>
using Outcome = BasicOutcome<T, Failure>;

}  // namespace payload_manager
