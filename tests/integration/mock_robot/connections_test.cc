// Ports, connections, silence and the end of a robot.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/integration/mock_robot/call_under_way.h"

namespace mock_robot::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

// A TCP connection that says nothing, as a port scanner's.
class MuteConnection {
 public:
  explicit MuteConnection(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  }
  ~MuteConnection() { close(fd_); }

 private:
  int fd_;
};

TEST(Connections, ManyRobotsLiveInOneProcessEachOnItsPort) {
  std::vector<std::unique_ptr<MockRobot>> robots;
  robots.reserve(5);
  for (int i = 0; i < 5; ++i) robots.push_back(StartRobot());
  for (std::size_t i = 0; i < robots.size(); ++i) {
    WireClient client(robots[i]->address(), "");
    EXPECT_TRUE(Register(client, "guid-" + std::to_string(i)).ok());
  }
  for (std::size_t i = 0; i < robots.size(); ++i) {
    ASSERT_EQ(robots[i]->Payloads().size(), 1u);
    EXPECT_EQ(robots[i]->Payloads()[0].payload.guid(), "guid-" + std::to_string(i));
  }
}

TEST(Connections, APortInUseIsAProblemThatNamesIt) {
  const auto first = StartRobot();
  MockRobotOptions options = PlainOptions();
  options.listen = first->address();
  const auto second = MockRobot::Start(options);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().message, first->address() + ": the port is in use");
}

TEST(Connections, AnAdministrationPortInUseIsAProblemAndFreesTheRest) {
  const auto first = StartRobot();
  MockRobotOptions options = PlainOptions();
  options.admin_listen = first->address();
  const auto second = MockRobot::Start(options);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().message, first->address() + ": the port is in use");
}

TEST(Connections, AnAddressThatIsNoneIsAProblem) {
  MockRobotOptions options = PlainOptions();
  options.listen = "127.0.0.1:http";
  EXPECT_FALSE(MockRobot::Start(options).ok());
  options.listen = "192.0.2.1:0";  // nobody's here
  EXPECT_FALSE(MockRobot::Start(options).ok());
}

TEST(Connections, APortIsFreeAgainAsSoonAsItsRobotStopped) {
  auto robot = StartRobot();
  MockRobotOptions options = PlainOptions();
  options.listen = robot->address();
  WireClient client(robot->address(), "");
  EXPECT_TRUE(Register(client).ok());
  robot->Stop();
  robot = StartRobot(options);
  ASSERT_NE(robot, nullptr);
  WireClient again(robot->address(), "");
  EXPECT_TRUE(Register(again).ok());
}

TEST(Connections, WorkOverIpv6WhereThereIsAny) {
  MockRobotOptions options;
  options.listen = "[::1]:0";
  auto robot = MockRobot::Start(options);
  if (!robot) GTEST_SKIP() << "no IPv6 here: " << robot.error().message;
  WireClient client((*robot)->address(), (*robot)->root_certificate_pem());
  EXPECT_TRUE(Register(client).ok());
}

TEST(Connections, AreGoodForEveryAuthorityOfTheRobotUnderTls) {
  const auto robot = StartRobot(MockRobotOptions());
  for (const char* authority : {"payload-registration.spot.robot", "auth.spot.robot",
                                "id.spot.robot", "api.spot.robot", "localhost"}) {
    WireClient client(robot->address(), robot->root_certificate_pem(), authority);
    EXPECT_TRUE(Register(client).ok()) << authority;
  }
}

TEST(Connections, AreRefusedByClientsThatTrustAnotherRobot) {
  const auto robot = StartRobot(MockRobotOptions());
  const auto other = StartRobot(MockRobotOptions());
  WireClient client(robot->address(), other->root_certificate_pem());
  EXPECT_EQ(Register(client).code, "UNAVAILABLE");
  WireClient wrong_name(robot->address(), robot->root_certificate_pem(), "example.com");
  EXPECT_EQ(Register(wrong_name).code, "UNAVAILABLE");
  EXPECT_EQ(robot->Snapshot().Calls("RegisterPayload"), 0u);
}

TEST(Connections, AreCutAndMadeAnew) {
  const auto robot = StartRobot(MockRobotOptions());
  WireClient client(robot->address(), robot->root_certificate_pem());
  robot->HoldAnswers();
  CallUnderWay call(client);
  ASSERT_TRUE(robot->WaitUntil(OneIsHeld));
  EXPECT_EQ(robot->Snapshot().connections, 1u);
  EXPECT_EQ(robot->CutConnections(), 1u);
  EXPECT_EQ(call.Join().code, "UNAVAILABLE");
  robot->ReleaseAnswers();
  // The call took effect although its answer was lost.
  EXPECT_EQ(robot->Payloads().size(), 1u);
  // A call may still find its way onto the old connection before the client has noticed its end.
  WireOptions patient;
  patient.wait_for_ready = true;
  WireStatus again;
  for (int attempt = 0; attempt < 5 && !again.ok(); ++attempt) {
    again = Register(client, kGuid, patient);
  }
  EXPECT_TRUE(again.ok()) << again.code << ": " << again.message;
}

