// Faults that befall the robot as a whole, as a real client suffers them.
#include "tests/integration/mock_robot/fault_fixture.h"

namespace mock_robot::testing {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// In virtual time.
class RobotFault : public OnDemand {
 protected:
  RobotFault() : OnDemand(OnTestClock()) {}
  void Advance(payload_manager::Duration time) {
    TestClock().Advance(time);
    robot_->ClockMoved();
  }
  WireStatus ListWith(const std::string& token) { return ListPayloads(client_, WithToken(token)); }
};

TEST_F(RobotFault, OfflineCutsEverybodyAndKeepsThePort) {
  ASSERT_TRUE(Register(client_).ok());
  const std::string address = robot_->address();
  const FaultId id = Inject({.what = fault::Offline()});
  ASSERT_TRUE(robot_->WaitUntil([](const RobotSnapshot& s) { return s.connections == 0; }));
  WireClient newcomer(address, "");
  EXPECT_EQ(Register(newcomer).code, "UNAVAILABLE");
  // Nobody else can take the port meanwhile: who asks for any is given another.
  EXPECT_NE(StartRobot()->address(), address);
  EXPECT_EQ(Info(id).fired, 1u);
  EXPECT_TRUE(robot_->RemoveFault(id));
  WireClient later(address, "");
  EXPECT_TRUE(Register(later).ok());
  EXPECT_EQ(robot_->address(), address);
}

// Also from those who, as robots do, share ports with connections that linger.
TEST_F(RobotFault, OfflineLeavesThePortToNobodyElseAndItsOwnConnectionsDoNotKeepItAway) {
  ASSERT_TRUE(Register(client_).ok());
  MockRobotOptions options = PlainOptions();
  options.listen = robot_->address();
  for (int i = 0; i < 3; ++i) {
    const FaultId id = Inject({.what = fault::Offline()});
    const auto thief = MockRobot::Start(options);
    ASSERT_FALSE(thief.ok());
    EXPECT_EQ(thief.error().message, options.listen + ": the port is in use");
    robot_->RemoveFault(id);
    WireClient client(options.listen, "");
    ASSERT_TRUE(Register(client).ok()) << i;
  }
  robot_->Stop();
  const auto again = MockRobot::Start(options);
  ASSERT_TRUE(again.ok()) << again.error().message;
  WireClient client(options.listen, "");
  EXPECT_TRUE(Register(client).ok());
}

TEST_F(RobotFault, OfflineForAWhileIsOverWhenRobotTimeSaysSo) {
  const FaultId id = Inject({.lasts = seconds(60), .what = fault::Offline()});
  Advance(seconds(59));
  EXPECT_FALSE(Info(id).spent);
  {
    WireClient client(robot_->address(), "");
    EXPECT_EQ(Register(client).code, "UNAVAILABLE");
  }
  Advance(seconds(1));
  EXPECT_TRUE(Info(id).spent);
  WireClient client(robot_->address(), "");
  EXPECT_TRUE(Register(client).ok());
}

TEST(RobotFaultInRealTime, OfflineForAWhileEndsByItself) {
  const auto robot = StartRobot();
  ASSERT_TRUE(
      robot->Inject({.lasts = std::chrono::milliseconds(100), .what = fault::Offline()}).ok());
  WireClient client(robot->address(), "");
  WireOptions patient;
  patient.wait_for_ready = true;
  EXPECT_TRUE(Register(client, kGuid, patient).ok());
}

TEST_F(RobotFault, OfflineAfterACallLosesItsAnswer) {
  const FaultId id = Inject({.calls = {.rpc = "RegisterPayload"}, .what = fault::Offline()});
  EXPECT_EQ(Info(id).fired, 0u);
  EXPECT_EQ(Register(client_).code, "UNAVAILABLE");
  EXPECT_TRUE(IsRegistered());
  EXPECT_EQ(Register(client_).code, "UNAVAILABLE");
  EXPECT_EQ(Info(id).fired, 1u);
  robot_->RemoveFaults();
  EXPECT_TRUE(RegisterPatiently().ok());
}

TEST_F(RobotFault, ARebootCutsConnectionsAndKeepsRegistrations) {
  ASSERT_TRUE(Register(client_).ok());
  const FaultId id = Inject({.what = fault::Reboot()});
  ASSERT_TRUE(robot_->WaitUntil([](const RobotSnapshot& s) { return s.connections == 0; }));
  EXPECT_TRUE(Info(id).spent);
  EXPECT_TRUE(IsRegistered());
  EXPECT_TRUE(RegisterPatiently().ok());
}

TEST_F(RobotFault, ARebootTakesItsTime) {
  Inject({.calls = {.rpc = "RegisterPayload"}, .times = 1, .what = fault::Reboot{seconds(90)}});
  EXPECT_EQ(Register(client_).code, "UNAVAILABLE");
  WireClient newcomer(robot_->address(), "");
  EXPECT_EQ(Register(newcomer).code, "UNAVAILABLE");
  Advance(seconds(90));
  WireClient later(robot_->address(), "");
  EXPECT_TRUE(Register(later).ok());
}

TEST_F(RobotFault, ASkewedClockShowsInEveryHeaderAndLeavesTheRulesAlone) {
  const auto time = [&] { return Registered().header().request_received_timestamp().seconds(); };
  const auto before = time();
  const FaultId id = Inject({.what = fault::ClockSkew{hours(2)}});
  EXPECT_EQ(time() - before, 2 * 3600);
  EXPECT_EQ(Registered().header().response_timestamp().seconds() - before, 2 * 3600);
  Inject({.what = fault::ClockSkew{-hours(3)}});
  EXPECT_EQ(time() - before, -3600);
  robot_->RemoveFault(id);
  EXPECT_EQ(time() - before, -3 * 3600);
  robot_->RemoveFaults();
  EXPECT_EQ(time(), before);
}

TEST_F(RobotFault, ASkewEndsInTimeAndIsNoReasonToRefuseAToken) {
  const std::string token = UserToken(client_);
  Inject({.lasts = hours(1), .what = fault::ClockSkew{hours(13)}});
  EXPECT_TRUE(ListWith(token).ok());
  const auto before = Registered().header().request_received_timestamp().seconds();
  Advance(hours(1));
  const auto after = Registered().header().request_received_timestamp().seconds();
  EXPECT_EQ(after - before, -12 * 3600);
}

TEST_F(RobotFault, ExpiredTokensOpenNothingAndNewOnesDo) {
  ASSERT_TRUE(Register(client_).ok());
  ASSERT_TRUE(robot_->Authorize(kGuid).ok());
  const std::string of_user = UserToken(client_);
  const std::string of_payload = PayloadToken(client_).token();
  Inject({.what = fault::ExpireTokens()});
  EXPECT_EQ(ListWith(of_user).code, "UNAUTHENTICATED");
  EXPECT_EQ(ListWith(of_payload).code, "UNAUTHENTICATED");
  EXPECT_TRUE(ListWith(UserToken(client_)).ok());
  EXPECT_TRUE(ListWith(PayloadToken(client_).token()).ok());
}

TEST_F(RobotFault, TokensMayExpireJustBeforeTheCallThatNeedsThem) {
  const std::string token = UserToken(client_);
  const FaultId id =
      Inject({.calls = {.rpc = "ListPayloads"}, .times = 1, .what = fault::ExpireTokens()});
  EXPECT_EQ(ListWith(token).code, "UNAUTHENTICATED");
  EXPECT_EQ(Info(id).fired, 1u);
  EXPECT_TRUE(ListWith(UserToken(client_)).ok());
}

TEST_F(RobotFault, AFaultForAWhileIsOverInRobotTime) {
  Inject({.lasts = seconds(10), .what = fault::GrpcStatus()});
  EXPECT_EQ(Register(client_).code, "UNAVAILABLE");
  Advance(seconds(10));
  EXPECT_TRUE(Register(client_).ok());
}

}  // namespace
}  // namespace mock_robot::testing
