// A robot's clock, moved ahead by hand: by the test that holds it, and over the administration.
#include <thread>

#include "mock_robot/v1/admin.pb.h"
#include "tests/integration/mock_robot/fault_fixture.h"

namespace mock_robot::testing {
namespace {

using payload_manager::Duration;
using std::chrono::hours;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr Duration kTenYears = hours(24 * 3650);

// On the machine's clock unless said otherwise.
class Advancing : public OnDemand {
 protected:
  Advancing() : Advancing(PlainOptions()) {}
  explicit Advancing(MockRobotOptions options)
      : OnDemand(WithAdmin(std::move(options))), admin_(robot_->admin_address(), "") {}

  static MockRobotOptions WithAdmin(MockRobotOptions options) {
    options.admin_listen = "127.0.0.1:0";
    return options;
  }
  WireStatus AdvanceByAdmin(std::int64_t by_seconds, v1::AdvanceClockResponse& response) {
    v1::AdvanceClockRequest request;
    request.mutable_by()->set_seconds(by_seconds);
    return admin_.Call("mock_robot.v1.MockRobotAdmin/AdvanceClock", request, &response);
  }
  bool HasFault(std::string_view name) const {
    for (const api::ServiceFault& fault : robot_->Snapshot().faults) {
      if (fault.fault_id().fault_name() == name) return true;
    }
    return false;
  }

  WireClient admin_;
};

TEST_F(Advancing, EndsATokenALockOutAndThePatienceWithASilentPayload) {
  api::RegisterPayloadRequest request = RegisterRequest();
  request.mutable_payload()->set_liveness_timeout_secs(3600);
  api::RegisterPayloadResponse registered;
  ASSERT_TRUE(client_.Call(kRegister, request, &registered).ok());
  const std::string token = UserToken(client_);
  for (int i = 0; i < 6; ++i) LogIn(client_, "wrong");
  EXPECT_EQ(LogIn(client_, "annas-password").status(),
            api::GetAuthTokenResponse::STATUS_TEMPORARILY_LOCKED_OUT);
  EXPECT_FALSE(HasFault(kLivenessFault));

  v1::AdvanceClockResponse response;
  ASSERT_TRUE(AdvanceByAdmin(3600, response).ok());
  EXPECT_EQ(response.result(), v1::RESULT_OK);
  EXPECT_GE(response.now().seconds(),
            registered.header().request_received_timestamp().seconds() + 3600);
  EXPECT_TRUE(HasFault(kLivenessFault));
  EXPECT_EQ(LogIn(client_, "annas-password").status(), api::GetAuthTokenResponse::STATUS_OK);
  EXPECT_TRUE(ListPayloads(client_, WithToken(token)).ok());

  ASSERT_TRUE(robot_->Advance(hours(11)).ok());
  EXPECT_EQ(ListPayloads(client_, WithToken(token)).code, "UNAUTHENTICATED");
}

TEST_F(Advancing, EndsFaultsThatLast) {
  Inject({.lasts = hours(1), .what = fault::Offline()});
  ASSERT_TRUE(robot_->WaitUntil([](const RobotSnapshot& s) { return s.connections == 0; }));
  ASSERT_TRUE(robot_->Advance(hours(1)).ok());
  WireClient at_once(robot_->address(), "");
  EXPECT_TRUE(Register(at_once).ok());
}

TEST_F(Advancing, WakesWhoeverWaitsForWhatComesDue) {
  api::RegisterPayloadRequest request = RegisterRequest();
  request.mutable_payload()->set_liveness_timeout_secs(3600);
  api::RegisterPayloadResponse registered;
  ASSERT_TRUE(client_.Call(kRegister, request, &registered).ok());
  std::thread later;
  bool asked = false;
  const auto began = std::chrono::steady_clock::now();
  const auto silent = [&](const RobotSnapshot& snapshot) {
    for (const auto& fault : snapshot.faults) {
      if (fault.fault_id().fault_name() == kLivenessFault) return true;
    }
    if (!asked) later = std::thread([this] { ASSERT_TRUE(robot_->Advance(hours(1)).ok()); });
    asked = true;
    return false;
  };
  EXPECT_TRUE(robot_->WaitUntil(silent, seconds(20)));
  EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(10));
  later.join();
}

TEST_F(Advancing, RefusesToGoBackOrTooFar) {
  v1::AdvanceClockResponse response;
  for (const std::int64_t wrong : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 62}) {
    const WireStatus status = AdvanceByAdmin(wrong, response);
    EXPECT_EQ(status.code, "CODE_3") << wrong;  // INVALID_ARGUMENT
    EXPECT_THAT(status.message, HasSubstr("by: "));
  }
  EXPECT_FALSE(robot_->Advance(nanoseconds(0)).ok());
  EXPECT_FALSE(robot_->Advance(Duration::max()).ok());
  EXPECT_FALSE(robot_->Advance(Duration::min()).ok());
  ASSERT_TRUE(robot_->Advance(kTenYears - seconds(1)).ok());
  EXPECT_FALSE(robot_->Advance(seconds(2)).ok());
  EXPECT_TRUE(robot_->Advance(seconds(1)).ok());
  EXPECT_FALSE(robot_->Advance(nanoseconds(1)).ok());
  EXPECT_TRUE(Register(client_).ok());
}

// On a clock of the test's.
class AdvancingBeyondAClock : public Advancing {
 protected:
  AdvancingBeyondAClock() : Advancing(OnTestClock()) {}
  RobotTime TimeOf(const api::RegisterPayloadResponse& response) const {
    const auto& time = response.header().request_received_timestamp();
    return RobotTime(seconds(time.seconds()) + nanoseconds(time.nanos()));
  }
};

TEST_F(AdvancingBeyondAClock, AddsToTheClockAndToItsSkewAndIsThisRobotsAlone) {
  const auto other = StartRobot(OnTestClock());
  WireClient client(other->address(), "");
  const auto began = TestClock().WallNow();
  ASSERT_TRUE(robot_->Advance(hours(5)).ok());
  TestClock().Advance(hours(2));
  Inject({.what = fault::ClockSkew{hours(-1)}});
  v1::AdvanceClockResponse response;
  ASSERT_TRUE(AdvanceByAdmin(7, response).ok());
  EXPECT_EQ(TimeOf(Registered()), began + hours(5 + 2 - 1) + seconds(7));
  EXPECT_EQ(response.now().seconds(),
            std::chrono::floor<seconds>(began + hours(6) + seconds(7)).time_since_epoch().count());
  api::RegisterPayloadResponse elsewhere;
  ASSERT_TRUE(client.Call(kRegister, RegisterRequest(), &elsewhere).ok());
  EXPECT_EQ(TimeOf(elsewhere), began + hours(2));
}

}  // namespace
}  // namespace mock_robot::testing