TEST(Connections, SurviveAReboot) {
  const auto robot = StartRobot();
  WireClient client(robot->address(), "");
  robot->HoldAnswers();
  CallUnderWay call(client);
  ASSERT_TRUE(robot->WaitUntil(OneIsHeld));
  robot->Reboot();
  EXPECT_EQ(robot->Snapshot().connections, 1u);
  robot->ReleaseAnswers();
  EXPECT_TRUE(call.Join().ok());
}

TEST(Connections, ThatHaveEndedAreNotCutAgain) {
  const auto robot = StartRobot();
  {
    WireClient client(robot->address(), "");
    ASSERT_TRUE(Register(client).ok());
  }
  ASSERT_TRUE(robot->WaitUntil([](const RobotSnapshot& s) { return s.connections == 0; }));
  EXPECT_EQ(robot->CutConnections(), 0u);
}

TEST(ASilentRobot, TakesCallsAndAnswersWhenReleased) {
  const auto robot = StartRobot();
  WireClient client(robot->address(), "");
  robot->HoldAnswers();
  CallUnderWay call(client);
  ASSERT_TRUE(robot->WaitUntil(OneIsHeld));
  EXPECT_EQ(robot->Payloads().size(), 1u);
  robot->ReleaseAnswers();
  EXPECT_TRUE(call.Join().ok());
  EXPECT_EQ(robot->Snapshot().held_answers, 0u);
  EXPECT_TRUE(Register(client).ok());
}

TEST(ASilentRobot, LetsItsClientsRunIntoTheirDeadline) {
  const auto robot = StartRobot();
  WireClient client(robot->address(), "");
  robot->HoldAnswers();
  WireOptions options;
  options.deadline = milliseconds(100);
  EXPECT_EQ(Register(client, kGuid, options).code, "DEADLINE_EXCEEDED");
  robot->ReleaseAnswers();
  EXPECT_TRUE(Register(client).ok());
}

TEST(Stopping, IsQuickWithAnswersHeldAndConnectionsMute) {
  for (const bool tls : {false, true}) {
    MockRobotOptions options = PlainOptions();
    options.tls = tls;
    const auto robot = StartRobot(options);
    WireClient client(robot->address(), robot->root_certificate_pem());
    const MuteConnection mute(robot->port());
    robot->HoldAnswers();
    CallUnderWay call(client);
    ASSERT_TRUE(robot->WaitUntil(OneIsHeld));
    const auto before = SteadyClock::now();
    robot->Stop(seconds(1));
    EXPECT_LT(SteadyClock::now() - before, seconds(5));
    EXPECT_TRUE(call.Join().ok());  // drained
  }
}

TEST(Stopping, MayBeRepeatedAndLeavesTheStateToLookAt) {
  const auto robot = StartRobot();
  {
    WireClient client(robot->address(), "");
    ASSERT_TRUE(Register(client).ok());
  }
  robot->Stop();
  robot->Stop();
  EXPECT_EQ(robot->Payloads().size(), 1u);
  robot->HoldAnswers();
  EXPECT_EQ(robot->CutConnections(), 0u);
  EXPECT_EQ(robot->Snapshot().connections, 0u);
}

TEST(Stopping, WithCallsStreamingInEndsThemAll) {
  const auto robot = StartRobot();
  std::atomic<bool> stopped = false;
  std::vector<std::jthread> callers;
  callers.reserve(3);
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&, i] {
      WireClient client(robot->address(), "");
      WireOptions options;
      options.deadline = seconds(5);
      while (!stopped) {
        const WireStatus status = Register(client, "guid-" + std::to_string(i), options);
        EXPECT_TRUE(status.code == "OK" || status.code == "UNAVAILABLE" ||
                    status.code == "CANCELLED")
            << status.code << ": " << status.message;
      }
    });
  }
  EXPECT_TRUE(
      robot->WaitUntil([](const RobotSnapshot& s) { return s.Calls("RegisterPayload") >= 30; }));
  robot->Stop();
  stopped = true;
}

TEST(Waiting, SeesWhatTimeAloneChanges) {
  MockRobotOptions options = PlainOptions();
  options.registry.auto_authorize = milliseconds(50);
  const auto robot = StartRobot(options);
  WireClient client(robot->address(), "");
  ASSERT_TRUE(Register(client).ok());
  const auto is_authorized = [](const RobotSnapshot& s) {
    const PayloadInfo* payload = s.Find("GUID-of-a-payload");
    return payload != nullptr && payload->payload.is_authorized();
  };
  // Looked at once more at the end of its patience, which the test has not.
  EXPECT_TRUE(robot->WaitUntil(is_authorized, std::chrono::hours(1)));
}

TEST(Waiting, EndsWithoutSuccessAfterItsTime) {
  const auto robot = StartRobot();
  EXPECT_FALSE(robot->WaitUntil([](const RobotSnapshot&) { return false; }, milliseconds(20)));
}

TEST(Waiting, MayUseTheRobotInItsPredicate) {
  const auto robot = StartRobot();
  EXPECT_TRUE(robot->WaitUntil([&](const RobotSnapshot&) { return robot->Payloads().empty(); }));
}

}  // namespace
}  // namespace mock_robot::testing
