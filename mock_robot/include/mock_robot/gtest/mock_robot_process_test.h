// The fixture of mock_robot_test.h with the robot in a process of its own, and not one line of
// generated code: for tests that link Boston Dynamics' SDK.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <utility>

#include "mock_robot/gtest/matchers.h"
#include "mock_robot/mock_robot_process.h"

namespace mock_robot {

// How GoogleTest shows one in a failure.
inline void PrintTo(const MockRobotProcess& robot, std::ostream* out) {
  *out << "the robot at " << robot.address();
}

class MockRobotProcessTest : public ::testing::Test {
 protected:
  explicit MockRobotProcessTest(MockRobotProcessOptions options = {})
      : options_(std::move(options)) {}

  void SetUp() override {
    auto started = MockRobotProcess::Start(options_);
    ASSERT_TRUE(started.ok()) << started.error().message;
    robot_ = *std::move(started);
  }
  void TearDown() override { robot_.reset(); }

  // From SetUp to TearDown.
  MockRobotProcess& robot() { return *robot_; }

 private:
  MockRobotProcessOptions options_;
  std::unique_ptr<MockRobotProcess> robot_;
};

}  // namespace mock_robot
