// A client, or its connection, against a scripted robot.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "bosdyn/api/auth.pb.h"
#include "bosdyn/api/directory.pb.h"
#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/payload_registration.pb.h"
#include "payload_manager/connect.h"
#include "tests/support/awaited.h"
#include "tests/support/scripted_robot.h"

namespace payload_manager::testing {

template <typename Response>
Response GoodHeader() {
  Response response;
  response.mutable_header()->mutable_error()->set_code(bosdyn::api::CommonError::CODE_OK);
  return response;
}

template <typename Response>
Response WithStatus(int status) {
  auto response = GoodHeader<Response>();
  response.set_status(static_cast<typename Response::Status>(status));
  return response;
}

inline CallOptions Soon() {
  CallOptions options;
  options.timeout = std::chrono::seconds(20);  // enough for any machine; nothing waits for it
  return options;
}

inline std::unique_ptr<RobotConnection> MustConnect(const ConnectionOptions& options) {
  auto connection = Connect(options);
  if (!connection.ok()) throw std::runtime_error(connection.error().message);
  return std::move(connection).value();
}

template <typename T>
std::string KindOf(const Outcome<T>& outcome) {
  return outcome.ok() ? "ok" : std::string(ToString(outcome.error().kind));
}
inline std::string Name(FailureKind kind) { return std::string(ToString(kind)); }

class AgainstScriptedRobot : public ::testing::Test {
 protected:
  static ConnectionOptions Plain(std::uint16_t port) {
    ConnectionOptions options;
    options.robot = {"127.0.0.1", port};
    options.insecure = true;
    options.client_name = "integration-test";
    return options;
  }

  ScriptedRobot robot_;
  std::unique_ptr<RobotConnection> connection_ = MustConnect(Plain(robot_.port()));
  const PayloadCredentials mine_{"guid-of-mine", Secret("secret-of-mine")};
};

}  // namespace payload_manager::testing
