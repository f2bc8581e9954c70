#include "payload_manager/payload_sessions.h"

#include <gmock/gmock.h>

#include "payload_manager/errors.h"
#include "tests/support/payload_story.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Diary;
using ::testing::ElementsAre;
using testing::FakeRobot;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MakePayload;
using testing::Verb;
using testing::VirtualRuntime;
using enum PayloadState;

class PayloadSessionsTest : public ::testing::Test {
 protected:
  SessionId Add(const std::string& guid, const std::string& secret = "secret") {
    auto added = sessions_.Add(spot_, MakePayload(guid), Secret(secret), {}, diary_.Observer());
    EXPECT_TRUE(added.ok());
    return *added;
  }
  PayloadState StateOf(SessionId session) const { return sessions_.Snapshot(session)->state; }
  std::string WhyNotAdded(std::shared_ptr<const bosdyn::api::Payload> payload,
                          const std::string& secret, SessionOptions options = {}) {
    auto added = sessions_.Add(spot_, std::move(payload), Secret(secret), options);
    return added.ok() ? "" : added.error().message;
  }

  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  FakeRobot robot_{runtime_};
  Diary diary_{*runtime_};
  PayloadSessions sessions_{runtime_, 1};
  RobotHandle spot_ = sessions_.AddRobot("spot", robot_.connection);
};

TEST_F(PayloadSessionsTest, ARobotWithoutAConnectionIsRefused) {
  try {
    sessions_.AddRobot("nowhere", nullptr);
    ADD_FAILURE() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), FailureKind::kInvalidArgument);
    EXPECT_THAT(error.what(), HasSubstr("nowhere"));
  }
}

TEST_F(PayloadSessionsTest, ASnapshotSaysSinceWhenFromTheBeginning) {
  runtime_->RunUntil(minutes(1));
  const SessionId lidar = Add("lidar-guid-0001");
  EXPECT_EQ(sessions_.Snapshot(lidar)->since, runtime_->Now());
}

TEST_F(PayloadSessionsTest, NoNextAttemptIsShownWhileOneIsUnderWay) {
  const SessionId lidar = Add("lidar-guid-0001");
  runtime_->RunUntil(seconds(30));
  ASSERT_TRUE(sessions_.Snapshot(lidar)->next_attempt);
  robot_.latency = seconds(5);
  const int before = robot_.connection->in_flight;
  while (robot_.connection->in_flight == before) runtime_->RunFor(milliseconds(100));
  EXPECT_EQ(sessions_.Snapshot(lidar)->next_attempt, std::nullopt);
}

TEST_F(PayloadSessionsTest, LivesWithAnswersWithinTheVerb) {
  robot_.connection->answers_inside_the_verb = true;
  const SessionId lidar = Add("lidar-guid-0001");
  runtime_->RunUntil(seconds(1));
  EXPECT_EQ(StateOf(lidar), kWaiting);
  robot_.payloads["lidar-guid-0001"].authorized = true;
  sessions_.Attach(lidar, diary_.Result("attach"));
  runtime_->RunUntil(seconds(3));
  EXPECT_EQ(StateOf(lidar), kAuthorized);
  EXPECT_EQ(diary_.events.back(), "attach ok");
  robot_.outage = FailureKind::kUnableToConnect;
  runtime_->RunUntil(minutes(1));
  EXPECT_EQ(StateOf(lidar), kUnreachable);
  robot_.outage.reset();
  robot_.payloads.clear();
  runtime_->RunUntil(minutes(2));
  EXPECT_EQ(StateOf(lidar), kWaiting);
  EXPECT_TRUE(sessions_.RemoveAndWait(lidar));
}

