#include "tools/payload_host/goal.h"

#include <algorithm>

namespace payload_manager::payload_host {

bool Goal::IsReached(PayloadState state) const {
  return until_ == Until::kRegistered ? IsRegistered(state) : state == PayloadState::kAuthorized;
}

bool Goal::IsSettled() const {
  return until_ != Until::kStopped &&
         std::all_of(states_.begin(), states_.end(), [this](const auto& payload) {
           return IsReached(payload.second) || payload.second == PayloadState::kCredentialsRejected;
         });
}

cli::ExitCode Goal::Conclude() const {
  if (until_ == Until::kStopped) return cli::ExitCode::kDone;
  if (any_refused_) return cli::ExitCode::kPluginRefused;
  const bool rejected = std::any_of(states_.begin(), states_.end(), [](const auto& payload) {
    return payload.second == PayloadState::kCredentialsRejected;
  });
  if (rejected) return cli::ExitCode::kInvalidCredentials;
  return IsSettled() ? cli::ExitCode::kDone : cli::ExitCode::kTimedOut;
}

}  // namespace payload_manager::payload_host
