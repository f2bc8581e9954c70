#include "mock_robot/gtest/mock_robot_process_test.h"

namespace {

class RobotBesideIt : public mock_robot::MockRobotProcessTest {};

TEST_F(RobotBesideIt, KnowsNoPayloadYet) {
  EXPECT_THAT(robot(), ::testing::Not(mock_robot::IsRegistered("acme-lamp-0001")));
  EXPECT_EQ(robot().Stop(), 0);
}

}  // namespace
