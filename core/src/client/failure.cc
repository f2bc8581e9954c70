#include "payload_manager/failure.h"

namespace payload_manager {

Retryability RetryabilityOf(FailureKind kind) {
  switch (kind) {
    case FailureKind::kUnableToConnect:
    case FailureKind::kConnectionLost:
    case FailureKind::kTimedOut:
    case FailureKind::kTooManyRequests:
    case FailureKind::kServiceUnavailable:
    case FailureKind::kProxyFailure:
    case FailureKind::kFailedDuringExecution:
    case FailureKind::kResponseTooLarge:
      return Retryability::kRetryable;
    case FailureKind::kCancelled:
    case FailureKind::kUnauthenticated:
    case FailureKind::kPermissionDenied:
    case FailureKind::kNotFound:
    case FailureKind::kUnimplemented:
    case FailureKind::kNonexistentAuthority:
      return Retryability::kPersistent;
    case FailureKind::kInvalidArgument:
    case FailureKind::kShutDown:
    case FailureKind::kOtherRpc:
    case FailureKind::kInvalidRequest:
    case FailureKind::kInternalServerError:
    case FailureKind::kUnsetStatus:
    case FailureKind::kUnknownResponse:
    case FailureKind::kInvalidPayloadCredentials:
    case FailureKind::kPayloadNotAuthorized:
    case FailureKind::kPayloadAlreadyExists:
    case FailureKind::kPayloadDoesNotExist:
    case FailureKind::kInvalidLogin:
    case FailureKind::kInvalidToken:
    case FailureKind::kTemporarilyLockedOut:
      return Retryability::kNeither;
  }
  return Retryability::kNeither;
}

std::string_view ToString(FailureKind kind) {
  switch (kind) {
    case FailureKind::kInvalidArgument:
      return "invalid argument";
    case FailureKind::kShutDown:
      return "shut down";
    case FailureKind::kUnableToConnect:
      return "unable to connect";
    case FailureKind::kConnectionLost:
      return "connection lost";
    case FailureKind::kTimedOut:
      return "timed out";
    case FailureKind::kTooManyRequests:
      return "too many requests";
    case FailureKind::kServiceUnavailable:
      return "service unavailable";
    case FailureKind::kProxyFailure:
      return "proxy failure";
    case FailureKind::kFailedDuringExecution:
      return "failed during execution";
    case FailureKind::kResponseTooLarge:
      return "response too large";
    case FailureKind::kCancelled:
      return "cancelled";
    case FailureKind::kUnauthenticated:
      return "unauthenticated";
    case FailureKind::kPermissionDenied:
      return "permission denied";
    case FailureKind::kNotFound:
      return "not found";
    case FailureKind::kUnimplemented:
      return "unimplemented";
    case FailureKind::kNonexistentAuthority:
      return "nonexistent authority";
    case FailureKind::kOtherRpc:
      return "rpc failed";
    case FailureKind::kInvalidRequest:
      return "invalid request";
    case FailureKind::kInternalServerError:
      return "internal server error";
    case FailureKind::kUnsetStatus:
      return "unset status";
    case FailureKind::kUnknownResponse:
      return "unknown response";
    case FailureKind::kInvalidPayloadCredentials:
      return "invalid payload credentials";
    case FailureKind::kPayloadNotAuthorized:
      return "payload not authorized";
    case FailureKind::kPayloadAlreadyExists:
      return "payload already exists";
    case FailureKind::kPayloadDoesNotExist:
      return "payload does not exist";
    case FailureKind::kInvalidLogin:
      return "invalid login";
    case FailureKind::kInvalidToken:
      return "invalid token";
    case FailureKind::kTemporarilyLockedOut:
      return "temporarily locked out";
  }
  return "unknown failure";
}

std::string_view ToString(FailureCause cause) {
  switch (cause) {
    case FailureCause::kNone:
      return "";
    case FailureCause::kHostUnknown:
      return "host unknown";
    case FailureCause::kNameServiceFailed:
      return "name service failed";
    case FailureCause::kRefused:
      return "refused";
    case FailureCause::kNoRoute:
      return "no route";
    case FailureCause::kNoAnswer:
      return "no answer";
    case FailureCause::kSilent:
      return "silent";
    case FailureCause::kNotGrpc:
      return "not gRPC";
    case FailureCause::kPeerSpeaksPlain:
      return "peer speaks plain";
    case FailureCause::kPeerSpeaksTls:
      return "peer speaks TLS";
    case FailureCause::kTlsFailed:
      return "TLS failed";
    case FailureCause::kCertificateNotTrusted:
      return "certificate not trusted";
    case FailureCause::kUnknownCertificateAuthority:
      return "unknown certificate authority";
    case FailureCause::kCertificateExpired:
      return "certificate expired";
    case FailureCause::kCertificateNotYetValid:
      return "certificate not yet valid";
    case FailureCause::kNameNotInCertificate:
      return "name not in certificate";
  }
  return "unknown cause";
}

}  // namespace payload_manager
