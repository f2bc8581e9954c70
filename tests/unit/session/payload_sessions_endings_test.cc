// What is let go of at the end and where, waits that never end, and threads that may not wait.
#include <gmock/gmock.h>

#include "payload_manager/base/completion_scope.h"
#include "payload_manager/payload_sessions.h"
#include "tests/support/payload_story.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::Call;
using testing::Diary;
using ::testing::ElementsAre;
using testing::FakeConnection;
using testing::FakeRobot;
using testing::MakePayload;
using testing::Verb;
using testing::VirtualRuntime;
using enum PayloadState;

constexpr char kLidar[] = "lidar-guid-0001";

class EndingsTest : public ::testing::Test {
 protected:
  SessionId Add(const SessionOptions& options = {}) {
    return *sessions_.Add(spot_, MakePayload(kLidar), Secret("secret"), options, diary_.Observer());
  }
  // Looks at the table when it dies, which would never end while the table holds a lock.
  SessionObserver ObserverThatLooksWhenItDies(int& died) {
    SessionObserver observer;
    observer.forgotten = [last = std::shared_ptr<void>(nullptr, [this, &died](void*) {
                            EXPECT_FALSE(sessions_.UpdateConnection(RobotHandle{7}, way_).ok());
                            EXPECT_EQ(sessions_.Snapshot(SessionId{7}), std::nullopt);
                            ++died;
                          })] {};
    return observer;
  }

  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  FakeRobot robot_{runtime_};
  std::shared_ptr<FakeConnection> way_ = std::make_shared<FakeConnection>(runtime_);
  Diary diary_{*runtime_};
  PayloadSessions sessions_{runtime_, 1};
  RobotHandle spot_ = sessions_.AddRobot("spot", robot_.connection);
};

TEST_F(EndingsTest, ShutdownDoesNotWaitForConnectionsToCloseButALaterOneDoes) {
  robot_.latency = seconds(5);
  Add();
  runtime_->RunUntil(seconds(1));
  ASSERT_EQ(robot_.connection->in_flight, 1);
  const std::weak_ptr<FakeConnection> watched = robot_.connection;
  robot_.connection.reset();
  EXPECT_TRUE(sessions_.Shutdown());
  EXPECT_FALSE(watched.expired());
  EXPECT_TRUE(sessions_.Shutdown());
  EXPECT_TRUE(watched.expired());
}

TEST_F(EndingsTest, AConnectionOutlivesTheTableWhileACallOnItThatIgnoresItsEndIsUnderWay) {
  robot_.latency = seconds(5);
  robot_.connection->ignores_cancellation = true;
  Add();
  runtime_->RunUntil(seconds(1));
  ASSERT_EQ(robot_.connection->in_flight, 1);
  const std::weak_ptr<FakeConnection> watched = robot_.connection;
  robot_.connection.reset();
  EXPECT_FALSE(sessions_.Shutdown());
  EXPECT_FALSE(sessions_.Shutdown());
  EXPECT_FALSE(watched.expired());
  runtime_->RunUntil(seconds(5));
  EXPECT_TRUE(watched.expired());
  EXPECT_TRUE(sessions_.Shutdown());
}

TEST_F(EndingsTest, ShutdownLeavesNoTimerAndShowsTheEndInEverySnapshot) {
  constexpr int kPayloads = 200;  // more than the snapshots are changed at a time
  const RobotHandle fast =
      sessions_.AddRobot("fast", way_, {.registration_calls_per_second = kPayloads});
  way_->script = robot_.connection->script;
  std::vector<SessionId> ids;
  for (int i = 0; i < kPayloads; ++i) {
    const std::string guid = "guid-" + std::to_string(i);
    robot_.Own(guid, "secret", /*authorized=*/true);
    ids.push_back(*sessions_.Add(fast, MakePayload(guid), Secret("secret")));
  }
  runtime_->RunUntil(seconds(10));
  for (const SessionId id : ids) ASSERT_EQ(sessions_.Snapshot(id)->state, kAuthorized);
  ASSERT_GT(runtime_->timers(), 0U);
  runtime_->RunFor(seconds(2));
  const TimePoint end = runtime_->Now();
  const PayloadSnapshot before = *sessions_.Snapshot(ids.front());
  EXPECT_TRUE(sessions_.Shutdown());
  EXPECT_EQ(runtime_->timers(), 0U);
  for (const SessionId id : ids) {
    const PayloadSnapshot shown = *sessions_.Snapshot(id);
    EXPECT_EQ(shown.state, kRemoved);
    EXPECT_EQ(shown.since, end);
    EXPECT_FALSE(shown.has_token);
    EXPECT_EQ(shown.next_attempt, std::nullopt);
    EXPECT_EQ(shown.robot, "fast");
  }
  const PayloadSnapshot after = *sessions_.Snapshot(ids.front());
  EXPECT_EQ(after.guid, before.guid);
  EXPECT_EQ(after.attempts, before.attempts);
  EXPECT_EQ(after.attached, before.attached);
}

TEST_F(EndingsTest, ATableThatIsGoneHoldsNoConnection) {
  const std::weak_ptr<FakeConnection> watched = way_;
  {
    PayloadSessions other(runtime_, 1);
    other.AddRobot("other", std::move(way_));
    runtime_->Settle();
  }
  EXPECT_TRUE(watched.expired());
}

