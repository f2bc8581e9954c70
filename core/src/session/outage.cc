#include "session/outage.h"

namespace payload_manager {

bool IsOutage(CallKind call, FailureKind failure) {
  switch (failure) {
    case FailureKind::kUnableToConnect:
    case FailureKind::kConnectionLost:
    case FailureKind::kTimedOut:
    case FailureKind::kServiceUnavailable:
    case FailureKind::kProxyFailure:
    case FailureKind::kShutDown:
      return true;
    case FailureKind::kFailedDuringExecution:
    case FailureKind::kResponseTooLarge:
    case FailureKind::kCancelled:
    case FailureKind::kUnauthenticated:
    case FailureKind::kPermissionDenied:
    case FailureKind::kNotFound:
    case FailureKind::kUnimplemented:
    case FailureKind::kNonexistentAuthority:
    case FailureKind::kOtherRpc:
      // Payload registration needs no token and is on every robot: whoever refuses it is not a
      // robot we can work with. The other services may refuse for reasons of their own.
      return call != CallKind::kRefresh && call != CallKind::kList;
    default:
      return false;  // the robot has answered
  }
}

}  // namespace payload_manager
