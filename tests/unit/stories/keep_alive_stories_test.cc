// The registration keep-alive against the mock robot's rules, in virtual time.
#include <gmock/gmock.h>

#include "payload_manager/payload_registration_keep_alive.h"
#include "tests/support/loopback_connection.h"
#include "tests/support/payload_story.h"

namespace payload_manager {
namespace {

using std::chrono::seconds;
using testing::LoopbackRobot;
using testing::MakePayload;
using testing::VirtualRuntime;

TEST(KeepAliveStory, AForgottenPayloadIsBackWithinOneInterval) {
  const auto runtime = std::make_shared<VirtualRuntime>();
  LoopbackRobot robot(runtime);
  KeepAliveOptions options;
  options.runtime = runtime;
  PayloadRegistrationKeepAlive keep_alive(robot.connection, *MakePayload("lidar-guid-0001"),
                                          Secret("secret"), options);
  keep_alive.Start();
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(robot.registry->Forget("lidar-guid-0001", robot.Now()).ok());
    runtime->RunFor(seconds(10));
    ASSERT_TRUE(robot.Find("lidar-guid-0001"));
  }
}

TEST(KeepAliveStory, KeepsALivenessTimeoutFromExpiring) {
  const auto runtime = std::make_shared<VirtualRuntime>();
  LoopbackRobot robot(runtime);
  KeepAliveOptions options;
  options.runtime = runtime;
  bosdyn::api::Payload payload = *MakePayload("lidar-guid-0001");
  payload.set_liveness_timeout_secs(25);
  PayloadRegistrationKeepAlive keep_alive(robot.connection, payload, Secret("secret"), options);
  keep_alive.Start();
  ASSERT_TRUE(robot.registry->Authorize("lidar-guid-0001", "", robot.Now()).ok());
  for (int minute = 0; minute < 60; ++minute) {
    runtime->RunFor(seconds(60));
    robot.registry->Advance(robot.Now());
    ASSERT_TRUE(robot.registry->ActiveFaults(robot.Now()).empty());
  }
  keep_alive.Shutdown();
  runtime->RunFor(seconds(60));
  robot.registry->Advance(robot.Now());
  EXPECT_EQ(robot.registry->ActiveFaults(robot.Now()).size(), 1u);
  EXPECT_TRUE(robot.Find("lidar-guid-0001")) << "Shutdown does not unregister";
}

}  // namespace
}  // namespace payload_manager
