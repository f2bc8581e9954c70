// Robots removed, and reached otherwise, over real connections.
#include "tests/integration/sessions/sessions_on_a_mock_robot.h"

namespace payload_manager {
namespace {

using testing::kDeadline;
using testing::kGuid;
using testing::Wire;
using enum PayloadState;

class MovingRobots : public testing::SessionsOnAMockRobot {};

TEST_P(MovingRobots, AnotherConnectionCarriesOnInMidCall) {
  const SessionId lidar = Add(Connected());
  ASSERT_TRUE(RobotKnowsThePayload());
  ASSERT_TRUE(robot_->Authorize(kGuid).ok());
  ASSERT_TRUE(heard_.Next(kAuthorized));
  robot_->HoldAnswers();
  ASSERT_TRUE(RobotHoldsAnAnswer());
  const auto calls = [](const mock_robot::RobotSnapshot& seen) {
    std::uint64_t sum = 0;
    for (const auto& [rpc, count] : seen.calls) sum += count;
    return sum;
  };
  const auto before = calls(robot_->Snapshot());
  ASSERT_TRUE(sessions_->UpdateConnection(spot_, Connected()).ok());
  ASSERT_TRUE(robot_->WaitUntil([&](const auto& seen) { return calls(seen) > before; }, kDeadline))
      << "the call is made again, although the first is still held";
  robot_->ReleaseAnswers();
  const auto attempts = Snapshot(lidar).attempts;
  ASSERT_TRUE(robot_->WaitUntil(
      [&](const auto&) { return Snapshot(lidar).attempts >= attempts + 3; }, kDeadline));
  EXPECT_EQ(Snapshot(lidar).state, kAuthorized);
  EXPECT_EQ(heard_.Count("authorized"), 1) << "it never was anything else";
}

TEST_P(MovingRobots, AnotherAddressIsUsedAtOnce) {
  const SessionId lidar = Add(Connected());
  ASSERT_TRUE(heard_.Next(kWaiting));
  robot_->Stop();
  ASSERT_TRUE(heard_.Next(kUnreachable));
  const auto moved = StartRobot();  // which, as robots go, has never seen the payload
  ASSERT_TRUE(sessions_->UpdateConnection(spot_, ConnectedTo(*moved)).ok());
  EXPECT_TRUE(heard_.Next("forgotten"));
  EXPECT_TRUE(heard_.Next(kWaiting));
  EXPECT_NE(moved->Snapshot().Find(kGuid), nullptr);
  EXPECT_EQ(Snapshot(lidar).failure, std::nullopt);
}

TEST_P(MovingRobots, RemovingASilentRobotInMidCallLetsGoOfItsConnection) {
  robot_->HoldAnswers();
  auto connection = Connected();
  const std::weak_ptr<RobotConnection> watched = connection;
  Add(std::move(connection));
  ASSERT_TRUE(RobotHoldsAnAnswer());
  EXPECT_TRUE(sessions_->RemoveRobotAndWait(spot_, kDeadline));
  EXPECT_TRUE(watched.expired());
  robot_->ReleaseAnswers();
  EXPECT_TRUE(robot_->WaitUntil([](const auto& seen) { return seen.connections == 0; }, kDeadline));
}

TEST_P(MovingRobots, TheOldConnectionIsClosedOnceItIsNotUsedAnyMore) {
  auto connection = Connected();
  const std::weak_ptr<RobotConnection> watched = connection;
  Add(std::move(connection));
  ASSERT_TRUE(heard_.Next(kWaiting));
  ASSERT_TRUE(sessions_->UpdateConnection(spot_, Connected()).ok());
  EXPECT_TRUE(robot_->WaitUntil([&](const auto&) { return watched.expired(); }, kDeadline));
}

INSTANTIATE_TEST_SUITE_P(Over, MovingRobots, ::testing::Values(Wire::kPlain, Wire::kTls),
                         testing::WireName);

}  // namespace
}  // namespace payload_manager
