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
  constexpr int kPayloads = 60;
  for (int n = 0; n < kPayloads; ++n) {
    api::RegisterPayloadRequest request = RegisterRequest("payload-" + std::to_string(n));
    for (int i = 0; i < 1000; ++i) {
      request.mutable_payload()->add_preset_configurations()->set_preset_name(
          std::to_string(i) + std::string(100, 'p'));
    }
    api::RegisterPayloadResponse response;
    ASSERT_TRUE(client.Call(kRegister, request, &response).ok());
  }

  const auto address = payload_manager::ParseAddress(robot->admin_address(), 0);
  ASSERT_TRUE(address.ok());
  const auto admin = payload_manager::payloadctl::ConnectRobotAdmin(*address);
  payload_manager::CallOptions patience;
  patience.timeout = std::chrono::seconds(20);
  const auto list = admin->List(patience);
  ASSERT_TRUE(list.ok()) << list.error().message;
  ASSERT_EQ(list->size(), static_cast<std::size_t>(kPayloads));
  std::size_t bytes = 0;
  for (const auto& payload : *list) {
    EXPECT_EQ(payload.presets_offered_size(), 1000);
    bytes += payload.ByteSizeLong();
  }
  EXPECT_GT(bytes, 4u * 1024 * 1024) << "what gRPC takes by default: the test shows nothing";
}

}  // namespace
}  // namespace mock_robot::testing
