#include "tools/payload_host/goal.h"

#include <algorithm>

namespace payload_manager::payload_host {

bool Goal::IsReached(PayloadState state) const {
  return until_ == Until::kRegistered ? IsRegistered(state) : state == PayloadState::kAuthorized;
}

bool Goal::IsAny(PayloadState state) const {
  return std::any_of(states_.begin(), states_.end(),
                     [state](const auto& payload) { return payload.second == state; });
}

bool Goal::IsSettled() const {
  return until_ != Until::kStopped && all_started_ &&
         std::all_of(states_.begin(), states_.end(), [this](const auto& payload) {
           return IsReached(payload.second) ||
                  payload.second == PayloadState::kCredentialsRejected ||
                  payload.second == PayloadState::kDefinitionRejected;
         });
}

cli::ExitCode Goal::Conclude(Ending ending) const {
  if (until_ == Until::kStopped) return cli::ExitCode::kDone;
  if (any_refused_) return cli::ExitCode::kPluginRefused;
  if (IsAny(PayloadState::kCredentialsRejected)) return cli::ExitCode::kInvalidCredentials;
  if (!IsSettled()) {
    return ending == Ending::kStopped ? cli::ExitCode::kOther : cli::ExitCode::kTimedOut;
  }
  return IsAny(PayloadState::kDefinitionRejected) ? cli::ExitCode::kOther : cli::ExitCode::kDone;
}

}  // namespace payload_manager::payload_host
