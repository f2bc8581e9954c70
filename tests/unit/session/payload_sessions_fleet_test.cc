// Robots that come, go and move while everything runs.
#include <gmock/gmock.h>

#include "payload_manager/payload_sessions.h"
#include "tests/support/payload_story.h"

namespace payload_manager {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Call;
using testing::Diary;
using ::testing::ElementsAre;
using testing::FakeConnection;
using testing::FakeRobot;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MakePayload;
using testing::Verb;
using testing::VirtualRuntime;
using enum PayloadState;

constexpr char kLidar[] = "lidar-guid-0001";

class FleetTest : public ::testing::Test {
 protected:
  // Another way to the same robot.
  std::shared_ptr<FakeConnection> Moved() {
    auto connection = std::make_shared<FakeConnection>(runtime_);
    connection->script = [this](const Call& call) { return robot_.Answer(call); };
    return connection;
  }
  SessionId Add(const std::string& guid = kLidar) {
    return *sessions_.Add(spot_, MakePayload(guid), Secret("secret"), {}, diary_.Observer());
  }
  void AddMany(int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(
          sessions_.Add(spot_, MakePayload("guid-" + std::to_string(i)), Secret("secret")).ok());
    }
  }
  int CountIn(PayloadState state) const {
    int count = 0;
    for (const auto& [id, snapshot] : sessions_.Snapshots()) count += snapshot.state == state;
    return count;
  }

  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  FakeRobot robot_{runtime_};
  Diary diary_{*runtime_};
  PayloadSessions sessions_{runtime_, 1};
  RobotHandle spot_ = sessions_.AddRobot("spot", robot_.connection);
};

TEST_F(FleetTest, RemovingARobotEndsItsSessionsAndTheirCalls) {
  robot_.latency = seconds(5);
  const SessionId lidar = Add();
  const SessionId camera = Add("camera-guid-0002");
  sessions_.Attach(lidar, diary_.Result("attach"));
  runtime_->RunUntil(seconds(1));
  EXPECT_EQ(robot_.connection->in_flight, 2);
  EXPECT_TRUE(sessions_.RemoveRobot(spot_));
  EXPECT_EQ(sessions_.Snapshot(lidar), std::nullopt) << "gone for the caller at once";
  EXPECT_EQ(sessions_.Snapshot(camera), std::nullopt);
  runtime_->Settle();
  EXPECT_EQ(robot_.connection->in_flight, 0);
  EXPECT_THAT(diary_.events, ElementsAre("attach: shut down")) << "and no observer is told";
  runtime_->RunUntil(minutes(10));
  EXPECT_EQ(robot_.connection->calls.size(), 2u);
  EXPECT_EQ(runtime_->timers(), 0u);
}

TEST_F(FleetTest, APayloadMayBeRemovedWhileItWaitsForItsTurn) {
  AddMany(20);  // of which eight may call in the first second
  const SessionId last = Add("last");
  runtime_->RunUntil(milliseconds(100));
  sessions_.Remove(last);
  runtime_->RunUntil(minutes(1));
  EXPECT_EQ(CountIn(kWaiting), 20);
  for (const Call& call : robot_.connection->calls) EXPECT_NE(call.guid, "last");
}

TEST_F(FleetTest, RemovingAndWaitingLetsGoOfTheConnection) {
  auto connection = Moved();
  const std::weak_ptr<FakeConnection> watched = connection;
  const RobotHandle second = sessions_.AddRobot("second", std::move(connection));
  ASSERT_TRUE(sessions_.Add(second, MakePayload(kLidar), Secret("secret")).ok());
  robot_.latency = seconds(5);
  runtime_->RunUntil(seconds(1));
  ASSERT_EQ(watched.lock()->in_flight, 1);
  EXPECT_TRUE(sessions_.RemoveRobotAndWait(second));
  EXPECT_TRUE(watched.expired());
}

