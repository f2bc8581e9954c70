// PayloadSessions over a real connection to a mock robot.
#include "tests/integration/sessions/sessions_on_a_mock_robot.h"

namespace payload_manager {
namespace {

using testing::kDeadline;
using testing::kGuid;
using testing::SessionsOnAMockRobot;
using testing::Wire;
using enum PayloadState;

TEST_P(SessionsOnAMockRobot, LiveThroughAuthorizationForgettingAndBack) {
  const SessionId lidar = Add(Connected());
  EXPECT_TRUE(heard_.Next(kWaiting));
  robot_->Authorize(kGuid);
  EXPECT_TRUE(heard_.Next(kAuthorized));
  EXPECT_TRUE(heard_.Next("token"));
  sessions_->Attach(lidar, heard_.Result("attach"));
  EXPECT_TRUE(heard_.Next("attach ok"));

  robot_->Forget(kGuid);
  EXPECT_TRUE(heard_.Next("forgotten"));
  EXPECT_TRUE(heard_.Next(kWaiting));
  robot_->Authorize(kGuid);
  EXPECT_TRUE(heard_.Next(kAuthorized));
  robot_->Deauthorize(kGuid);
  EXPECT_TRUE(heard_.Next("de-authorized"));
  EXPECT_TRUE(heard_.Next(kWaiting));
}

TEST_P(SessionsOnAMockRobot, ComeBackAfterACutConnection) {
  Add(Connected());
  EXPECT_TRUE(heard_.Next(kWaiting));
  robot_->HoldAnswers();
  ASSERT_TRUE(RobotHoldsAnAnswer());
  robot_->CutConnections();
  EXPECT_TRUE(heard_.Next(kUnreachable));
  robot_->ReleaseAnswers();
  EXPECT_TRUE(heard_.Next(kWaiting));
}

TEST_P(SessionsOnAMockRobot, ShutDownInMidCallWithASilentRobot) {
  robot_->HoldAnswers();
  Add(Connected());
  ASSERT_TRUE(RobotHoldsAnAnswer());
  ExpectEndsInMidCall(*sessions_);
}

TEST_P(SessionsOnAMockRobot, MayLeaveTheirConnectionToTheScheduler) {
  robot_->HoldAnswers();
  auto connection = Connected();
  const std::weak_ptr<RobotConnection> watched = connection;
  Add(std::move(connection));
  ASSERT_TRUE(RobotHoldsAnAnswer());

  // While the scheduler is busy, the table goes: what is posted to it is the last owner.
  Event go_on;
  ASSERT_TRUE(runtime_->Post([&] { go_on.WaitInRealTime(kDeadline); }));
  EXPECT_FALSE(sessions_->Shutdown(Duration(0)));
  sessions_.reset();
  EXPECT_FALSE(watched.expired());
  go_on.Set();
  // Its last owner may be a task of either thread, or the cancelled call on a thread of gRPC.
  const TimePoint deadline = SystemClock().Now() + kDeadline;
  while (!watched.expired() && SystemClock().Now() < deadline) {
    Event turn;
    ASSERT_TRUE(runtime_->Post([&] { turn.Set(); }));
    ASSERT_TRUE(runtime_->Await(turn, kDeadline));
  }
  EXPECT_TRUE(watched.expired());
}

INSTANTIATE_TEST_SUITE_P(Over, SessionsOnAMockRobot, ::testing::Values(Wire::kPlain, Wire::kTls),
                         testing::WireName);

}  // namespace
}  // namespace payload_manager
