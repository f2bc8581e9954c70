// A GoogleTest fixture with a robot in this process:
//
//   class MyPayload : public mock_robot::MockRobotTest {};
//   TEST_F(MyPayload, Registers) {
//     StartMyPayload(robot().address(), robot().root_certificate_pem());
//     EXPECT_TRUE(Eventually(robot(), IsWaiting(kGuid)));
//     robot().Authorize(kGuid);
//   }
//
// Tests that link Boston Dynamics' own SDK use MockRobotProcessTest: two copies of one generated
// file abort a process.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <utility>

#include "mock_robot/gtest/matchers.h"
#include "mock_robot/mock_robot.h"

namespace mock_robot {

// How GoogleTest shows one in a failure.
inline void PrintTo(const MockRobot& robot, std::ostream* out) {
  *out << "the robot at " << robot.address();
}

// A robot for each test, on a free port of 127.0.0.1, with TLS and without an administration port
// unless the options say otherwise. It stops in TearDown, or with the fixture.
class MockRobotTest : public ::testing::Test {
 protected:
  explicit MockRobotTest(MockRobotOptions options = {}) : options_(std::move(options)) {}

  void SetUp() override {
    auto started = MockRobot::Start(options_);
    ASSERT_TRUE(started.ok()) << started.error().message;
    robot_ = *std::move(started);
  }
  void TearDown() override { robot_.reset(); }

  // From SetUp to TearDown.
  MockRobot& robot() { return *robot_; }

 private:
  MockRobotOptions options_;
  std::unique_ptr<MockRobot> robot_;
};

}  // namespace mock_robot
