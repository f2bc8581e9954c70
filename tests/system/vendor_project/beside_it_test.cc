// A test that has copies of the generated files of its own, as one that links Boston Dynamics' SDK.
#include <google/protobuf/descriptor.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "bosdyn/api/payload.pb.h"
#include "mock_robot/gtest/mock_robot_process_test.h"

namespace {

namespace fs = std::filesystem;
using ::testing::Not;

constexpr char kGuid[] = "acme-lamp-0001";

class RobotBesideIt : public mock_robot::MockRobotProcessTest {
 protected:
  // With the messages of this program's own.
  auto Register() {
    bosdyn::api::Payload lamp;
    lamp.set_name("Acme lamp");
    std::ofstream("lamp.textproto") << lamp.DebugString();
    std::ofstream("credentials") << kGuid << "\na-secret-of-the-lamp\n";
    fs::permissions("credentials", fs::perms::owner_read | fs::perms::owner_write);
    return robot().Run({"register", "lamp.textproto", "--credentials", "credentials", "--robot",
                        robot().address(), "--root-cert",
                        robot().root_certificate_file().string()});
  }
};

TEST_F(RobotBesideIt, IsAllThereIsToSteerWithoutOurCopiesOfTheMessages) {
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  EXPECT_NE(pool->FindFileByName("bosdyn/api/payload.proto"), nullptr);
  EXPECT_EQ(pool->FindFileByName("mock_robot/v1/admin.proto"), nullptr);

  EXPECT_THAT(robot(), Not(mock_robot::IsRegistered(kGuid)));
  ASSERT_TRUE(robot()
                  .Inject({.calls = {.rpc = "RegisterPayload"},
                           .times = 1,
                           .what = mock_robot::fault::GrpcStatus{.code = 14}})
                  .ok());
  EXPECT_FALSE(Register().ok());
  const auto registered = Register();
  ASSERT_TRUE(registered.ok()) << registered.error().message;
  EXPECT_TRUE(robot().AwaitJournal({.rpc = "RegisterPayload", .guid = kGuid}, 2));
  EXPECT_THAT(robot(), mock_robot::IsWaiting(kGuid));
  EXPECT_TRUE(robot().Advance(std::chrono::hours(12)).ok());
  EXPECT_EQ(robot().Stop(), 0);
}

}  // namespace
