// One payload on one robot as a state machine: answers in, wishes and effects out. Pure: no clock,
// no thread, no connection.
//
// The states and the edges between them are drawn in payload_session.h. What moves it:
//
//   register OK            new, or forgotten when it had been proven before          -> kWaiting
//   register ALREADY_EXISTS  from kRegistering: ask for a token, which proves the secret
//                            after "invalid credentials": somebody else's -> kCredentialsRejected,
//                            unless a beat went unheard since, which may have registered ours:
//                            then a token is asked for once more
//   register INVALID_REQUEST                                              -> kDefinitionRejected
//   token OK                                                              -> kAuthorized
//                            there already: a check; taken, and the definition compared, when a
//                            beat went unheard since the last, which may have registered it anew
//   A beat goes unheard when it is lost, given up or failed, and may have been carried out.
//   token NOT_AUTHORIZED     proven; when it had been authorized: de-authorized -> kWaiting
//   token INVALID_CREDENTIALS  the next beat tells which: forgotten, or somebody else's
//   the robot is lost / found                          -> kUnreachable / from there kRegistering
//
// Any other failure is noted and leaves the state: a beat or token call is made again after its
// usual gap, a list after a token check when it was lost, a token is renewed from the credentials.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "payload_manager/failure.h"
#include "payload_manager/payload_session.h"
#include "schedule/back_off.h"

namespace bosdyn::api {
class ListPayloadsResponse;
class Payload;
}  // namespace bosdyn::api

namespace payload_manager {

enum class CallKind { kRegister, kToken, kRefresh, kList, kVersion, kAttach, kDetach };

inline bool IsAttachment(CallKind call) {
  return call == CallKind::kAttach || call == CallKind::kDetach;
}

// A user's request, by the number its owner knows it by.
struct SessionRequest {
  CallKind kind;  // kVersion, kAttach or kDetach
  std::uint64_t number;
};

// What is to be told outside, in this order.
struct TokenEffect {
  Secret token;
  TokenNews news;
};
struct DiffersEffect {
  std::vector<std::string> fields;
};
struct ForgottenEffect {};
struct DeauthorizedEffect {};
struct AttachedEffect {
  bool attached;
};
struct ResultEffect {
  std::uint64_t request;
  Outcome<Done> outcome;
};
using SessionEffect = std::variant<StateChange, TokenEffect, DiffersEffect, ForgottenEffect,
                                   DeauthorizedEffect, AttachedEffect, ResultEffect>;

// At most one call is under way: its owner asks WhatNext, makes the call it names (Began), and
// hands the answer in; until then a call that was refused its turn is simply wished for again.
// Threads: one at a time.
class SessionMachine {
 public:
  static constexpr std::size_t kMostRequests = 64;
  // A request is sent so often before its loss is its result, after waits that double.
  static constexpr int kMostSends = 5;
  static constexpr Duration kFirstWait = std::chrono::seconds(1);
  static constexpr Duration kLastWait = std::chrono::seconds(10);

  SessionMachine(SessionOptions options, std::shared_ptr<const bosdyn::api::Payload> definition,
                 std::uint64_t seed, TimePoint now);

  struct Wish {
    std::optional<CallKind> call;  // to be made now
    // When to ask again unless something happens before: the wish may be another then.
    std::optional<TimePoint> at;
  };
  // Not `may_list`: a list of this robot is under way, which may do, and to which everything else
  // does not wait.
  Wish WhatNext(TimePoint now, bool may_list = true) const;
  // Would take a list, should somebody have one.
  bool WantsList(TimePoint now) const;

  // The call goes out now.
  void Began(CallKind call, TimePoint now);

