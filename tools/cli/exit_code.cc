#include "tools/cli/exit_code.h"

namespace payload_manager::cli {

ExitCode ExitCodeFor(FailureKind kind) {
  switch (kind) {
    case FailureKind::kInvalidArgument:
    case FailureKind::kInvalidRequest:
      return ExitCode::kBadInput;
    case FailureKind::kPayloadAlreadyExists:
      return ExitCode::kAlreadyExists;
    case FailureKind::kInvalidPayloadCredentials:
    case FailureKind::kInvalidLogin:
    case FailureKind::kInvalidToken:
    case FailureKind::kTemporarilyLockedOut:
      return ExitCode::kInvalidCredentials;
    case FailureKind::kPayloadNotAuthorized:
    case FailureKind::kUnauthenticated:
    case FailureKind::kPermissionDenied:
      return ExitCode::kNotAuthorized;
    case FailureKind::kPayloadDoesNotExist:
      return ExitCode::kDoesNotExist;
    case FailureKind::kUnableToConnect:
    case FailureKind::kConnectionLost:
    case FailureKind::kTimedOut:
    case FailureKind::kTooManyRequests:
    case FailureKind::kServiceUnavailable:
    case FailureKind::kProxyFailure:
    case FailureKind::kFailedDuringExecution:
    case FailureKind::kResponseTooLarge:
    case FailureKind::kCancelled:
    case FailureKind::kNotFound:
    case FailureKind::kUnimplemented:
    case FailureKind::kNonexistentAuthority:
    case FailureKind::kOtherRpc:
    case FailureKind::kInternalServerError:
    case FailureKind::kUnsetStatus:
    case FailureKind::kUnknownResponse:
      return ExitCode::kRobotUnreachable;
    case FailureKind::kShutDown:
      return ExitCode::kOther;
  }
  return ExitCode::kOther;
}

}  // namespace payload_manager::cli
