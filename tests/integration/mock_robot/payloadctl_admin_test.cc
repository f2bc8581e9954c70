// The list of payloadctl, from a robot about whose payloads there is much to say.
#include "payload_manager/base/address.h"
#include "tests/integration/mock_robot/robot_under_test.h"
#include "tools/payloadctl/grpc_robot_admin.h"

namespace mock_robot::testing {
namespace {

TEST(PayloadctlAdmin, ListsMoreThanGrpcTakesByDefault) {
  MockRobotOptions options = PlainOptions();
  options.admin_listen = "127.0.0.1:0";
  const auto robot = StartRobot(options);
  WireClient client(robot->address(), "");
  api::RegisterPayloadRequest request = RegisterRequest();
  for (int i = 0; i < 1000; ++i) {
    request.mutable_payload()->add_preset_configurations()->set_preset_name(std::to_string(i) +
                                                                            std::string(6000, 'p'));
  }
  api::RegisterPayloadResponse response;
  ASSERT_TRUE(client.Call(kRegister, request, &response).ok());

  const auto address = payload_manager::ParseAddress(robot->admin_address(), 0);
  ASSERT_TRUE(address.ok());
  const auto admin = payload_manager::payloadctl::ConnectRobotAdmin(*address);
  payload_manager::CallOptions patience;
  patience.timeout = std::chrono::seconds(20);
  const auto list = admin->List(patience);
  ASSERT_TRUE(list.ok()) << list.error().message;
  ASSERT_EQ(list->size(), 1u);
  EXPECT_EQ((*list)[0].presets_offered_size(), 1000);
}

}  // namespace
}  // namespace mock_robot::testing
