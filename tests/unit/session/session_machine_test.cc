// Walks every edge of the diagram in payload_session.h, and every row of the observation table.
#include "session/session_machine.h"

#include <gmock/gmock.h>

#include <set>

#include "bosdyn/api/payload.pb.h"

namespace payload_manager {
namespace {

using bosdyn::api::ListPayloadsResponse;
using bosdyn::api::Payload;
using std::chrono::hours;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using enum PayloadState;

constexpr char kGuid[] = "78b076a2-0001";

std::shared_ptr<const Payload> Definition(double mass = 3) {
  auto payload = std::make_shared<Payload>();
  payload->set_guid(kGuid);
  payload->set_name("Lidar");
  payload->mutable_mass_volume_properties()->set_total_mass(static_cast<float>(mass));
  return payload;
}

Failure Fault(FailureKind kind) { return Failure{kind, "the robot says so"}; }
Outcome<Done> Refuses(FailureKind kind) { return Failed{Fault(kind)}; }
Outcome<Secret> NoToken(FailureKind kind) { return Failed{Fault(kind)}; }

// One session, driven by hand.
class SessionMachineTest : public ::testing::Test {
 protected:
  using Kind = FailureKind;

  std::optional<CallKind> Wanted() const { return machine_.WhatNext(now_).call; }

  // Lets time pass until the machine wants a call, and begins it.
  CallKind BeginNext() {
    SessionMachine::Wish wish = machine_.WhatNext(now_);
    if (!wish.call) {
      EXPECT_TRUE(wish.at) << "it wants nothing any more";
      now_ = wish.at.value_or(now_);
      wish = machine_.WhatNext(now_);
    }
    const CallKind call = wish.call.value_or(CallKind::kDetach);
    machine_.Began(call, now_);
    return call;
  }
  // Until the next call of this kind, answering others as an undisturbed robot would.
  void BeginNext(CallKind wanted) {
    for (int i = 0; i < 1000; ++i) {
      const CallKind call = BeginNext();
      if (call == wanted) return;
      if (call == CallKind::kRegister)
        machine_.Registered(Refuses(Kind::kPayloadAlreadyExists), now_);
      if (call == CallKind::kToken && machine_.state() == kAuthorized) {
        machine_.GotToken(Secret("checked"), now_);
      } else if (call == CallKind::kToken) {
        machine_.GotToken(NoToken(Kind::kPayloadNotAuthorized), now_);
      }
      if (call == CallKind::kList) machine_.Listed(ListPayloadsResponse(), now_);
      if (call == CallKind::kRefresh) machine_.Refreshed(Secret("refreshed"), now_);
    }
    FAIL() << "the call never came";
  }
  void Beat(const Outcome<Done>& answer) {
    BeginNext(CallKind::kRegister);
    machine_.Registered(answer, now_);
  }
  void Token(const Outcome<Secret>& answer) {
    BeginNext(CallKind::kToken);
    machine_.GotToken(answer, now_);
  }
  void List(const Payload& payload) {
    BeginNext(CallKind::kList);
    ListPayloadsResponse response;
    *response.add_payloads() = payload;
    machine_.Listed(response, now_);
  }

  void BecomeWaiting() { Beat(Done{}); }
  void BecomeAuthorized() {
    BecomeWaiting();
    Token(Secret("first"));
    List(*Definition());
  }
  void BecomeCredentialsRejected() {
    Beat(Refuses(Kind::kPayloadAlreadyExists));
    Token(NoToken(Kind::kInvalidPayloadCredentials));
    Beat(Refuses(Kind::kPayloadAlreadyExists));
  }