TEST_F(PayloadSessionsTest, RegistersWaitsAndObtainsAToken) {
  const SessionId lidar = Add("lidar-guid-0001");
  runtime_->Settle();
  EXPECT_EQ(StateOf(lidar), kWaiting);
  runtime_->RunUntil(seconds(5));
  robot_.payloads["lidar-guid-0001"].authorized = true;
  runtime_->RunUntil(seconds(6));
  EXPECT_EQ(StateOf(lidar), kAuthorized);
  EXPECT_THAT(diary_.entries,
              ElementsAre("0 registering -> waiting for authorization",
                          "6 waiting for authorization -> authorized", "6 obtained token 1"));
  const PayloadSnapshot snapshot = *sessions_.Snapshot(lidar);
  EXPECT_EQ(snapshot.robot, "spot");
  EXPECT_EQ(snapshot.guid, "lidar-guid-0001");
  EXPECT_TRUE(snapshot.has_token);
  EXPECT_EQ(snapshot.since, runtime_->Now());
}

TEST_F(PayloadSessionsTest, WhatAnObserverIsToldTheSnapshotShowsAlready) {
  SessionObserver observer;
  SessionId lidar{};
  int told = 0;
  observer.state_changed = [&](const StateChange& change) {
    ++told;
    EXPECT_EQ(StateOf(lidar), change.after);
  };
  observer.token = [&](const Secret&, TokenNews) {
    ++told;
    EXPECT_TRUE(sessions_.Snapshot(lidar)->has_token);
  };
  lidar = *sessions_.Add(spot_, MakePayload("lidar-guid-0001"), Secret("secret"), {}, observer);
  runtime_->Settle();
  robot_.payloads["lidar-guid-0001"].authorized = true;
  runtime_->RunUntil(minutes(1));
  robot_.outage = FailureKind::kUnableToConnect;
  runtime_->RunUntil(minutes(2));
  EXPECT_EQ(told, 4);
  sessions_.Shutdown();
  EXPECT_EQ(told, 5);
}

TEST_F(PayloadSessionsTest, KeepsBeatingForADay) {
  Add("lidar-guid-0001");
  robot_.payloads.clear();
  runtime_->RunUntil(hours(24));
  const auto beats = robot_.connection->SecondsOf(Verb::kRegister);
  EXPECT_NEAR(static_cast<double>(beats.size()), 8640, 100);
  for (std::size_t i = 1; i < beats.size(); ++i) {
    ASSERT_GE(beats[i] - beats[i - 1], 9.0);
    ASSERT_LE(beats[i] - beats[i - 1], 11.0);
  }
}

TEST_F(PayloadSessionsTest, ComesBackByItselfAfterBeingForgotten) {
  const SessionId lidar = Add("lidar-guid-0001");
  runtime_->Settle();
  robot_.payloads["lidar-guid-0001"].authorized = true;
  runtime_->RunUntil(minutes(5));
  ASSERT_EQ(StateOf(lidar), kAuthorized);
  diary_.events.clear();
  robot_.payloads.clear();
  runtime_->RunFor(seconds(11));
  EXPECT_THAT(diary_.events, ElementsAre("forgotten", "authorized -> waiting for authorization"));
  EXPECT_TRUE(robot_.payloads.contains("lidar-guid-0001"));
}

TEST_F(PayloadSessionsTest, SaysWhenSomebodyElseOwnsTheGuid) {
  robot_.Own("lidar-guid-0001", "another secret");
  const SessionId lidar = Add("lidar-guid-0001");
  runtime_->Settle();
  EXPECT_EQ(StateOf(lidar), kCredentialsRejected);
  EXPECT_EQ(robot_.connection->Count(Verb::kRegister), 2u);
  runtime_->RunUntil(seconds(59));
  EXPECT_EQ(robot_.connection->calls.size(), 3u) << "parked";
  robot_.payloads.clear();
  runtime_->RunUntil(seconds(60));
  EXPECT_EQ(StateOf(lidar), kWaiting);
}

