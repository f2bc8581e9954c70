#include "session/outage.h"

namespace payload_manager {

bool IsLoss(FailureKind failure) {
  switch (failure) {
    case FailureKind::kUnableToConnect:
    case FailureKind::kConnectionLost:
    case FailureKind::kTimedOut:
    case FailureKind::kServiceUnavailable:
    case FailureKind::kProxyFailure:
      return true;
    default:
      return false;
  }
}

bool MayHaveBeenDone(FailureKind failure) {
  switch (failure) {
    case FailureKind::kConnectionLost:
    case FailureKind::kTimedOut:
    case FailureKind::kServiceUnavailable:
    case FailureKind::kProxyFailure:
    case FailureKind::kFailedDuringExecution:
    case FailureKind::kResponseTooLarge:
    case FailureKind::kCancelled:
    case FailureKind::kOtherRpc:
    case FailureKind::kInternalServerError:
    case FailureKind::kUnsetStatus:
    case FailureKind::kUnknownResponse:
      return true;
    default:
      return false;  // it was not sent, or was refused
  }
}

bool JudgesRobot(CallKind call) { return call == CallKind::kRegister || call == CallKind::kToken; }

bool IsOutage(CallKind call, FailureKind failure) {
  if (!JudgesRobot(call)) return false;
  switch (failure) {
    case FailureKind::kShutDown:
    case FailureKind::kNotFound:
    case FailureKind::kUnimplemented:
    case FailureKind::kNonexistentAuthority:
      return true;  // whatever is there, it is no robot that we can work with
    default:
      return IsLoss(failure);
  }
}

}  // namespace payload_manager
