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

TEST_F(EndingsTest, AfterShutdownNoConnectionIsHeldAnyMore) {
  robot_.latency = seconds(5);
  Add();
  runtime_->RunUntil(seconds(1));
  ASSERT_EQ(robot_.connection->in_flight, 1);
  const std::weak_ptr<FakeConnection> watched = robot_.connection;
  robot_.connection.reset();
  EXPECT_TRUE(sessions_.Shutdown());
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

}  // namespace
}  // namespace payload_manager
