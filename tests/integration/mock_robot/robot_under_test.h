// A mock robot and the calls that tests of its wire need.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "bosdyn/api/auth.pb.h"
#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/payload_registration.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "mock_robot/mock_robot.h"
#include "tests/support/manual_clock.h"
#include "tests/support/wire_client.h"

namespace mock_robot::testing {

namespace api = bosdyn::api;
using payload_manager::Secret;
using payload_manager::testing::ManualClock;
using payload_manager::testing::WireClient;
using payload_manager::testing::WireOptions;
using payload_manager::testing::WireStatus;
using payload_manager::testing::WithToken;

inline const std::string kRegister = "bosdyn.api.PayloadRegistrationService/RegisterPayload";
inline const std::string kGetPayloadToken =
    "bosdyn.api.PayloadRegistrationService/GetPayloadAuthToken";
inline const std::string kUpdateVersion =
    "bosdyn.api.PayloadRegistrationService/UpdatePayloadVersion";
inline const std::string kListPayloads = "bosdyn.api.PayloadService/ListPayloads";
inline const std::string kGetAuthToken = "bosdyn.api.AuthService/GetAuthToken";
inline const std::string kGetRobotId = "bosdyn.api.RobotIdService/GetRobotId";
inline const std::string kGetServiceEntry = "bosdyn.api.DirectoryService/GetServiceEntry";
inline const std::string kListServiceEntries = "bosdyn.api.DirectoryService/ListServiceEntries";

inline const std::string kGuid = "guid-of-a-payload";
inline const std::string kSecret = "secret-of-a-payload";

inline MockRobotOptions PlainOptions() {
  MockRobotOptions options;
  options.tls = false;
  options.users.emplace("anna", Secret("annas-password"));
  return options;
}

inline std::unique_ptr<MockRobot> StartRobot(MockRobotOptions options = PlainOptions()) {
  auto robot = MockRobot::Start(std::move(options));
  if (!robot) {
    ADD_FAILURE() << robot.error().message;
    return nullptr;
  }
  return *std::move(robot);
}

inline api::RegisterPayloadRequest RegisterRequest(const std::string& guid = kGuid) {
  api::RegisterPayloadRequest request;
  request.mutable_header()->set_client_name("test");
  request.mutable_payload()->set_guid(guid);
  request.mutable_payload()->set_name("payload");
  request.set_payload_secret(kSecret);
  return request;
}

inline WireStatus Register(WireClient& client, const std::string& guid = kGuid,
                           const WireOptions& options = {}) {
  api::RegisterPayloadResponse response;
  return client.Call(kRegister, RegisterRequest(guid), &response, options);
}

inline api::GetAuthTokenResponse LogIn(WireClient& client, const std::string& password,
                                       const std::string& user = "anna") {
  api::GetAuthTokenRequest request;
  request.set_username(user);
  request.set_password(password);
  api::GetAuthTokenResponse response;
  const WireStatus status = client.Call(kGetAuthToken, request, &response);
  EXPECT_TRUE(status.ok()) << status.message;
  return response;
}

inline std::string UserToken(WireClient& client) { return LogIn(client, "annas-password").token(); }

inline api::GetPayloadAuthTokenResponse PayloadToken(WireClient& client) {
  api::GetPayloadAuthTokenRequest request;
  request.mutable_payload_credentials()->set_guid(kGuid);
  request.mutable_payload_credentials()->set_secret(kSecret);
  api::GetPayloadAuthTokenResponse response;
  const WireStatus status = client.Call(kGetPayloadToken, request, &response);
  EXPECT_TRUE(status.ok()) << status.message;
  return response;
}

inline WireStatus ListPayloads(WireClient& client, const WireOptions& options) {
  api::ListPayloadsResponse response;
  return client.Call(kListPayloads, api::ListPayloadsRequest(), &response, options);
}

}  // namespace mock_robot::testing
