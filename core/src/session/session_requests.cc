// Users' requests: setting the version, attaching and detaching.
#include <utility>

#include "session/outage.h"
#include "session/session_machine.h"

namespace payload_manager {

bool SessionMachine::Ask(SessionRequest request, TimePoint now) {
  if (requests_.size() >= kMostRequests) return false;
  if (requests_.empty()) request_due_ = now;
  requests_.push_back(request);
  return true;
}

bool SessionMachine::RequestIsPossible() const {
  if (requests_.empty()) return false;
  return requests_.front().kind == CallKind::kVersion ? IsRegistered(state())
                                                      : state() == PayloadState::kAuthorized;
}

void SessionMachine::RequestAnswered(const Outcome<Done>& answer, TimePoint now) {
  const SessionRequest request = requests_.front();
  const bool attachment = request.kind != CallKind::kVersion;
  if (attachment && !answer.ok() && MayHaveBeenDone(answer.error().kind)) {
    snapshot_.attached.reset();
  }
  const bool lost = !answer.ok() && IsLoss(answer.error().kind);
  if (lost) beat_due_ = now;  // is it the service, or the robot?
  if (lost || (!answer.ok() && answer.error().kind == FailureKind::kTooManyRequests)) {
    if (++sends_lost_ < kMostSends) {
      NoteFailure(request.kind, answer.error());
      request_due_ = now + between_sends_.Next();
      return;
    }
  }
  sends_lost_ = 0;
  between_sends_.Reset();
  request_due_ = now;
  requests_.erase(requests_.begin());
  if (answer.ok()) {
    NoteSuccess(request.kind);
    if (attachment) SetAttached(request.kind == CallKind::kAttach);
  } else {
    NoteFailure(request.kind, answer.error());
    const bool in_doubt = attachment && !snapshot_.attached;
    if (in_doubt && state() == PayloadState::kAuthorized) comparison_due_ = now;
    switch (answer.error().kind) {
      case FailureKind::kPayloadDoesNotExist:
        beat_due_ = now;
        break;
      case FailureKind::kPayloadNotAuthorized:
      case FailureKind::kInvalidPayloadCredentials:
        token_due_ = now;
        break;
      default:
        break;
    }
  }
  effects_.emplace_back(ResultEffect{request.number, answer});
}

}  // namespace payload_manager