TEST_F(FleetTest, RemovingAndWaitingSaysWhenACallDoesNotEnd) {
  robot_.connection->ignores_cancellation = true;
  robot_.latency = seconds(5);
  Add();
  runtime_->RunUntil(seconds(1));
  EXPECT_FALSE(sessions_.RemoveRobotAndWait(spot_));
  EXPECT_EQ(runtime_->Elapsed(), seconds(2)) << "after the limit";
  EXPECT_EQ(robot_.connection->in_flight, 1);
  runtime_->RunFor(seconds(10));
  EXPECT_EQ(robot_.connection->in_flight, 0) << "it ends by itself";
}

TEST_F(FleetTest, ARemovedRobotIsUnknown) {
  const SessionId lidar = Add();
  EXPECT_TRUE(sessions_.RemoveRobot(spot_));
  EXPECT_FALSE(sessions_.RemoveRobot(spot_));
  EXPECT_FALSE(sessions_.RemoveRobotAndWait(spot_));
  EXPECT_FALSE(sessions_.Remove(lidar));
  const auto added = sessions_.Add(spot_, MakePayload(kLidar), Secret("secret"));
  ASSERT_FALSE(added.ok());
  EXPECT_THAT(added.error().message, HasSubstr("no such robot"));
  const auto updated = sessions_.UpdateConnection(spot_, Moved());
  ASSERT_FALSE(updated.ok());
  EXPECT_THAT(updated.error().message, HasSubstr("no such robot"));
  const RobotHandle next = sessions_.AddRobot("next", robot_.connection);
  EXPECT_NE(next, spot_) << "a handle is not used again";
  EXPECT_TRUE(sessions_.Add(next, MakePayload(kLidar), Secret("secret")).ok());
}

TEST_F(FleetTest, RemovingARobotLeavesTheOthersAlone) {
  FakeRobot other(runtime_);
  const RobotHandle second = sessions_.AddRobot("other", other.connection);
  const SessionId there = *sessions_.Add(second, MakePayload(kLidar), Secret("secret"));
  Add();
  runtime_->RunUntil(minutes(1));
  sessions_.RemoveRobot(spot_);
  const std::size_t before = other.connection->Count(Verb::kRegister);
  runtime_->RunFor(minutes(1));
  EXPECT_EQ(sessions_.Snapshot(there)->state, kWaiting);
  EXPECT_GE(other.connection->Count(Verb::kRegister), before + 5);
}

TEST_F(FleetTest, ACallbackMayRemoveItsRobot) {
  SessionObserver observer;
  int told = 0;
  observer.state_changed = [&](const StateChange&) {
    ++told;
    EXPECT_FALSE(sessions_.RemoveRobotAndWait(spot_)) << "there it is only a request";
  };
  ASSERT_TRUE(sessions_.Add(spot_, MakePayload(kLidar), Secret("secret"), {}, observer).ok());
  runtime_->RunUntil(minutes(5));
  EXPECT_EQ(told, 1);
  EXPECT_EQ(robot_.connection->Count(Verb::kRegister), 1u);
}

TEST_F(FleetTest, AMovedRobotKeepsItsSessionsAsTheyAre) {
  robot_.Own(kLidar, "secret", true);
  const SessionId lidar = Add();
  runtime_->RunUntil(minutes(1));
  diary_.events.clear();
  const PayloadSnapshot before = *sessions_.Snapshot(lidar);
  const std::weak_ptr<FakeConnection> old = robot_.connection;
  robot_.connection.reset();
  const auto moved = Moved();
  ASSERT_TRUE(sessions_.UpdateConnection(spot_, moved).ok());
  runtime_->Settle();
  EXPECT_TRUE(old.expired()) << "nothing keeps the old connection open";
  runtime_->RunFor(minutes(5));
  EXPECT_GE(moved->Count(Verb::kRegister), 27u);
  const PayloadSnapshot after = *sessions_.Snapshot(lidar);
  EXPECT_EQ(after.state, kAuthorized);
  EXPECT_EQ(after.since, before.since);
  EXPECT_THAT(diary_.events, IsEmpty());
}

TEST_F(FleetTest, ACallUnderWayIsMadeAgainAtOnceOnTheNewConnection) {
  robot_.latency = seconds(5);
  Add();
  runtime_->RunUntil(seconds(2));
  robot_.latency = {};
  const auto moved = Moved();
  ASSERT_TRUE(sessions_.UpdateConnection(spot_, moved).ok());
  runtime_->Settle();
  EXPECT_EQ(robot_.connection->in_flight, 0) << "cancelled";
  EXPECT_THAT(moved->SecondsOf(Verb::kRegister), ElementsAre(2));
}

