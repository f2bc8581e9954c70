// PayloadRegistrationKeepAlive over a real connection to a mock robot.
#include "payload_manager/errors.h"
#include "payload_manager/payload_registration_keep_alive.h"
#include "tests/integration/sessions/on_a_mock_robot.h"

namespace payload_manager {
namespace {

using std::chrono::milliseconds;
using testing::kDeadline;
using testing::kGuid;
using testing::OnAMockRobot;
using testing::Wire;

class KeepAliveOnAMockRobot : public OnAMockRobot {
 protected:
  static KeepAliveOptions Often() {
    KeepAliveOptions options;
    options.interval = milliseconds(20);
    return options;
  }
};

TEST_P(KeepAliveOnAMockRobot, BringsAForgottenPayloadBack) {
  PayloadRegistrationKeepAlive keep_alive(Connected(), Definition(), Secret("secret"), Often());
  keep_alive.Start();
  EXPECT_TRUE(RobotKnowsThePayload());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(robot_->Forget(kGuid).ok());
    EXPECT_TRUE(RobotKnowsThePayload());
  }
  EXPECT_TRUE(keep_alive.IsAlive());
  keep_alive.Shutdown();
  EXPECT_FALSE(keep_alive.IsAlive());
  EXPECT_TRUE(RobotKnowsThePayload()) << "it does not unregister";
}

TEST_P(KeepAliveOnAMockRobot, ShutsDownInMidCallWithASilentRobot) {
  PayloadRegistrationKeepAlive keep_alive(Connected(), Definition(), Secret("secret"), Often());
  keep_alive.Start();
  robot_->HoldAnswers();
  ASSERT_TRUE(RobotHoldsAnAnswer());
  ExpectEndsInMidCall(keep_alive);
}

TEST_P(KeepAliveOnAMockRobot, MayBeDestroyedInItsCallback) {
  Event started;
  Event destroyed;
  std::unique_ptr<PayloadRegistrationKeepAlive> keep_alive;
  KeepAliveOptions options = Often();
  options.error_callback = [&](const Failure&) {
    started.WaitInRealTime(kDeadline);
    keep_alive.reset();  // and with it the last owner of the connection
    destroyed.Set();
    return KeepAliveAction::kRetryImmediately;
  };
  keep_alive = std::make_unique<PayloadRegistrationKeepAlive>(Connected(), Definition(),
                                                              Secret("secret"), std::move(options));
  keep_alive->Start();
  started.Set();
  robot_->Stop();
  EXPECT_TRUE(destroyed.WaitInRealTime(kDeadline));
}

TEST_P(KeepAliveOnAMockRobot, StartThrowsWhatTheRobotSays) {
  robot_->Stop();
  PayloadRegistrationKeepAlive keep_alive(Connected(), Definition(), Secret("secret"), Often());
  EXPECT_THROW(keep_alive.Start(), RetryableRpcError);
  EXPECT_FALSE(keep_alive.IsAlive());
}

INSTANTIATE_TEST_SUITE_P(Over, KeepAliveOnAMockRobot, ::testing::Values(Wire::kPlain, Wire::kTls),
                         testing::WireName);

}  // namespace
}  // namespace payload_manager
