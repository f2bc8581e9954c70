#include "payload_manager/payload_session.h"

namespace payload_manager {

std::string_view ToString(PayloadState state) {
  switch (state) {
    case PayloadState::kRegistering:
      return "registering";
    case PayloadState::kWaiting:
      return "waiting for authorization";
    case PayloadState::kAuthorized:
      return "authorized";
    case PayloadState::kCredentialsRejected:
      return "credentials rejected";
    case PayloadState::kDefinitionRejected:
      return "definition rejected";
    case PayloadState::kUnreachable:
      return "unreachable";
    case PayloadState::kRemoved:
      return "removed";
  }
  return "?";
}

bool IsRegistered(PayloadState state) {
  return state == PayloadState::kWaiting || state == PayloadState::kAuthorized;
}

}  // namespace payload_manager