TEST_F(FleetTest, WhatTheOldConnectionStillAnswersIsNotBelieved) {
  robot_.connection->ignores_cancellation = true;
  robot_.connection->script = [](const Call&) {
    return testing::Fails(FailureKind::kInvalidRequest, seconds(5));
  };
  const SessionId lidar = Add();
  runtime_->RunUntil(seconds(2));
  ASSERT_TRUE(sessions_.UpdateConnection(spot_, Moved()).ok());
  runtime_->RunUntil(seconds(10));
  EXPECT_EQ(robot_.connection->in_flight, 0) << "it has been answered";
  EXPECT_EQ(sessions_.Snapshot(lidar)->state, kWaiting);
  EXPECT_THAT(diary_.events, ElementsAre("registering -> waiting for authorization"));
}

TEST_F(FleetTest, ARequestUnderWayIsSentAgainAndAnsweredOnce) {
  robot_.Own(kLidar, "secret", true);
  const SessionId lidar = Add();
  runtime_->RunUntil(seconds(1));
  diary_.events.clear();
  robot_.latency = seconds(5);
  sessions_.SetVersion(lidar, {}, diary_.Result("version"));
  runtime_->RunUntil(seconds(2));
  robot_.latency = {};
  const auto moved = Moved();
  ASSERT_TRUE(sessions_.UpdateConnection(spot_, moved).ok());
  runtime_->RunUntil(minutes(1));
  EXPECT_EQ(moved->Count(Verb::kVersion), 1u);
  EXPECT_THAT(diary_.events, ElementsAre("version ok"));
}

TEST_F(FleetTest, MovingARobotThatWasOutOfReachProbesItAtOnceAndRecoversAtThePace) {
  robot_.outage = FailureKind::kUnableToConnect;
  AddMany(20);
  runtime_->RunUntil(minutes(10));
  ASSERT_EQ(CountIn(kUnreachable), 20);
  const auto moved = Moved();
  ASSERT_TRUE(sessions_.UpdateConnection(spot_, moved).ok());
  runtime_->Settle();
  EXPECT_EQ(moved->calls.size(), 1u) << "one probe";
  EXPECT_EQ(CountIn(kUnreachable), 20) << "which fails, too";
  robot_.outage.reset();
  const auto there = Moved();
  ASSERT_TRUE(sessions_.UpdateConnection(spot_, there).ok());
  runtime_->Settle();
  EXPECT_LE(there->calls.size(), 8u);
  EXPECT_EQ(CountIn(kUnreachable), 0);
  runtime_->RunFor(seconds(10));
  EXPECT_EQ(CountIn(kWaiting), 20);
}

TEST_F(FleetTest, MovingARobotOverAndOverIsNoBurst) {
  AddMany(20);
  robot_.latency = std::chrono::milliseconds(700);
  std::vector<std::shared_ptr<FakeConnection>> ways{robot_.connection};
  for (int i = 0; i < 100; ++i) {
    runtime_->RunFor(std::chrono::milliseconds(100));
    ways.push_back(Moved());
    ASSERT_TRUE(sessions_.UpdateConnection(spot_, ways.back()).ok());
  }
  std::vector<Duration> at;
  for (const auto& way : ways) {
    for (const Call& call : way->calls) at.push_back(call.at);
  }
  for (std::size_t i = 8; i < at.size(); ++i) ASSERT_GE(at[i] - at[i - 8], seconds(1)) << i;
  runtime_->RunFor(seconds(20));
  EXPECT_EQ(CountIn(kWaiting), 20);
}

TEST_F(FleetTest, AnotherConnectionIsRefusedWhereItCannotBe) {
  EXPECT_THAT(sessions_.UpdateConnection(spot_, nullptr).error().message,
              HasSubstr("no connection"));
  sessions_.Shutdown();
  EXPECT_THAT(sessions_.UpdateConnection(spot_, Moved()).error().message, HasSubstr("shut down"));
}

}  // namespace
}  // namespace payload_manager
