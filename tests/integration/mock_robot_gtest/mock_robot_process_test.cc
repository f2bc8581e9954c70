#include "mock_robot/mock_robot_process.h"

#include <signal.h>
#include <stdlib.h>

#include <fstream>

#include "mock_robot/gtest/mock_robot_process_test.h"

namespace mock_robot {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kGuid[] = "0b8f6d8e-6a4c-4a2e-9d0b-2f2f6f0f7a11";

MockRobotProcessOptions Programs() {
  MockRobotProcessOptions options;
  options.programs = PROGRAMS_DIR;
  return options;
}

class MockRobotInAProcess : public MockRobotProcessTest {
 protected:
  MockRobotInAProcess() : MockRobotProcessTest(Programs()) {
    std::string name = ::testing::TempDir() + "process.XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~MockRobotInAProcess() override { fs::remove_all(folder_); }

  // As a vendor's program would, over TLS.
  void RegisterOne() {
    const fs::path credentials = folder_ / "credentials";
    std::ofstream(credentials) << kGuid << "\nsecret-of-the-payload\n";
    fs::permissions(credentials, fs::perms::owner_read | fs::perms::owner_write);
    const std::string command =
        std::string(PROGRAMS_DIR) + "/payloadctl --robot " + robot().address() + " --root-cert '" +
        robot().root_certificate_file().string() +
        "' register " DEFINITION_FILE " --credentials '" + credentials.string() + "' >/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }

  fs::path folder_;
};

TEST_F(MockRobotInAProcess, IsSteeredAndSeenWithoutGeneratedCode) {
  EXPECT_THAT(robot().root_certificate_pem(), HasSubstr("BEGIN CERTIFICATE"));
  EXPECT_NE(robot().port(), 0);
  EXPECT_THAT(robot(), Not(IsRegistered(kGuid)));
  RegisterOne();
  EXPECT_TRUE(Eventually(robot(), IsWaiting(kGuid)));
  ASSERT_TRUE(robot().Authorize(kGuid, "rear").ok());
  EXPECT_THAT(robot(), AllOf(IsAuthorizedWith(kGuid, "rear"), Not(IsAttached(kGuid))));
  ASSERT_TRUE(robot().Deauthorize(kGuid).ok());
  EXPECT_THAT(robot(), IsWaiting(kGuid));
  ASSERT_TRUE(robot().Reboot().ok());
  EXPECT_THAT(robot(), IsRegistered(kGuid));
  ASSERT_TRUE(robot().Forget(kGuid).ok());
  EXPECT_THAT(robot(), Not(IsRegistered(kGuid)));
}

TEST_F(MockRobotInAProcess, RefusalsSayWhatTheRobotSaid) {
  const auto answer = robot().Authorize(kGuid);
  ASSERT_FALSE(answer.ok());
  EXPECT_THAT(answer.error().message, AllOf(HasSubstr("exit code 8"), HasSubstr(kGuid)));
}

TEST_F(MockRobotInAProcess, StopsCleanlyOnceAndForAll) {
  EXPECT_EQ(robot().Stop(), 0);
  EXPECT_EQ(robot().Stop(), 0);
  EXPECT_FALSE(robot().Payloads().ok());
  EXPECT_FALSE(robot().WaitUntil([](const PayloadList&) { return true; }));
}

TEST_F(MockRobotInAProcess, DiesOfAPowerFailure) {
  robot().Kill();
  EXPECT_EQ(robot().Stop(), 128 + SIGKILL);
}

TEST(MockRobotProcessStart, SaysWhichProgramIsMissing) {
  MockRobotProcessOptions options;
  options.programs = "/no/such/folder";
  const auto robot = MockRobotProcess::Start(options);
  ASSERT_FALSE(robot.ok());
  EXPECT_EQ(robot.error().message,
            "/no/such/folder/mock-robot: cannot be started: No such file or directory");
}

TEST(MockRobotProcessStart, PassesOnWhatTheProgramComplainsOf) {
  MockRobotProcessOptions options = Programs();
  options.arguments = {"--auto-authorize=soon"};
  const auto robot = MockRobotProcess::Start(options);
  ASSERT_FALSE(robot.ok());
  EXPECT_THAT(robot.error().message,
              AllOf(HasSubstr("exit code 2"), HasSubstr("--auto-authorize"), Not(HasSubstr("\n"))));
}

TEST(MockRobotProcessStart, ServesWithoutTlsIfAskedTo) {
  MockRobotProcessOptions options = Programs();
  options.tls = false;
  const auto robot = MockRobotProcess::Start(options);
  ASSERT_TRUE(robot.ok()) << robot.error().message;
  EXPECT_THAT((*robot)->root_certificate_pem(), IsEmpty());
  const auto payloads = (*robot)->Payloads();
  ASSERT_TRUE(payloads.ok()) << payloads.error().message;
  EXPECT_THAT(payloads->payloads, IsEmpty());
}

}  // namespace
}  // namespace mock_robot