  // The effects since the last look, in short words.
  std::vector<std::string> Effects() {
    std::vector<std::string> words;
    for (const SessionEffect& effect : machine_.TakeEffects()) {
      if (const auto* change = std::get_if<StateChange>(&effect)) {
        words.push_back(std::string(ToString(change->before)) + " -> " +
                        std::string(ToString(change->after)));
        EXPECT_FALSE(change->reason.empty());
      } else if (const auto* token = std::get_if<TokenEffect>(&effect)) {
        words.push_back((token->news == TokenNews::kObtained ? "obtained " : "renewed ") +
                        std::string(token->token.Reveal()));
      } else if (const auto* differs = std::get_if<DiffersEffect>(&effect)) {
        words.push_back("differs in " + std::to_string(differs->fields.size()));
      } else if (std::holds_alternative<ForgottenEffect>(effect)) {
        words.push_back("forgotten");
      } else if (std::holds_alternative<DeauthorizedEffect>(effect)) {
        words.push_back("de-authorized");
      } else if (const auto* attached = std::get_if<AttachedEffect>(&effect)) {
        words.push_back(attached->attached ? "attached" : "detached");
      } else if (const auto* result = std::get_if<ResultEffect>(&effect)) {
        words.push_back("result " + std::to_string(result->request) +
                        (result->outcome.ok() ? " ok" : " failed"));
      }
    }
    return words;
  }