  // What came of the call: an answer, or a failure that is this call's own. When IsOutage
  // (outage.h) says that it is the robot's, and when "too many requests" meets a call that judges
  // the robot, it is Lost instead.
  void Answered(CallKind call, const Outcome<Done>& answer, TimePoint now);
  void Answered(CallKind call, const Outcome<Secret>& answer, TimePoint now);
  void Answered(CallKind call, const Outcome<bosdyn::api::ListPayloadsResponse>& answer,
                TimePoint now);
  void Registered(const Outcome<Done>& answer, TimePoint now);
  void GotToken(const Outcome<Secret>& answer, TimePoint now);
  void Refreshed(const Outcome<Secret>& answer, TimePoint now);
  void Listed(const Outcome<bosdyn::api::ListPayloadsResponse>& answer, TimePoint now);
  void RequestAnswered(const Outcome<Done>& answer, TimePoint now);
  // The call is wished for again as if it had not been made.
  void Lost(CallKind call, const Failure& failure);

  // A call that judges the robot was lost, but the robot has answered another since: it
  // counts for itself only. Made again at once, and when that is lost too, after its usual gap.
  void LostAlone(CallKind call, const Failure& failure, TimePoint now);

  // What came of the call will not be known: it is wished for again at once, and nothing is
  // counted.
  void GivenUp(CallKind call);

  // The robot as a whole, as any session found it.
  void RobotUnreachable(const Failure& cause, TimePoint now);
  void RobotReachable(TimePoint now);

  // False when too many wait already.
  [[nodiscard]] bool Ask(SessionRequest request, TimePoint now);
  void UpdateDefinition(std::shared_ptr<const bosdyn::api::Payload> definition, TimePoint now);
  // The end: every request is answered kShutDown.
  void Remove(const std::string& reason, TimePoint now);

  std::vector<SessionEffect> TakeEffects() { return std::exchange(effects_, {}); }

  PayloadState state() const { return snapshot_.state; }
  const std::shared_ptr<const bosdyn::api::Payload>& definition() const { return definition_; }
  const Secret& token() const { return token_; }
  // The request that WhatNext wants carried out.
  const SessionRequest& request() const { return requests_.front(); }
  // When the latest call went out.
  TimePoint call_began() const { return call_began_; }
  // All but the robot's name and the next attempt.
  const PayloadSnapshot& snapshot() const { return snapshot_; }

 private:
  void Enter(PayloadState state, const std::string& reason, TimePoint now);
  void WaitForAuthorization(const std::string& reason, TimePoint now);
  void Authorize(const Secret& token, TimePoint now);
  void DropToken();
  void SetDifferences(std::vector<std::string> differences);
  void SetAttached(bool attached);
  void ScheduleBeat(TimePoint now);
  Duration TokenGap(TimePoint now) const;
  // The state lets the first request out.
  bool RequestIsPossible() const;
  void NoteFailure(CallKind call, const Failure& failure);
  void NoteSuccess(CallKind call);
  // What came of the beat is not known, if it may have been carried out.
  void NoteUnheard(const Failure& failure, TimePoint now);
  void ClearSchedule();

  const SessionOptions options_;
  std::shared_ptr<const bosdyn::api::Payload> definition_;
  Jitter jitter_;
  PayloadSnapshot snapshot_;
  CallKind failed_call_ = CallKind::kRegister;
  std::vector<SessionEffect> effects_;
  std::vector<SessionRequest> requests_;  // mostly none: a deque would hold memory all the same
  // What the observer believes; the snapshot may know that it is not known.
  std::vector<std::string> told_differences_;
  bool told_attached_ = false;
  int sends_lost_ = 0;  // of the first request
  BackOff between_sends_{kFirstWait, kLastWait};
  Secret token_;

  bool proven_ = false;        // the robot has known this secret
  bool authorized_ = false;    // as far as known; kept during an outage
  bool beat_unheard_ = false;  // since the last token: one may have registered it anew
  bool lost_alone_ = false;    // the last call that judges the robot
  bool in_doubt_ = false;      // credentials refused: the next beat tells why
  bool needs_token_ = false;   // the held one is void or due for renewal from credentials
  TimePoint call_began_{};
  TimePoint waiting_since_{};

  // When each call is due; nullopt: not wanted.
  std::optional<TimePoint> beat_due_;
  std::optional<TimePoint> token_due_;
  std::optional<TimePoint> renewal_due_;
  std::optional<TimePoint> comparison_due_;
  TimePoint request_due_{};  // not before
};

}  // namespace payload_manager
