// A robot on a clock that a test moves: what takes hours takes none.
#include "tests/integration/mock_robot/fault_fixture.h"

namespace mock_robot::testing {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class VirtualTime : public ::testing::Test {
 protected:
  VirtualTime() {
    MockRobotOptions options = PlainOptions();
    options.clock = &clock_;
    robot_ = StartRobot(options);
    client_ = std::make_unique<WireClient>(robot_->address(), "");
  }
  void Advance(payload_manager::Duration time) {
    clock_.Advance(time);
    robot_->ClockMoved();
  }
  bool HasFault(std::string_view name) const {
    for (const api::ServiceFault& fault : robot_->Snapshot().faults) {
      if (fault.fault_id().fault_name() == name) return true;
    }
    return false;
  }

  ManualClock clock_;
  std::unique_ptr<MockRobot> robot_;
  std::unique_ptr<WireClient> client_;
};

TEST_F(VirtualTime, EndsATokenAfterTwelveHours) {
  const std::string token = UserToken(*client_);
  Advance(hours(12) - seconds(1));
  EXPECT_TRUE(ListPayloads(*client_, WithToken(token)).ok());
  Advance(seconds(1));
  EXPECT_EQ(ListPayloads(*client_, WithToken(token)).code, "UNAUTHENTICATED");
}

TEST_F(VirtualTime, LiftsALockOutAfterAMinute) {
  for (int i = 0; i < 6; ++i) LogIn(*client_, "wrong");
  EXPECT_EQ(LogIn(*client_, "annas-password").status(),
            api::GetAuthTokenResponse::STATUS_TEMPORARILY_LOCKED_OUT);
  Advance(seconds(60));
  EXPECT_EQ(LogIn(*client_, "annas-password").status(), api::GetAuthTokenResponse::STATUS_OK);
}

TEST_F(VirtualTime, MissesHeartbeatsWhenTheyAreDue) {
  api::RegisterPayloadRequest request = RegisterRequest();
  request.mutable_payload()->set_liveness_timeout_secs(30);
  api::RegisterPayloadResponse response;
  ASSERT_TRUE(client_->Call(kRegister, request, &response).ok());
  Advance(seconds(30) - std::chrono::nanoseconds(1));
  EXPECT_FALSE(HasFault(kLivenessFault));
  Advance(std::chrono::nanoseconds(1));
  EXPECT_TRUE(HasFault(kLivenessFault));
  ASSERT_TRUE(client_->Call(kRegister, request, &response).ok());
  EXPECT_FALSE(HasFault(kLivenessFault));
}

TEST_F(VirtualTime, IsWhatTheJournalShows) {
  Register(*client_);
  Advance(hours(5));
  Register(*client_);
  const auto entries = robot_->Journal();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[1].received - entries[0].received, hours(5));
  EXPECT_EQ(entries[1].took, seconds(0));
}

TEST_F(VirtualTime, DoesNotHoldUpADelayWhichIsReal) {
  ASSERT_TRUE(
      robot_->Inject({.what = fault::Latency{.at_least = std::chrono::milliseconds(5)}}).ok());
  EXPECT_TRUE(Register(*client_).ok());
}

}  // namespace
}  // namespace mock_robot::testing