TEST_F(PayloadSessionsTest, TellsWhichFieldsTheRobotHasOtherwise) {
  robot_.Own("lidar-guid-0001", "secret", true);
  robot_.payloads["lidar-guid-0001"].definition = *MakePayload("LIDAR-guid-0001", 3.2);
  const SessionId lidar = Add("lidar-guid-0001");
  runtime_->Settle();
  EXPECT_THAT(sessions_.Snapshot(lidar)->differences,
              ElementsAre("mass_volume_properties.total_mass: ours 3, robot 3.2"));
  EXPECT_EQ(StateOf(lidar), kAuthorized);
}

TEST_F(PayloadSessionsTest, AnInvalidDefinitionIsParkedUntilItChanges) {
  robot_.outage = FailureKind::kInvalidRequest;
  const SessionId lidar = Add("lidar-guid-0001");
  runtime_->RunUntil(hours(1));
  EXPECT_EQ(StateOf(lidar), kDefinitionRejected);
  EXPECT_EQ(robot_.connection->calls.size(), 1u);
  robot_.outage.reset();
  EXPECT_TRUE(sessions_.UpdateDefinition(lidar, MakePayload("lidar-guid-0001", 4)).ok());
  runtime_->Settle();
  EXPECT_EQ(StateOf(lidar), kWaiting);
}

TEST_F(PayloadSessionsTest, AnAnswerToTheOldDefinitionIsNotTakenForOneToTheNew) {
  robot_.latency = seconds(1);
  robot_.outage = FailureKind::kInvalidRequest;
  const SessionId lidar = Add("lidar-guid-0001");
  runtime_->Settle();
  robot_.outage.reset();
  ASSERT_TRUE(sessions_.UpdateDefinition(lidar, MakePayload("lidar-guid-0001", 4)).ok());
  runtime_->RunUntil(seconds(5));
  EXPECT_THAT(diary_.events, ElementsAre("registering -> waiting for authorization"));
}

TEST_F(PayloadSessionsTest, RefusesWhatCannotWorkAndSaysWhy) {
  Add("lidar-guid-0001");
  EXPECT_THAT(WhyNotAdded(nullptr, "secret"), HasSubstr("definition"));
  EXPECT_THAT(WhyNotAdded(MakePayload(""), "secret"), HasSubstr("GUID"));
  EXPECT_THAT(WhyNotAdded(MakePayload("gas-guid-0001"), ""), HasSubstr("secret is empty"));
  EXPECT_THAT(WhyNotAdded(MakePayload("LIDAR-GUID-0001"), "secret"), HasSubstr("already"));
  SessionOptions options;
  options.interval = seconds(0);
  EXPECT_THAT(WhyNotAdded(MakePayload("gas-guid-0001"), "secret", options), HasSubstr("interval"));
  EXPECT_FALSE(sessions_.Add(RobotHandle{7}, MakePayload("gas-guid-0001"), Secret("s")).ok());
  EXPECT_FALSE(sessions_.UpdateDefinition(SessionId{7}, MakePayload("g")).ok());
  EXPECT_EQ(sessions_.Snapshots().size(), 1u);
}

TEST_F(PayloadSessionsTest, AChangedGuidIsAnotherPayload) {
  const SessionId lidar = Add("lidar-guid-0001");
  EXPECT_TRUE(sessions_.UpdateDefinition(lidar, MakePayload("Lidar-guid-0001")).ok());
  EXPECT_FALSE(sessions_.UpdateDefinition(lidar, MakePayload("lidar-guid-0002")).ok());
}

TEST_F(PayloadSessionsTest, RemovingEndsTheCallAndTellsNothingMore) {
  robot_.latency = seconds(5);
  const SessionId lidar = Add("lidar-guid-0001");
  runtime_->RunUntil(seconds(1));
  EXPECT_EQ(robot_.connection->in_flight, 1);
  EXPECT_TRUE(sessions_.RemoveAndWait(lidar));
  EXPECT_EQ(runtime_->Elapsed(), seconds(1)) << "the call was cancelled, not waited for";
  EXPECT_EQ(robot_.connection->in_flight, 0);
  EXPECT_EQ(sessions_.Snapshot(lidar), std::nullopt);
  runtime_->RunUntil(hours(1));
  EXPECT_THAT(diary_.entries, IsEmpty());
  EXPECT_EQ(robot_.connection->calls.size(), 1u);
  EXPECT_FALSE(sessions_.Remove(lidar));
}