TEST_F(EndingsTest, AConnectionThatComesAfterShutdownIsLetGo) {
  sessions_.Shutdown();
  const std::weak_ptr<FakeConnection> watched = way_;
  sessions_.AddRobot("late", std::move(way_));
  runtime_->Settle();
  EXPECT_TRUE(watched.expired());
}

TEST_F(EndingsTest, AnObserverDiesUnderNoLockWhenItsSessionIsRemovedAfterShutdown) {
  int died = 0;
  const SessionId lidar = *sessions_.Add(spot_, MakePayload(kLidar), Secret("secret"), {},
                                         ObserverThatLooksWhenItDies(died));
  sessions_.Shutdown();
  ASSERT_EQ(died, 0) << "its snapshot stays";
  EXPECT_TRUE(sessions_.Remove(lidar));
  EXPECT_EQ(died, 1);
}

TEST_F(EndingsTest, AnObserverDiesUnderNoLockWhenItsRobotIsRemovedAfterShutdown) {
  int died = 0;
  ASSERT_TRUE(
      sessions_
          .Add(spot_, MakePayload(kLidar), Secret("secret"), {}, ObserverThatLooksWhenItDies(died))
          .ok());
  sessions_.Shutdown();
  EXPECT_TRUE(sessions_.RemoveRobot(spot_));
  EXPECT_EQ(died, 1);
}

TEST_F(EndingsTest, AnObserverOfARefusedSessionDiesUnderNoLock) {
  Add();
  int died = 0;
  EXPECT_FALSE(
      sessions_
          .Add(spot_, MakePayload(kLidar), Secret("secret"), {}, ObserverThatLooksWhenItDies(died))
          .ok());
  EXPECT_EQ(died, 1);
}

TEST_F(EndingsTest, AConnectionThatAStoppedRuntimeDropsDiesUnderNoLock) {
  int died = 0;
  const auto connection = [&] {
    return std::shared_ptr<FakeConnection>(
        new FakeConnection(runtime_), [this, &died](FakeConnection* ended) {
          EXPECT_FALSE(sessions_.UpdateConnection(RobotHandle{7}, way_).ok());
          ++died;
          delete ended;
        });
  };
  runtime_->Stop();
  sessions_.AddRobot("late", connection());
  EXPECT_EQ(died, 1);
  EXPECT_TRUE(sessions_.UpdateConnection(spot_, connection()).ok());
  EXPECT_EQ(died, 2);
}

TEST_F(EndingsTest, NothingWaitsInACompletion) {
  robot_.latency = seconds(5);
  const SessionId lidar = Add();
  runtime_->RunUntil(seconds(1));
  {
    const CompletionScope scope;
    EXPECT_FALSE(sessions_.RemoveAndWait(lidar)) << "there it is only a request";
    EXPECT_FALSE(sessions_.RemoveRobotAndWait(spot_));
    EXPECT_FALSE(sessions_.Shutdown());
  }
  EXPECT_EQ(robot_.connection->in_flight, 1) << "nothing has happened yet";
  EXPECT_TRUE(sessions_.Shutdown());
  EXPECT_EQ(robot_.connection->in_flight, 0);
}

TEST_F(EndingsTest, ShutdownInACompletionTellsOfTheEndAsOnACallback) {
  Add();
  runtime_->Settle();
  {
    const CompletionScope scope;
    sessions_.Shutdown();
  }
  runtime_->Settle();
  EXPECT_EQ(diary_.events.back(), "waiting for authorization -> removed");
}

// Duration::max() is how programs say "never".
class NeverTest : public EndingsTest {
 protected:
  // A robot that is asked over and over in the same instant ends the test, not the machine.
  NeverTest() {
    robot_.connection->script = [this](const Call& call) {
      if (robot_.connection->calls.size() > 1000) runtime_->Stop();
      return robot_.Answer(call);
    };
  }
  static constexpr Duration kNever = Duration::max();
};

TEST_F(NeverTest, IsHowOftenASessionNeedDoAnything) {
  robot_.Own(kLidar, "secret", true);
  SessionOptions options;
  options.interval = options.token_poll = options.slowest_token_poll = kNever;
  options.token_check = options.token_renewal = options.definition_check = kNever;
  options.call_timeout = kNever;
  const SessionId lidar = Add(options);
  runtime_->RunUntil(hours(24 * 365));
  EXPECT_EQ(sessions_.Snapshot(lidar)->state, kAuthorized);
  EXPECT_EQ(robot_.connection->calls.size(), 3u) << "registered, got a token, compared";
}

TEST_F(NeverTest, IsHowOftenAWaitingPayloadNeedBeLookedAt) {
  SessionOptions options;
  options.token_poll = kNever;
  const SessionId lidar = Add(options);
  runtime_->RunUntil(hours(1));
  EXPECT_EQ(sessions_.Snapshot(lidar)->state, kWaiting);
  EXPECT_EQ(robot_.connection->Count(Verb::kToken), 0u);
}

TEST_F(NeverTest, IsHowLongAnEndMayTake) {
  const SessionId lidar = Add();
  runtime_->RunUntil(seconds(1));
  EXPECT_TRUE(sessions_.RemoveAndWait(lidar, kNever));
  EXPECT_TRUE(sessions_.RemoveRobotAndWait(spot_, kNever));
  EXPECT_TRUE(sessions_.Shutdown(kNever));
}

}  // namespace
}  // namespace payload_manager
