#include "mock_robot/mock_robot_process.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "tests/integration/mock_robot_gtest/robot_in_a_process.h"

namespace mock_robot {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST_F(MockRobotInAProcess, IsSteeredAndSeenWithoutGeneratedCode) {
  EXPECT_THAT(robot().root_certificate_pem(), HasSubstr("BEGIN CERTIFICATE"));
  EXPECT_NE(robot().port(), 0);
  EXPECT_THAT(robot(), Not(IsRegistered(kGuid)));
  ASSERT_EQ(RegisterOne(), 0);
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

TEST_F(MockRobotInAProcess, TurnsAPayloadAwayThatWaits) {
  ASSERT_EQ(RegisterOne(), 0);
  ASSERT_TRUE(robot().Authorize(kGuid).ok());
  EXPECT_FALSE(robot().Reject(kGuid).ok());
  ASSERT_TRUE(robot().Deauthorize(kGuid).ok());
  ASSERT_TRUE(robot().Reject(kGuid).ok());
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

// gRPC has a line for each, and a pipe holds 64 kB.
TEST_F(MockRobotInAProcess, ServesOnAfterAThousandHandshakesThatFailed) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(robot().port());
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int i = 0; i < 1000; ++i) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{10, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ASSERT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&where), sizeof where), 0) << i;
    const std::string hello = "this is no handshake";
    ASSERT_EQ(::send(socket, hello.data(), hello.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(hello.size()));
    std::array<char, 256> answer{};
    while (::recv(socket, answer.data(), answer.size(), 0) > 0) continue;
    ASSERT_NE(errno, EAGAIN) << "the robot stands still after " << i;
    ::close(socket);
  }
  ASSERT_EQ(RegisterOne(), 0);
  EXPECT_THAT(robot(), IsWaiting(kGuid));
  EXPECT_EQ(robot().Stop(), 0);
}

// In place of the programs: a robot that writes far more than a pipe holds, and a payloadctl that
// waits until it has. Robots of other versions may do the like.
TEST(MockRobotProcessOutputs, AreReadWhileNobodyAsks) {
  const payload_manager::testing::TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "done").c_str(), 0600), 0);
  std::ofstream(folder / "mock-robot")
      << "#!/bin/sh\n"
         R"(echo '{"robot":"127.0.0.1:1","admin":"127.0.0.1:2","root_cert":null}')"
         "\nhead -c 1000000 /dev/zero >&2\nhead -c 1000000 /dev/zero\n"
         "echo done >'"
      << (folder / "done").string() << "'\nread line\nexit 7\n";
  std::ofstream(folder / "payloadctl")
      << "#!/bin/sh\nread line <'" << (folder / "done").string() << "'\necho \"$line\"\n";
  for (const char* program : {"mock-robot", "payloadctl"}) {
    fs::permissions(folder / program, fs::perms::owner_all);
  }
  MockRobotProcessOptions options;
  options.programs = folder.path();
  const auto robot = MockRobotProcess::Start(options);
  ASSERT_TRUE(robot.ok()) << robot.error().message;
  const auto ran = (*robot)->Run({});
  ASSERT_TRUE(ran.ok()) << ran.error().message;
  EXPECT_EQ(*ran, "done\n");
  EXPECT_EQ((*robot)->Stop(), 128 + SIGTERM);
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