TEST_F(PayloadSessionsTest, NoCallbackStartsAfterRemoveHasReturned) {
  const SessionId lidar = Add("lidar-guid-0001");
  runtime_->Post([&] { sessions_.Remove(lidar); });  // between the answer and its callback
  runtime_->RunUntil(seconds(1));
  EXPECT_THAT(diary_.entries, IsEmpty());
  Add("lidar-guid-0001");  // its GUID is free again
}

TEST_F(PayloadSessionsTest, RemoveAndWaitOnACallbackIsARequest) {
  SessionObserver observer;
  SessionId lidar{};
  std::optional<bool> removed;
  observer.state_changed = [&](const StateChange&) { removed = sessions_.RemoveAndWait(lidar); };
  lidar = *sessions_.Add(spot_, MakePayload("lidar-guid-0001"), Secret("s"), {}, observer);
  runtime_->RunUntil(hours(1));
  EXPECT_EQ(removed, false);
  EXPECT_EQ(robot_.connection->calls.size(), 1u);
}

TEST_F(PayloadSessionsTest, ShutdownCancelsEveryCallAndEndsEverySession) {
  robot_.latency = seconds(5);
  const SessionId lidar = Add("lidar-guid-0001");
  sessions_.SetVersion(lidar, {}, diary_.Result("version"));
  runtime_->RunUntil(seconds(1));
  EXPECT_TRUE(sessions_.Shutdown());
  EXPECT_EQ(runtime_->Elapsed(), seconds(1));
  EXPECT_EQ(robot_.connection->in_flight, 0);
  EXPECT_THAT(diary_.events, ElementsAre("version: shut down", "registering -> removed"));
  EXPECT_EQ(StateOf(lidar), kRemoved);
  EXPECT_TRUE(sessions_.Shutdown()) << "idempotent";
  EXPECT_FALSE(sessions_.Add(spot_, MakePayload("gas-guid-0001"), Secret("s")).ok());
  runtime_->RunUntil(hours(1));
  EXPECT_EQ(robot_.connection->calls.size(), 1u);
  EXPECT_EQ(runtime_->timers(), 0u);
}

TEST_F(PayloadSessionsTest, ShutdownOnACallbackIsARequest) {
  const SessionId lidar = Add("lidar-guid-0001");
  runtime_->PostCallback([&] { EXPECT_FALSE(sessions_.Shutdown()); });
  runtime_->Settle();
  EXPECT_EQ(StateOf(lidar), kRemoved);
  EXPECT_TRUE(sessions_.Shutdown());
}

TEST_F(PayloadSessionsTest, CallsCarryTheTimeoutOfTheOptions) {
  SessionOptions options;
  options.call_timeout = seconds(3);
  ASSERT_TRUE(sessions_.Add(spot_, MakePayload("lidar-guid-0001"), Secret("s"), options).ok());
  runtime_->Settle();
  EXPECT_EQ(robot_.connection->calls.front().timeout, seconds(3));
}

TEST_F(PayloadSessionsTest, NeverMoreThanOneCallPerPayloadAtATime) {
  robot_.latency = seconds(3);
  Add("lidar-guid-0001");
  runtime_->RunUntil(hours(1));
  EXPECT_EQ(robot_.connection->most_in_flight, 1);
}

TEST_F(PayloadSessionsTest, TheSnapshotSaysWhenTheNextCallIsDue) {
  const SessionId lidar = Add("lidar-guid-0001");
  runtime_->Settle();
  EXPECT_EQ(sessions_.Snapshot(lidar)->next_attempt, runtime_->Now() + seconds(1));
}

}  // namespace
}  // namespace payload_manager
