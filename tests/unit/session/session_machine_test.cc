// Walks every edge of the diagram in payload_session.h.
#include "tests/unit/session/session_machine_fixture.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::Definition;
using ::testing::ElementsAre;
using testing::Fault;
using ::testing::IsEmpty;
using testing::NoToken;
using testing::Refuses;
using testing::SessionMachineFixture;
using enum PayloadState;

class SessionMachineTest : public SessionMachineFixture {};

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
  EXPECT_TRUE(machine_.token().empty());
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
  EXPECT_EQ(machine_.snapshot().failure, std::nullopt);
  BeginNext(CallKind::kRegister);  // and beats again
}

TEST_F(SessionMachineTest, RejectedCredentialsAreAllThatIsTried) {
  BecomeStolen();
  for (const TimePoint parked = now_; now_ < parked + hours(3);) {
    ASSERT_EQ(BeginNext(), CallKind::kToken);
    machine_.GotToken(NoToken(Kind::kInternalServerError), now_);
  }
}

TEST_F(SessionMachineTest, RejectedCredentialsMayTurnOutToWaitForAuthorization) {
  BecomeStolen();
  Effects();
  Token(NoToken(Kind::kPayloadNotAuthorized));
  EXPECT_THAT(Effects(), ElementsAre("credentials rejected -> waiting for authorization"))
      << "it had not been authorized for a while";
  BeginNext(CallKind::kRegister);  // and beats again
}

TEST_F(SessionMachineTest, AWaitingPayloadThatIsForgottenIsPolledForQuicklyAgain) {
  BecomeWaiting();
  const TimePoint began = now_;
  while (now_ < began + hours(1)) Token(NoToken(Kind::kPayloadNotAuthorized));
  Beat(Done{});
  Token(NoToken(Kind::kPayloadNotAuthorized));
  const TimePoint polled = now_;
  BeginNext(CallKind::kToken);
  EXPECT_EQ(now_, polled + seconds(1));
}

TEST_F(SessionMachineTest, AForgottenPayloadIsNotAttached) {
  BecomeWaiting();
  Token(Secret("first"));
  bosdyn::api::Payload robots = *Definition();
  robots.set_is_enabled(true);
  List(robots);
  Effects();
  Beat(Done{});
  EXPECT_THAT(Effects(),
              ElementsAre("forgotten", "detached", "authorized -> waiting for authorization"));
  EXPECT_EQ(machine_.snapshot().attached, false);
}

TEST_F(SessionMachineTest, TheTokenCheckFindsDeauthorization) {
  BecomeAuthorized();
  Effects();
  const TimePoint authorized = now_;
  Token(NoToken(Kind::kPayloadNotAuthorized));
  EXPECT_EQ(now_, authorized + seconds(60));
  EXPECT_THAT(Effects(), ElementsAre("de-authorized", "authorized -> waiting for authorization"));
  EXPECT_FALSE(machine_.snapshot().has_token);
  BeginNext(CallKind::kToken);
  EXPECT_EQ(now_, authorized + seconds(60) + seconds(1));
}

TEST_F(SessionMachineTest, DeauthorizationLeavesAttachmentAndDifferencesUnknown) {
  BecomeWaiting();
  Token(Secret("first"));
  bosdyn::api::Payload robots = *Definition(5);
  robots.set_is_enabled(true);
  List(robots);
  Effects();
  Token(NoToken(Kind::kPayloadNotAuthorized));
  EXPECT_THAT(Effects(), ElementsAre("de-authorized", "authorized -> waiting for authorization"))
      << "nothing is known, and nothing claimed";
  EXPECT_EQ(machine_.snapshot().attached, std::nullopt);
  EXPECT_THAT(machine_.snapshot().differences, IsEmpty());
  Token(Secret("second"));
  Effects();
  List(*Definition());
  EXPECT_THAT(Effects(), ElementsAre("differs in 0", "detached"))
      << "what was told before is put right";
}

TEST_F(SessionMachineTest, AnInvalidDefinitionParksItUntilTheDefinitionChanges) {
  Beat(Refuses(Kind::kInvalidRequest));
  EXPECT_THAT(Effects(), ElementsAre("registering -> definition rejected"));
  EXPECT_EQ(machine_.WhatNext(now_ + hours(100)).call, std::nullopt);
  machine_.UpdateDefinition(Definition(4), now_);
  EXPECT_THAT(Effects(), ElementsAre("definition rejected -> registering"));
  EXPECT_EQ(machine_.snapshot().failure, std::nullopt) << "it was the old one's";
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

}  // namespace
}  // namespace payload_manager
