#include "mock_robot/gtest/mock_robot_test.h"
#include "payload_manager/connect.h"
#include "payload_manager/payload_registration_client.h"

namespace {

using mock_robot::IsWaiting;

class AcmeLamp : public mock_robot::MockRobotTest {};

TEST_F(AcmeLamp, Registers) {
  payload_manager::ConnectionOptions options;
  options.robot = *payload_manager::ParseAddress(robot().address(), 0);
  options.root_certificates_pem = robot().root_certificate_pem();
  auto connection = payload_manager::Connect(options);
  ASSERT_TRUE(connection.ok());
  payload_manager::PayloadRegistrationClient client(*std::move(connection));

  bosdyn::api::Payload lamp;
  lamp.set_guid("acme-lamp-0001");
  lamp.set_name("Acme lamp");
  client.RegisterPayload(lamp, payload_manager::Secret("a-secret-of-the-lamp"));
  EXPECT_TRUE(Eventually(robot(), IsWaiting("acme-lamp-0001")));
}

}  // namespace