  TimePoint now_{hours(1)};
  SessionMachine machine_{SessionOptions{}, Definition(), 1, now_};
};

TEST_F(SessionMachineTest, BeginsByRegisteringAtOnce) {
  EXPECT_EQ(machine_.state(), kRegistering);
  EXPECT_EQ(Wanted(), CallKind::kRegister);
}

TEST_F(SessionMachineTest, AFirstBeatThatAnswersOkRegistersIt) {
  Beat(Done{});
  EXPECT_THAT(Effects(), ElementsAre("registering -> waiting for authorization"));
  EXPECT_EQ(machine_.snapshot().attempts, 1u);
}

TEST_F(SessionMachineTest, AKnownGuidProvesNothingUntilTheTokenCallAnswers) {
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  EXPECT_EQ(machine_.state(), kRegistering);
  EXPECT_EQ(Wanted(), CallKind::kToken);
  Token(NoToken(Kind::kPayloadNotAuthorized));
  EXPECT_THAT(Effects(), ElementsAre("registering -> waiting for authorization"));
}

TEST_F(SessionMachineTest, AKnownAndAuthorizedPayloadIsAuthorizedAtOnce) {
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  Token(Secret("t"));
  EXPECT_THAT(Effects(), ElementsAre("registering -> authorized", "obtained t"));
}

TEST_F(SessionMachineTest, AWaitingPayloadIsAuthorizedWhenATokenComes) {
  BecomeWaiting();
  Effects();
  Token(NoToken(Kind::kPayloadNotAuthorized));
  Token(Secret("t"));
  EXPECT_THAT(Effects(), ElementsAre("waiting for authorization -> authorized", "obtained t"));
  EXPECT_TRUE(machine_.snapshot().has_token);
}

TEST_F(SessionMachineTest, RefusedCredentialsAndAKnownGuidParkIt) {
  BecomeCredentialsRejected();
  EXPECT_THAT(Effects(), ElementsAre("registering -> credentials rejected"));
  EXPECT_EQ(machine_.snapshot().failure->kind, Kind::kInvalidPayloadCredentials);
  const auto wish = machine_.WhatNext(now_);
  EXPECT_EQ(wish.call, std::nullopt);
  EXPECT_EQ(wish.at, now_ + seconds(60)) << "looked at again after a token check, without beats";
}

TEST_F(SessionMachineTest, RefusedCredentialsAndAnUnknownGuidMeanForgotten) {
  BecomeWaiting();
  Effects();
  Token(NoToken(Kind::kInvalidPayloadCredentials));
  EXPECT_EQ(Wanted(), CallKind::kRegister) << "the beat that tells is due at once";
  Beat(Done{});
  EXPECT_THAT(Effects(), ElementsAre("forgotten"));
  EXPECT_EQ(machine_.state(), kWaiting);
}

TEST_F(SessionMachineTest, ALaterBeatThatAnswersOkMeansForgotten) {
  BecomeAuthorized();
  Effects();
  Beat(Done{});
  EXPECT_THAT(Effects(), ElementsAre("forgotten", "authorized -> waiting for authorization"));
  EXPECT_FALSE(machine_.snapshot().has_token);
  EXPECT_EQ(machine_.WhatNext(now_).at, now_ + seconds(1)) << "the poll is quick again";
}

TEST_F(SessionMachineTest, AnAuthorizedPayloadMayBeStolen) {
  BecomeAuthorized();
  Effects();
  Token(NoToken(Kind::kInvalidPayloadCredentials));
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  EXPECT_THAT(Effects(), ElementsAre("authorized -> credentials rejected"));
  EXPECT_FALSE(machine_.snapshot().has_token);
}

TEST_F(SessionMachineTest, RejectedCredentialsMayBecomeRightAgain) {
  BecomeCredentialsRejected();
  Effects();
  Token(NoToken(Kind::kInvalidPayloadCredentials));
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  EXPECT_THAT(Effects(), IsEmpty()) << "still rejected";
  Token(NoToken(Kind::kInvalidPayloadCredentials));
  Beat(Done{});
  EXPECT_THAT(Effects(), ElementsAre("credentials rejected -> waiting for authorization"));
}

TEST_F(SessionMachineTest, RejectedCredentialsMayTurnOutAuthorized) {
  BecomeCredentialsRejected();
  Effects();
  Token(Secret("t"));
  EXPECT_THAT(Effects(), ElementsAre("credentials rejected -> authorized", "obtained t"));
  BeginNext(CallKind::kRegister);  // and beats again
}

TEST_F(SessionMachineTest, TheTokenCheckFindsDeauthorization) {
  BecomeAuthorized();
  Effects();
  const TimePoint authorized = now_;
  Token(NoToken(Kind::kPayloadNotAuthorized));
  EXPECT_EQ(now_, authorized + seconds(60));
  EXPECT_THAT(Effects(), ElementsAre("de-authorized", "authorized -> waiting for authorization"));
  EXPECT_FALSE(machine_.snapshot().has_token);
  EXPECT_EQ(machine_.WhatNext(now_).at, now_ + seconds(1));
}

TEST_F(SessionMachineTest, AnInvalidDefinitionParksItUntilTheDefinitionChanges) {
  Beat(Refuses(Kind::kInvalidRequest));
  EXPECT_THAT(Effects(), ElementsAre("registering -> definition rejected"));
  EXPECT_EQ(machine_.WhatNext(now_ + hours(100)).call, std::nullopt);
  machine_.UpdateDefinition(Definition(4), now_);
  EXPECT_THAT(Effects(), ElementsAre("definition rejected -> registering"));
  EXPECT_EQ(Wanted(), CallKind::kRegister);
}

TEST_F(SessionMachineTest, ALostRobotIsUnreachableAndFoundAgain) {
  const Failure lost{Kind::kUnableToConnect, "connection refused"};
  machine_.RobotUnreachable(lost, now_);
  EXPECT_THAT(Effects(), ElementsAre("registering -> unreachable"));
  EXPECT_EQ(machine_.snapshot().failure->message, "connection refused");
  machine_.RobotReachable(now_);
  EXPECT_THAT(Effects(), ElementsAre("unreachable -> registering"));
  BecomeAuthorized();
  Effects();
  machine_.RobotUnreachable(lost, now_);
  EXPECT_THAT(Effects(), ElementsAre("authorized -> unreachable"));
  EXPECT_TRUE(machine_.snapshot().has_token) << "an outage leaves the token valid";
  EXPECT_EQ(Wanted(), CallKind::kRegister) << "the probe";
}

TEST_F(SessionMachineTest, AWaitingPayloadIsUnreachableInAnOutage) {
  BecomeWaiting();
  Effects();
  machine_.RobotUnreachable(Fault(Kind::kUnableToConnect), now_);
  EXPECT_THAT(Effects(), ElementsAre("waiting for authorization -> unreachable"));
}

TEST_F(SessionMachineTest, RejectedCredentialsAreTriedAnewAfterAnOutage) {
  BecomeCredentialsRejected();
  Effects();
  machine_.RobotUnreachable(Fault(Kind::kUnableToConnect), now_);
  EXPECT_THAT(Effects(), ElementsAre("credentials rejected -> unreachable"));
}

TEST_F(SessionMachineTest, AParkedDefinitionDoesNotCareForOutages) {
  Beat(Refuses(Kind::kInvalidRequest));
  Effects();
  machine_.RobotUnreachable(Fault(Kind::kUnableToConnect), now_);
  machine_.RobotReachable(now_);
  EXPECT_THAT(Effects(), IsEmpty());
  EXPECT_EQ(Wanted(), std::nullopt);
}

TEST_F(SessionMachineTest, AfterAnOutageEverythingIsProvenAgain) {
  BecomeAuthorized();
  machine_.RobotUnreachable(Fault(Kind::kTimedOut), now_);
  machine_.RobotReachable(now_);
  Effects();
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  EXPECT_EQ(machine_.state(), kRegistering);
  Token(Secret("second"));
  EXPECT_THAT(Effects(), ElementsAre("registering -> authorized", "renewed second"));
}

TEST_F(SessionMachineTest, DeauthorizationDuringAnOutageIsNoticed) {
  BecomeAuthorized();
  machine_.RobotUnreachable(Fault(Kind::kTimedOut), now_);
  machine_.RobotReachable(now_);
  Effects();
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  Token(NoToken(Kind::kPayloadNotAuthorized));
  EXPECT_THAT(Effects(), ElementsAre("de-authorized", "registering -> waiting for authorization"));
}

TEST_F(SessionMachineTest, ARobotThatForgotEverythingDuringAnOutageIsNoticed) {
  BecomeAuthorized();
  machine_.RobotUnreachable(Fault(Kind::kTimedOut), now_);
  machine_.RobotReachable(now_);
  Effects();
  Beat(Done{});
  EXPECT_THAT(Effects(), ElementsAre("forgotten", "registering -> waiting for authorization"));
}

TEST_F(SessionMachineTest, BeatsComeAnIntervalApartWithinTenPercent) {
  BecomeWaiting();
  std::set<Duration> gaps;
  for (int i = 0; i < 20; ++i) {
    const TimePoint before = now_;
    BeginNext(CallKind::kRegister);
    // The wait for a token poll in between does not shift the beat.
    EXPECT_GE(now_ - before, seconds(9));
    EXPECT_LT(now_ - before, seconds(11));
    gaps.insert(now_ - before);
    machine_.Registered(Refuses(Kind::kPayloadAlreadyExists), now_);
  }
  EXPECT_GT(gaps.size(), 10u) << "they should not march in step";
}

TEST_F(SessionMachineTest, MissedBeatsAreSkippedNotMadeUpFor) {
  BecomeWaiting();
  BeginNext(CallKind::kRegister);
  const TimePoint began = now_;
  now_ += seconds(35);
  machine_.Registered(Refuses(Kind::kPayloadAlreadyExists), now_);
  EXPECT_NE(Wanted(), CallKind::kRegister) << "the three that were missed are gone";
  BeginNext(CallKind::kRegister);
  EXPECT_LT(now_, began + seconds(46)) << "and the next is not late";
}

TEST_F(SessionMachineTest, TokenPollsSlowDownAsATenthOfTheTimeWaited) {
  BecomeWaiting();
  const TimePoint start = now_;
  std::vector<Duration> gaps;
  TimePoint before = now_;
  for (int i = 0; i < 60; ++i) {
    BeginNext(CallKind::kToken);
    const Duration gap = now_ - before;
    const Duration waited = before - start;
    EXPECT_EQ(gap, std::clamp<Duration>(waited / 10, seconds(1), seconds(10))) << i;
    before = now_;
    machine_.GotToken(NoToken(Kind::kPayloadNotAuthorized), now_);
  }
  EXPECT_GT(now_ - start, seconds(100)) << "the test should reach the slowest poll";
}

TEST_F(SessionMachineTest, AHealthyTokenCheckChangesNothing) {
  BecomeAuthorized();
  Effects();
  Token(Secret("another"));
  EXPECT_THAT(Effects(), IsEmpty());
  EXPECT_EQ(machine_.token().Reveal(), "first");
}

TEST_F(SessionMachineTest, TheTokenIsRenewedHourly) {
  BecomeAuthorized();
  const TimePoint authorized = now_;
  Effects();
  BeginNext(CallKind::kRefresh);
  EXPECT_EQ(now_, authorized + hours(1));
  machine_.Refreshed(Secret("second"), now_);
  EXPECT_THAT(Effects(), ElementsAre("renewed second"));
}

TEST_F(SessionMachineTest, ARefusedRenewalFallsBackToTheCredentials) {
  BecomeAuthorized();
  BeginNext(CallKind::kRefresh);
  Effects();
  machine_.Refreshed(NoToken(Kind::kInvalidToken), now_);
  EXPECT_EQ(Wanted(), CallKind::kToken);
  Token(Secret("second"));
  EXPECT_THAT(Effects(), ElementsAre("renewed second"));
  EXPECT_EQ(machine_.state(), kAuthorized);
}

TEST_F(SessionMachineTest, ComparesDefinitionsRightAfterEachAuthorizationAndHourly) {
  BecomeWaiting();
  Token(Secret("t"));
  EXPECT_EQ(Wanted(), CallKind::kList);
  const TimePoint authorized = now_;
  List(*Definition());
  BeginNext(CallKind::kList);
  EXPECT_EQ(now_, authorized + hours(1));
}

TEST_F(SessionMachineTest, ADifferentDefinitionIsToldOnceWithItsFields) {
  BecomeWaiting();
  Token(Secret("t"));
  Effects();
  List(*Definition(5));
  EXPECT_THAT(Effects(), ElementsAre("differs in 1"));
  EXPECT_THAT(machine_.snapshot().differences,
              ElementsAre(HasSubstr("total_mass: ours 3, robot 5")));
  List(*Definition(5));
  EXPECT_THAT(Effects(), IsEmpty());
  machine_.UpdateDefinition(Definition(5), now_);
  EXPECT_EQ(Wanted(), CallKind::kList) << "compared anew at once";
  List(*Definition(5));
  EXPECT_THAT(Effects(), ElementsAre("differs in 0"));
}

TEST_F(SessionMachineTest, RegisteringAnewSettlesADifference) {
  BecomeWaiting();
  Token(Secret("t"));
  List(*Definition(5));
  Effects();
  Beat(Done{});
  EXPECT_THAT(Effects(),
              ElementsAre("forgotten", "differs in 0", "authorized -> waiting for authorization"));
}

TEST_F(SessionMachineTest, AVoidTokenFoundByTheListIsReplaced) {
  BecomeWaiting();
  Token(Secret("t"));
  BeginNext(CallKind::kList);
  Effects();
  machine_.Listed(Failed{Fault(Kind::kUnauthenticated)}, now_);
  EXPECT_EQ(Wanted(), CallKind::kToken);
  Token(Secret("second"));
  EXPECT_THAT(Effects(), ElementsAre("renewed second"));
  EXPECT_NE(Wanted(), CallKind::kList) << "not in a tight loop";
}

TEST_F(SessionMachineTest, BeingMissingFromTheListIsLookedInto) {
  BecomeWaiting();
  Token(Secret("t"));
  BeginNext(CallKind::kList);
  machine_.Listed(ListPayloadsResponse(), now_);
  EXPECT_EQ(Wanted(), CallKind::kRegister);
}

TEST_F(SessionMachineTest, TheListTellsWhetherThePayloadIsAttached) {
  BecomeWaiting();
  Token(Secret("t"));
  Effects();
  Payload robots = *Definition();
  robots.set_is_enabled(true);
  List(robots);
  EXPECT_THAT(Effects(), ElementsAre("attached"));
  robots.set_is_enabled(false);
  List(robots);
  EXPECT_THAT(Effects(), ElementsAre("detached"));
}

TEST_F(SessionMachineTest, AVersionWaitsForRegistrationAndAnAttachmentForAuthorization) {
  ASSERT_TRUE(machine_.Ask({CallKind::kVersion, 1}));
  ASSERT_TRUE(machine_.Ask({CallKind::kAttach, 2}));
  EXPECT_EQ(Wanted(), CallKind::kRegister);
  BecomeWaiting();
  EXPECT_EQ(BeginNext(), CallKind::kVersion);
  Effects();
  machine_.RequestAnswered(Done{}, now_);
  EXPECT_THAT(Effects(), ElementsAre("result 1 ok"));
  EXPECT_EQ(Wanted(), std::nullopt) << "attaching needs authorization";
  Token(Secret("t"));
  EXPECT_EQ(BeginNext(), CallKind::kAttach);
  Effects();
  machine_.RequestAnswered(Done{}, now_);
  EXPECT_THAT(Effects(), ElementsAre("attached", "result 2 ok"));
}

TEST_F(SessionMachineTest, ARequestOutlivesAnOutage) {
  BecomeAuthorized();
  ASSERT_TRUE(machine_.Ask({CallKind::kAttach, 1}));
  EXPECT_EQ(BeginNext(), CallKind::kAttach);
  machine_.Lost(CallKind::kAttach, Fault(Kind::kTimedOut));
  machine_.RobotUnreachable(Fault(Kind::kTimedOut), now_);
  machine_.RobotReachable(now_);
  Effects();
  BeginNext(CallKind::kToken);
  machine_.GotToken(Secret("t"), now_);
  EXPECT_EQ(BeginNext(), CallKind::kAttach);
}

TEST_F(SessionMachineTest, ARefusedRequestIsReportedAndItsCauseLookedInto) {
  BecomeAuthorized();
  ASSERT_TRUE(machine_.Ask({CallKind::kAttach, 1}));
  BeginNext();
  Effects();
  machine_.RequestAnswered(Refuses(Kind::kPayloadNotAuthorized), now_);
  EXPECT_THAT(Effects(), ElementsAre("result 1 failed"));
  EXPECT_EQ(Wanted(), CallKind::kToken);
  Token(Secret("t"));
  ASSERT_TRUE(machine_.Ask({CallKind::kVersion, 2}));
  BeginNext();
  machine_.RequestAnswered(Refuses(Kind::kPayloadDoesNotExist), now_);
  EXPECT_EQ(Wanted(), CallKind::kRegister);
}

TEST_F(SessionMachineTest, OnlySoManyRequestsWait) {
  for (std::size_t i = 0; i < SessionMachine::kMostRequests; ++i) {
    ASSERT_TRUE(machine_.Ask({CallKind::kVersion, i}));
  }
  EXPECT_FALSE(machine_.Ask({CallKind::kVersion, 99}));
}

TEST_F(SessionMachineTest, OtherFailuresAreNotedAndTriedAgainAnIntervalLater) {
  Beat(Refuses(Kind::kInternalServerError));
  EXPECT_EQ(machine_.state(), kRegistering);
  EXPECT_EQ(machine_.snapshot().failure->kind, Kind::kInternalServerError);
  const TimePoint failed = now_;
  Beat(Done{});
  EXPECT_GE(now_ - failed, seconds(9));
  EXPECT_EQ(machine_.snapshot().failure, std::nullopt) << "a success clears it";
  EXPECT_EQ(machine_.snapshot().attempts, 2u);
}

TEST_F(SessionMachineTest, ACallThatWasNotLetThroughIsWantedAgain) {
  BecomeWaiting();
  BeginNext(CallKind::kToken);
  machine_.Lost(CallKind::kToken, Fault(Kind::kTooManyRequests));
  EXPECT_EQ(Wanted(), CallKind::kToken);
  EXPECT_EQ(machine_.state(), kWaiting);
}

TEST_F(SessionMachineTest, RemovingAnswersEveryRequestAndWantsNothing) {
  ASSERT_TRUE(machine_.Ask({CallKind::kVersion, 1}));
  machine_.Remove("gone", now_);
  EXPECT_THAT(Effects(), ElementsAre("result 1 failed", "registering -> removed"));
  EXPECT_EQ(machine_.WhatNext(now_ + hours(1)).call, std::nullopt);
  machine_.RobotUnreachable(Fault(Kind::kTimedOut), now_);
  EXPECT_EQ(machine_.state(), kRemoved);
}

}  // namespace
}  // namespace payload_manager
