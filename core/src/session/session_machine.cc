#include "session/session_machine.h"

#include <algorithm>
#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "definition/compare/guid.h"
#include "payload_manager/definition_compare.h"
#include "session/outage.h"

namespace payload_manager {
namespace {

constexpr double kBeatJitter = 0.1;
constexpr int kPollShare = 10;  // a poll may add a tenth to the time already waited

bool IsDue(const std::optional<TimePoint>& due, TimePoint now) { return due && *due <= now; }

}  // namespace

SessionMachine::SessionMachine(SessionOptions options,
                               std::shared_ptr<const bosdyn::api::Payload> definition,
                               std::uint64_t seed, TimePoint now)
    : options_(options), definition_(std::move(definition)), jitter_(seed), beat_due_(now) {
  snapshot_.guid = definition_->guid();
  snapshot_.since = now;
}

SessionMachine::Wish SessionMachine::WhatNext(TimePoint now, bool may_list) const {
  // What has been due the longest, so that no kind of call crowds out another when turns are rare;
  // of equals a beat first: the robot may count it as a sign of life, and it resolves doubt.
  std::optional<CallKind> call;
  std::optional<TimePoint> first;
  const auto consider = [&](CallKind kind, const std::optional<TimePoint>& due) {
    if (!due || (first && *first <= *due)) return;
    call = kind;
    first = due;
  };
  consider(CallKind::kRegister, beat_due_);
  consider(CallKind::kToken, token_due_);
  if (RequestIsPossible()) consider(requests_.front().kind, request_due_);
  if (may_list) consider(CallKind::kList, comparison_due_);
  // A renewal may wait long, in a line of its own: what comes regularly does not wait behind it.
  if (!IsDue(beat_due_, now) && !IsDue(token_due_, now)) consider(CallKind::kRefresh, renewal_due_);
  if (first && *first > now) return {std::nullopt, first};
  if (call != CallKind::kRefresh) return {call, std::nullopt};
  return {call, beat_due_ && token_due_ ? std::min(beat_due_, token_due_)
                                        : std::max(beat_due_, token_due_)};
}

bool SessionMachine::WantsList(TimePoint now) const { return IsDue(comparison_due_, now); }

void SessionMachine::Began(CallKind, TimePoint now) { call_began_ = now; }

void SessionMachine::Answered(CallKind call, const Outcome<Done>& answer, TimePoint now) {
  call == CallKind::kRegister ? Registered(answer, now) : RequestAnswered(answer, now);
}

void SessionMachine::Answered(CallKind call, const Outcome<Secret>& answer, TimePoint now) {
  call == CallKind::kToken ? GotToken(answer, now) : Refreshed(answer, now);
}

void SessionMachine::Answered(CallKind, const Outcome<bosdyn::api::ListPayloadsResponse>& answer,
                              TimePoint now) {
  Listed(answer, now);
}

void SessionMachine::Registered(const Outcome<Done>& answer, TimePoint now) {
  ++snapshot_.attempts;
  lost_alone_ = false;
  if (!answer.ok() && answer.error().kind != FailureKind::kPayloadAlreadyExists) {
    NoteFailure(CallKind::kRegister, answer.error());
    if (answer.error().kind == FailureKind::kInvalidRequest ||
        answer.error().kind == FailureKind::kInvalidArgument) {
      ClearSchedule();
      Enter(PayloadState::kDefinitionRejected, answer.error().message, now);
    } else {
      NoteUnheard(answer.error(), now);
      ScheduleBeat(now);
    }
    return;
  }
  NoteSuccess(CallKind::kRegister);
  const bool in_doubt = std::exchange(in_doubt_, false);
  ScheduleBeat(now);
  if (answer.ok()) {
    const bool forgotten = proven_;
    if (forgotten) {
      effects_.emplace_back(ForgottenEffect{});
      authorized_ = false;
      beat_unheard_ = false;
      SetAttached(false);
      SetDifferences({});
    }
    WaitForAuthorization(
        forgotten ? "the robot had forgotten it; registered anew" : "registered for the first time",
        now);
    waiting_since_ = now;
    token_due_ = now + options_.token_poll;
  } else if (in_doubt && beat_unheard_) {
    // It may be known since that beat, and by our secret.
    token_due_ = now + options_.slowest_token_poll;
  } else if (in_doubt) {
    ClearSchedule();
    DropToken();
    authorized_ = false;
    token_due_ = now + options_.token_check;
    snapshot_.failure = Failure{FailureKind::kInvalidPayloadCredentials,
                                "the robot knows this GUID with another secret"};
    failed_call_ = CallKind::kToken;
    Enter(PayloadState::kCredentialsRejected,
          "the robot knows this GUID with another secret: somebody else owns it, or ours was lost",
          now);
  } else if (state() == PayloadState::kRegistering) {
    token_due_ = now;
  }
}

void SessionMachine::GotToken(const Outcome<Secret>& answer, TimePoint now) {
  lost_alone_ = false;
  if (answer.ok()) {
    NoteSuccess(CallKind::kToken);
    Authorize(answer.value(), now);
    return;
  }
  switch (answer.error().kind) {
    case FailureKind::kPayloadNotAuthorized:
      NoteSuccess(CallKind::kToken);
      in_doubt_ = false;
      if (std::exchange(authorized_, false)) {
        effects_.emplace_back(DeauthorizedEffect{});
        snapshot_.attached.reset();
        snapshot_.differences.clear();
        WaitForAuthorization(
            std::exchange(beat_unheard_, false)
                ? "an administrator took the authorization back, or the robot had forgotten it "
                  "and the answer to registering it anew was lost"
                : "an administrator took the authorization back",
            now);
      } else {
        WaitForAuthorization("registered, and waits for an administrator", now);
      }
      token_due_ = std::max(now, call_began_ + TokenGap(now));
      break;
    case FailureKind::kInvalidPayloadCredentials:
      NoteFailure(CallKind::kToken, answer.error());
      in_doubt_ = true;
      beat_unheard_ = false;  // it did not register ours
      token_due_.reset();
      beat_due_ = now;
      break;
    default:
      NoteFailure(CallKind::kToken, answer.error());
      token_due_ = now + TokenGap(now);
  }
}

void SessionMachine::Refreshed(const Outcome<Secret>& answer, TimePoint now) {
  if (answer.ok()) {
    NoteSuccess(CallKind::kRefresh);
    token_ = answer.value();
    renewal_due_ = now + options_.token_renewal;
    effects_.emplace_back(TokenEffect{token_, TokenNews::kRenewed});
    return;
  }
  NoteFailure(CallKind::kRefresh, answer.error());
  renewal_due_.reset();
  needs_token_ = true;
  if (state() != PayloadState::kAuthorized) return;
  token_due_ = now;
  // Void before its time: the authorization may have been taken and given back unseen.
  const FailureKind kind = answer.error().kind;
  if (kind == FailureKind::kInvalidToken || kind == FailureKind::kUnauthenticated) {
    comparison_due_ = now;
  }
}

void SessionMachine::Listed(const Outcome<bosdyn::api::ListPayloadsResponse>& answer,
                            TimePoint now) {
  if (!answer.ok()) {
    NoteFailure(CallKind::kList, answer.error());
    const FailureKind kind = answer.error().kind;
    if (state() != PayloadState::kAuthorized) return;  // the robot was lost meanwhile
    const bool token_is_void = kind == FailureKind::kUnauthenticated;
    if (token_is_void) {
      needs_token_ = true;
      token_due_ = now;
    }
    if (IsLoss(kind)) beat_due_ = now;  // is it the service, or the robot?
    const bool soon = token_is_void || IsLoss(kind) || kind == FailureKind::kTooManyRequests;
    comparison_due_ = now + (soon ? options_.token_check : options_.definition_check);
    return;
  }
  NoteSuccess(CallKind::kList);
  comparison_due_ = now + options_.definition_check;
  const auto& payloads = answer.value().payloads();
  const auto own = std::find_if(payloads.begin(), payloads.end(), [this](const auto& payload) {
    return SameGuid(payload.guid(), definition_->guid());
  });
  if (own == payloads.end()) {
    beat_due_ = now;  // forgotten a moment ago
    return;
  }
  SetDifferences(CompareDefinitions(*definition_, *own));
  SetAttached(own->is_enabled());
}

void SessionMachine::Lost(CallKind call, const Failure& failure) {
  if (call == CallKind::kRegister) {
    ++snapshot_.attempts;
    if (MayHaveBeenDone(failure.kind)) beat_unheard_ = true;
  }
  NoteFailure(call, failure);
}

void SessionMachine::NoteUnheard(const Failure& failure, TimePoint now) {
  if (!MayHaveBeenDone(failure.kind)) return;
  beat_unheard_ = true;
  // No answered beat may come for long: the credentials can tell as well.
  if (in_doubt_ && !token_due_) token_due_ = now + options_.slowest_token_poll;
}

void SessionMachine::LostAlone(CallKind call, const Failure& failure, TimePoint now) {
  Lost(call, failure);
  if (!std::exchange(lost_alone_, true)) return;
  if (call == CallKind::kRegister) {
    NoteUnheard(failure, now);
    ScheduleBeat(now);
  } else {
    token_due_ = now + TokenGap(now);
  }
}

void SessionMachine::GivenUp(CallKind call) {
  if (call == CallKind::kRegister) beat_unheard_ = true;
  if (IsAttachment(call)) snapshot_.attached.reset();
}

void SessionMachine::RobotUnreachable(const Failure& cause, TimePoint now) {
  if (state() == PayloadState::kDefinitionRejected || state() == PayloadState::kRemoved) return;
  ClearSchedule();
  beat_due_ = now;
  snapshot_.failure = cause;
  failed_call_ = CallKind::kRegister;
  Enter(PayloadState::kUnreachable, cause.message, now);
}

void SessionMachine::RobotReachable(TimePoint now) {
  if (state() != PayloadState::kUnreachable) return;
  beat_due_ = now;
  snapshot_.failure.reset();
  Enter(PayloadState::kRegistering, "the robot answers again", now);
}

void SessionMachine::UpdateDefinition(std::shared_ptr<const bosdyn::api::Payload> definition,
                                      TimePoint now) {
  definition_ = std::move(definition);
  if (state() == PayloadState::kDefinitionRejected) {
    beat_due_ = now;
    snapshot_.failure.reset();
    Enter(PayloadState::kRegistering, "the definition has changed", now);
  } else if (state() == PayloadState::kAuthorized) {
    comparison_due_ = now;
  }
}

void SessionMachine::Remove(const std::string& reason, TimePoint now) {
  ClearSchedule();
  for (const SessionRequest& request : std::exchange(requests_, {})) {
    effects_.emplace_back(
        ResultEffect{request.number, Failed{Failure{FailureKind::kShutDown, reason}}});
  }
  DropToken();
  Enter(PayloadState::kRemoved, reason, now);
}

void SessionMachine::Enter(PayloadState state, const std::string& reason, TimePoint now) {
  if (snapshot_.state == state) return;
  effects_.emplace_back(StateChange{snapshot_.state, state, reason, now});
  snapshot_.state = state;
  snapshot_.since = now;
}

void SessionMachine::WaitForAuthorization(const std::string& reason, TimePoint now) {
  proven_ = true;
  DropToken();
  renewal_due_.reset();
  comparison_due_.reset();
  if (!beat_due_) ScheduleBeat(now);
  if (state() != PayloadState::kWaiting) waiting_since_ = now;
  Enter(PayloadState::kWaiting, reason, now);
}

void SessionMachine::Authorize(const Secret& token, TimePoint now) {
  proven_ = true;
  in_doubt_ = false;
  if (!beat_due_) ScheduleBeat(now);
  token_due_ = now + options_.token_check;
  const bool again = state() == PayloadState::kAuthorized;
  // Registered anew by a beat that nobody heard of, and authorized anew, it would hold a void
  // token.
  const bool perhaps_anew = std::exchange(beat_unheard_, false);
  if (again && !needs_token_ && !perhaps_anew) return;  // a check, which the held token passed
  const bool renewed = authorized_ && !token_.empty();
  needs_token_ = false;
  authorized_ = true;
  token_ = token;
  snapshot_.has_token = true;
  renewal_due_ = now + options_.token_renewal;
  NoteSuccess(CallKind::kRefresh);  // the new token does for one whose renewal failed
  if (perhaps_anew) {
    snapshot_.attached.reset();
    snapshot_.differences.clear();
  }
  if (!again || perhaps_anew) comparison_due_ = now;
  Enter(PayloadState::kAuthorized, "authorized", now);
  effects_.emplace_back(TokenEffect{token_, renewed ? TokenNews::kRenewed : TokenNews::kObtained});
}

void SessionMachine::DropToken() {
  token_ = Secret();
  needs_token_ = false;
  snapshot_.has_token = false;
}

void SessionMachine::SetDifferences(std::vector<std::string> differences) {
  snapshot_.differences = std::move(differences);
  if (snapshot_.differences == told_differences_) return;
  told_differences_ = snapshot_.differences;
  effects_.emplace_back(DiffersEffect{told_differences_});
}

void SessionMachine::SetAttached(bool attached) {
  snapshot_.attached = attached;
  if (std::exchange(told_attached_, attached) != attached) {
    effects_.emplace_back(AttachedEffect{attached});
  }
}

void SessionMachine::ScheduleBeat(TimePoint now) {
  TimePoint due = call_began_ + jitter_.Around(options_.interval, kBeatJitter);
  if (due <= now) due += options_.interval * ((now - due) / options_.interval + 1);
  beat_due_ = due;
}

Duration SessionMachine::TokenGap(TimePoint now) const {
  switch (state()) {
    case PayloadState::kWaiting:
      return std::clamp<Duration>((now - waiting_since_) / kPollShare, options_.token_poll,
                                  std::max(options_.token_poll, options_.slowest_token_poll));
    case PayloadState::kRegistering:
      return options_.slowest_token_poll;
    default:
      return options_.token_check;
  }
}

void SessionMachine::NoteFailure(CallKind call, const Failure& failure) {
  snapshot_.failure = failure;
  failed_call_ = call;
}

void SessionMachine::NoteSuccess(CallKind call) {
  if (failed_call_ == call) snapshot_.failure.reset();
}

void SessionMachine::ClearSchedule() {
  beat_due_.reset();
  token_due_.reset();
  renewal_due_.reset();
  comparison_due_.reset();
  in_doubt_ = false;
}

}  // namespace payload_manager
