// A payload manager and a mock robot, with real calls between them.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "mock_robot/mock_robot.h"
#include "payload_manager/connect.h"
#include "payload_manager/payload_manager.h"
#include "tests/integration/manager/watch.h"

namespace payload_manager {

inline const std::filesystem::path kPlugins = PLUGINS_DIR;
inline const std::filesystem::path kZoo = ZOO_DIR;
inline const std::filesystem::path kStuck = STUCK_PLUGIN;
inline const std::filesystem::path kStuckInOpen = STUCK_IN_OPEN_PLUGIN;
inline constexpr char kLidar[] = "velodyne.vlp-16";
inline constexpr char kGas[] = "draeger.x-am-8000";

class Manager : public ::testing::Test {
 protected:
  Manager() : robot_(StartRobot()) {
    options_.session.interval = std::chrono::milliseconds(300);
    options_.session.token_poll = std::chrono::milliseconds(100);
    options_.session.token_check = std::chrono::milliseconds(300);
    watch_.ListenTo(options_);
  }

  static std::unique_ptr<mock_robot::MockRobot> StartRobot() {
    auto robot = mock_robot::MockRobot::Start({});
    EXPECT_TRUE(robot.ok()) << robot.error().message;
    return *std::move(robot);
  }
  static std::shared_ptr<RobotConnection> ConnectTo(const mock_robot::MockRobot& robot) {
    ConnectionOptions options;
    options.robot = *ParseAddress(robot.address(), 0);
    options.root_certificates_pem = robot.root_certificate_pem();
    auto connection = Connect(options);
    EXPECT_TRUE(connection.ok());
    return *std::move(connection);
  }
  PayloadManager& StartManager() {
    manager_.emplace(options_);
    EXPECT_TRUE(manager_->AddRobot({"spot", ConnectTo(*robot_)}).ok());
    return *manager_;
  }
  std::string GuidOf(const std::string& payload_id) const {
    for (const PayloadStatus& payload : manager_->Payloads()) {
      if (payload.payload_id == payload_id) return payload.guid;
    }
    return {};
  }

  Watch watch_;  // outlives the manager, whose callbacks it hears
  std::unique_ptr<mock_robot::MockRobot> robot_;
  PayloadManagerOptions options_;
  std::optional<PayloadManager> manager_;
};

}  // namespace payload_manager
