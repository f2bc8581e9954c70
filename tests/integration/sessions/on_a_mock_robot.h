// A mock robot over plain gRPC or TLS, and the real connection to it.
#pragma once

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include "bosdyn/api/payload.pb.h"
#include "mock_robot/mock_robot.h"
#include "payload_manager/connect.h"
#include "payload_manager/robot_connection.h"
#include "payload_manager/runtime.h"

namespace payload_manager::testing {

inline constexpr Duration kDeadline = std::chrono::seconds(20);
inline constexpr char kGuid[] = "11111111-2222-4333-8444-555555555555";

enum class Wire { kPlain, kTls };
inline std::string WireName(const ::testing::TestParamInfo<Wire>& wire) {
  return wire.param == Wire::kPlain ? "Plain" : "Tls";
}

class OnAMockRobot : public ::testing::TestWithParam<Wire> {
 protected:
  static std::unique_ptr<mock_robot::MockRobot> StartRobot(bool rate_limits = false) {
    mock_robot::MockRobot::Options options;
    options.rate_limits = rate_limits;
    options.tls = GetParam() == Wire::kTls;
    auto robot = mock_robot::MockRobot::Start(std::move(options));
    if (!robot) throw std::runtime_error(robot.error().message);
    return *std::move(robot);
  }
  std::shared_ptr<RobotConnection> Connected() const { return ConnectedTo(*robot_); }
  static std::shared_ptr<RobotConnection> ConnectedTo(const mock_robot::MockRobot& robot) {
    ConnectionOptions options;
    options.robot = {"127.0.0.1", robot.port()};
    options.root_certificates_pem = robot.root_certificate_pem();
    options.insecure = GetParam() == Wire::kPlain;
    options.token_over_plain = options.insecure;
    auto connection = Connect(options);
    if (!connection.ok()) throw std::runtime_error(connection.error().message);
    return std::move(connection).value();
  }
  static bosdyn::api::Payload Definition() {
    bosdyn::api::Payload payload;
    payload.set_guid(kGuid);
    payload.set_name("Lidar");
    return payload;
  }
  bool RobotHoldsAnAnswer() const {
    return robot_->WaitUntil([](const auto& seen) { return seen.held_answers > 0; }, kDeadline);
  }
  bool RobotKnowsThePayload() const {
    return robot_->WaitUntil([](const auto& seen) { return seen.Find(kGuid) != nullptr; },
                             kDeadline);
  }

  // One Shutdown in the middle of a call that nobody answers: far sooner than the call's timeout,
  // and however busy the machine, everything has ended soon after.
  template <typename Stoppable>
  static void ExpectEndsInMidCall(Stoppable& stoppable) {
    const TimePoint before = SystemClock().Now();
    bool ended = stoppable.Shutdown();
    EXPECT_LT(SystemClock().Now() - before, std::chrono::seconds(5));
    while (!ended && SystemClock().Now() - before < kDeadline) ended = stoppable.Shutdown();
    EXPECT_TRUE(ended);
  }

  const std::unique_ptr<mock_robot::MockRobot> robot_ = StartRobot();
};

}  // namespace payload_manager::testing
