// When a session calls, what it asks and what it tells.
#include <set>

#include "tests/unit/session/session_machine_fixture.h"

namespace payload_manager {
namespace {

using bosdyn::api::ListPayloadsResponse;
using bosdyn::api::Payload;
using std::chrono::hours;
using std::chrono::seconds;
using testing::Definition;
using ::testing::ElementsAre;
using testing::Fault;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::NoToken;
using testing::Refuses;
using testing::SessionMachineFixture;
using enum PayloadState;

class SessionScheduleTest : public SessionMachineFixture {};

TEST_F(SessionScheduleTest, BeatsComeAnIntervalApartWithinTenPercent) {
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

TEST_F(SessionScheduleTest, MissedBeatsAreSkippedNotMadeUpFor) {
  BecomeWaiting();
  BeginNext(CallKind::kRegister);
  const TimePoint began = now_;
  now_ += seconds(35);
  machine_.Registered(Refuses(Kind::kPayloadAlreadyExists), now_);
  EXPECT_NE(Wanted(), CallKind::kRegister) << "the three that were missed are gone";
  BeginNext(CallKind::kRegister);
  EXPECT_LT(now_, began + seconds(46)) << "and the next is not late";
}

TEST_F(SessionScheduleTest, TokenPollsSlowDownAsATenthOfTheTimeWaited) {
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

TEST_F(SessionScheduleTest, AHealthyTokenCheckChangesNothing) {
  BecomeAuthorized();
  Effects();
  Token(Secret("another"));
  EXPECT_THAT(Effects(), IsEmpty());
  EXPECT_EQ(machine_.token().Reveal(), "first");
}

TEST_F(SessionScheduleTest, TheTokenIsRenewedHourly) {
  BecomeAuthorized();
  const TimePoint authorized = now_;
  Effects();
  BeginNext(CallKind::kRefresh);
  EXPECT_EQ(now_, authorized + hours(1));
  machine_.Refreshed(Secret("second"), now_);
  EXPECT_THAT(Effects(), ElementsAre("renewed second"));
}

TEST_F(SessionScheduleTest, ARefusedRenewalFallsBackToTheCredentials) {
  BecomeAuthorized();
  BeginNext(CallKind::kRefresh);
  Effects();
  machine_.Refreshed(NoToken(Kind::kInvalidToken), now_);
  EXPECT_EQ(machine_.snapshot().failure->kind, Kind::kInvalidToken);
  EXPECT_EQ(Wanted(), CallKind::kToken);
  Token(Secret("second"));
  EXPECT_THAT(Effects(), ElementsAre("renewed second"));
  EXPECT_EQ(machine_.snapshot().failure, std::nullopt) << "nothing is wrong any more";
  EXPECT_EQ(machine_.state(), kAuthorized);
}

TEST_F(SessionScheduleTest, ABeatThatFallsDueDoesNotWaitBehindARenewalThatWaitsForItsTurn) {
  BecomeAuthorized();
  BeginNext(CallKind::kRefresh);  // is not let go
  const auto wish = machine_.WhatNext(now_);
  EXPECT_EQ(wish.call, CallKind::kRefresh);
  ASSERT_TRUE(wish.at) << "when something else falls due";
  EXPECT_LE(*wish.at, now_ + seconds(11));
  now_ = *wish.at;
  EXPECT_EQ(Wanted(), CallKind::kRegister);
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  EXPECT_EQ(Wanted(), CallKind::kRefresh) << "it has not been forgotten";
}

TEST_F(SessionScheduleTest, ARequestThatIsDueLaterDoesNotPassARenewal) {
  BecomeAuthorized();
  BeginNext(CallKind::kRefresh);
  now_ += seconds(1);
  ASSERT_TRUE(machine_.Ask({CallKind::kAttach, 1}, now_));
  EXPECT_EQ(Wanted(), CallKind::kRefresh) << "users may ask without end";
}

TEST_F(SessionScheduleTest, AVoidTokenFoundByARenewalHasTheListLookedAt) {
  BecomeAuthorized();
  BeginNext(CallKind::kRefresh);
  machine_.Refreshed(NoToken(Kind::kInvalidToken), now_);
  Token(Secret("second"));
  EXPECT_EQ(Wanted(), CallKind::kList)
      << "the authorization may have been taken and given back, and the payload detached";
}

TEST_F(SessionScheduleTest, ComparesDefinitionsRightAfterEachAuthorizationAndHourly) {
  BecomeWaiting();
  Token(Secret("t"));
  EXPECT_EQ(Wanted(), CallKind::kList);
  const TimePoint authorized = now_;
  List(*Definition());
  BeginNext(CallKind::kList);
  EXPECT_EQ(now_, authorized + hours(1));
}

TEST_F(SessionScheduleTest, ADifferentDefinitionIsToldOnceWithItsFields) {
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

TEST_F(SessionScheduleTest, RegisteringAnewSettlesADifference) {
  BecomeWaiting();
  Token(Secret("t"));
  List(*Definition(5));
  Effects();
  Beat(Done{});
  EXPECT_THAT(Effects(),
              ElementsAre("forgotten", "differs in 0", "authorized -> waiting for authorization"));
}

TEST_F(SessionScheduleTest, AVoidTokenFoundByTheListIsReplaced) {
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

TEST_F(SessionScheduleTest, BeingMissingFromTheListIsLookedInto) {
  BecomeWaiting();
  Token(Secret("t"));
  BeginNext(CallKind::kList);
  machine_.Listed(ListPayloadsResponse(), now_);
  EXPECT_EQ(Wanted(), CallKind::kRegister);
}

TEST_F(SessionScheduleTest, TheListTellsWhetherThePayloadIsAttached) {
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

TEST_F(SessionScheduleTest, AVersionWaitsForRegistrationAndAnAttachmentForAuthorization) {
  ASSERT_TRUE(machine_.Ask({CallKind::kVersion, 1}, now_));
  ASSERT_TRUE(machine_.Ask({CallKind::kAttach, 2}, now_));
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

TEST_F(SessionScheduleTest, ARequestOutlivesAnOutage) {
  BecomeAuthorized();
  ASSERT_TRUE(machine_.Ask({CallKind::kAttach, 1}, now_));
  EXPECT_EQ(BeginNext(), CallKind::kAttach);
  machine_.RequestAnswered(Refuses(Kind::kTimedOut), now_);
  machine_.RobotUnreachable(Fault(Kind::kTimedOut), now_);
  machine_.RobotReachable(now_);
  Effects();
  BeginNext(CallKind::kToken);
  machine_.GotToken(Secret("t"), now_);
  BeginNext(CallKind::kAttach);
}

TEST_F(SessionScheduleTest, ARequestDoesNotHurryTheOneBeforeIt) {
  BecomeAuthorized();
  ASSERT_TRUE(machine_.Ask({CallKind::kAttach, 1}, now_));
  BeginNext(CallKind::kAttach);
  machine_.RequestAnswered(Refuses(Kind::kTimedOut), now_);
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  ASSERT_TRUE(machine_.Ask({CallKind::kVersion, 2}, now_));
  EXPECT_EQ(Wanted(), std::nullopt) << "the robot is given time, whoever asks";
  BeginNext(CallKind::kAttach);
}

TEST_F(SessionScheduleTest, ARequestThatWasSentOftenLeavesTheNextItsOwnWaits) {
  BecomeAuthorized();
  for (std::uint64_t number = 1; number <= 2; ++number) {
    ASSERT_TRUE(machine_.Ask({CallKind::kAttach, number}, now_));
    BeginNext(CallKind::kAttach);
    for (int lost = 0; lost < SessionMachine::kMostSends - 1; ++lost) {
      const TimePoint sent = now_;
      machine_.RequestAnswered(Refuses(Kind::kConnectionLost), now_);
      BeginNext(CallKind::kAttach);
      EXPECT_EQ(now_ - sent, SessionMachine::kFirstWait * (1 << lost));
    }
    machine_.RequestAnswered(Done{}, now_);
  }
}

TEST_F(SessionScheduleTest, AnAttachmentThatWasLostIsNotKnownUntilItIsAnswered) {
  BecomeAuthorized();
  ASSERT_EQ(machine_.snapshot().attached, false);
  ASSERT_TRUE(machine_.Ask({CallKind::kAttach, 1}, now_));
  BeginNext(CallKind::kAttach);
  machine_.RequestAnswered(Refuses(Kind::kConnectionLost), now_);
  EXPECT_EQ(machine_.snapshot().attached, std::nullopt);
  BeginNext(CallKind::kAttach);
  machine_.RequestAnswered(Done{}, now_);
  EXPECT_EQ(machine_.snapshot().attached, true);
}

TEST_F(SessionScheduleTest, AnAttachmentGivenUpIsLookedUpInTheListAtOnce) {
  BecomeAuthorized();
  ASSERT_TRUE(machine_.Ask({CallKind::kAttach, 1}, now_));
  for (int send = 0; send < SessionMachine::kMostSends; ++send) {
    BeginNext(CallKind::kAttach);
    machine_.RequestAnswered(Refuses(Kind::kTimedOut), now_);
  }
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  EXPECT_EQ(machine_.snapshot().attached, std::nullopt);
  EXPECT_EQ(Wanted(), CallKind::kList);
  Effects();
  Payload robots = *Definition();
  robots.set_is_enabled(true);
  List(robots);
  EXPECT_EQ(machine_.snapshot().attached, true);
  EXPECT_THAT(Effects(), ElementsAre("attached"));
}

TEST_F(SessionScheduleTest, AnAttachmentOfWhichNobodyKnowsWhetherItWasDoneIsLookedUp) {
  BecomeAuthorized();
  ASSERT_TRUE(machine_.Ask({CallKind::kDetach, 1}, now_));
  BeginNext(CallKind::kDetach);
  machine_.RequestAnswered(Refuses(Kind::kInternalServerError), now_);
  EXPECT_EQ(machine_.snapshot().attached, std::nullopt);
  EXPECT_EQ(Wanted(), CallKind::kList);
}

TEST_F(SessionScheduleTest, AnAttachmentThatTheRobotRefusedChangesNothing) {
  BecomeAuthorized();
  for (const Kind kind : {Kind::kInvalidRequest, Kind::kPermissionDenied, Kind::kUnimplemented}) {
    ASSERT_TRUE(machine_.Ask({CallKind::kAttach, 1}, now_));
    BeginNext(CallKind::kAttach);
    machine_.RequestAnswered(Refuses(kind), now_);
    EXPECT_EQ(machine_.snapshot().attached, false) << ToString(kind);
    EXPECT_EQ(machine_.snapshot().failure->kind, kind);
    EXPECT_EQ(Wanted(), std::nullopt) << ToString(kind);
  }
}

TEST_F(SessionScheduleTest, ACallOfItsOwnThatIsLostIsMadeAgainAtOnceAndThenAfterItsUsualGap) {
  BecomeWaiting();
  BeginNext(CallKind::kRegister);
  machine_.LostAlone(CallKind::kRegister, Fault(Kind::kTimedOut), now_);
  EXPECT_EQ(Wanted(), CallKind::kRegister);
  BeginNext(CallKind::kRegister);
  const TimePoint again = now_;
  machine_.LostAlone(CallKind::kRegister, Fault(Kind::kTimedOut), now_);
  BeginNext(CallKind::kRegister);
  EXPECT_GE(now_ - again, seconds(9));
  machine_.Registered(Refuses(Kind::kPayloadAlreadyExists), now_);
  EXPECT_EQ(machine_.snapshot().attempts, 4u) << "lost ones included";
  BeginNext(CallKind::kToken);
  machine_.LostAlone(CallKind::kToken, Fault(Kind::kTimedOut), now_);
  EXPECT_EQ(Wanted(), CallKind::kToken) << "an answer has come in between";
}

TEST_F(SessionScheduleTest, ARefusedRequestIsReportedAndItsCauseLookedInto) {
  BecomeAuthorized();
  ASSERT_TRUE(machine_.Ask({CallKind::kAttach, 1}, now_));
  BeginNext();
  Effects();
  machine_.RequestAnswered(Refuses(Kind::kPayloadNotAuthorized), now_);
  EXPECT_THAT(Effects(), ElementsAre("result 1 failed"));
  EXPECT_EQ(Wanted(), CallKind::kToken);
  Token(Secret("t"));
  ASSERT_TRUE(machine_.Ask({CallKind::kVersion, 2}, now_));
  BeginNext();
  machine_.RequestAnswered(Refuses(Kind::kPayloadDoesNotExist), now_);
  EXPECT_EQ(Wanted(), CallKind::kRegister);
}

TEST_F(SessionScheduleTest, OnlySoManyRequestsWait) {
  for (std::size_t i = 0; i < SessionMachine::kMostRequests; ++i) {
    ASSERT_TRUE(machine_.Ask({CallKind::kVersion, i}, now_));
  }
  EXPECT_FALSE(machine_.Ask({CallKind::kVersion, 99}, now_));
}

TEST_F(SessionScheduleTest, OtherFailuresAreNotedAndTriedAgainAnIntervalLater) {
  Beat(Refuses(Kind::kInternalServerError));
  EXPECT_EQ(machine_.state(), kRegistering);
  EXPECT_EQ(machine_.snapshot().failure->kind, Kind::kInternalServerError);
  const TimePoint failed = now_;
  Beat(Done{});
  EXPECT_GE(now_ - failed, seconds(9));
  EXPECT_EQ(machine_.snapshot().failure, std::nullopt) << "a success clears it";
  EXPECT_EQ(machine_.snapshot().attempts, 2u);
}

TEST_F(SessionScheduleTest, ACallThatWasNotLetThroughIsWantedAgain) {
  BecomeWaiting();
  BeginNext(CallKind::kToken);
  machine_.Lost(CallKind::kToken, Fault(Kind::kTooManyRequests));
  EXPECT_EQ(Wanted(), CallKind::kToken);
  EXPECT_EQ(machine_.state(), kWaiting);
}

TEST_F(SessionScheduleTest, RemovingAnswersEveryRequestAndWantsNothing) {
  ASSERT_TRUE(machine_.Ask({CallKind::kVersion, 1}, now_));
  machine_.Remove("gone", now_);
  EXPECT_THAT(Effects(), ElementsAre("result 1 failed", "registering -> removed"));
  EXPECT_EQ(machine_.WhatNext(now_ + hours(1)).call, std::nullopt);
  machine_.RobotUnreachable(Fault(Kind::kTimedOut), now_);
  EXPECT_EQ(machine_.state(), kRemoved);
}

}  // namespace
}  // namespace payload_manager
