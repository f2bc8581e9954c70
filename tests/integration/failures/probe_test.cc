// The look at a robot's address, on real sockets.
#include "rpc/probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <mutex>

#include "tests/support/raw_peer.h"
#include "tests/support/scripted_robot.h"

namespace payload_manager::testing {
namespace {

using ::testing::HasSubstr;
using Cause = FailureCause;

const std::vector<std::string> kRobotNames{"*.spot.robot", "localhost"};

class ProbeOf : public ::testing::Test {
 protected:
  static bool Patient(int descriptor, short events) {
    pollfd watched{descriptor, events, 0};
    return ::poll(&watched, 1, 20'000) == 1;
  }
  static bool Impatient(int descriptor, short events) {
    pollfd watched{descriptor, events, 0};
    return ::poll(&watched, 1, 50) == 1;
  }
  static ProbeTarget Plain(std::uint16_t port) {
    return {{"127.0.0.1", port}, "payload-registration.spot.robot", {}, true};
  }
  ProbeTarget Tls(std::uint16_t port) const {
    return {{"127.0.0.1", port}, "payload-registration.spot.robot", authority_.root_pem(), false};
  }

  TestAuthority authority_{"Test Root"};
};

TEST_F(ProbeOf, AHealthyRobotFindsNothing) {
  const ScriptedRobot robot(authority_.Issue(kRobotNames));
  EXPECT_EQ(ProbeRobot(Tls(robot.port()), &Patient).cause, Cause::kNone);
  const ScriptedRobot plain;
  EXPECT_EQ(ProbeRobot(Plain(plain.port()), &Patient).cause, Cause::kNone);
}

TEST_F(ProbeOf, ARobotWithAName) {
  const ScriptedRobot robot(authority_.IssueExpired(kRobotNames));
  ProbeTarget target = Tls(robot.port());
  target.robot.host = "localhost";
  EXPECT_EQ(ProbeRobot(target, &Patient).cause, Cause::kCertificateExpired);
}

TEST_F(ProbeOf, ANameLeavesALookUpThatTakesTooLongBehind) {
  ProbeTarget target = Plain(1);
  target.robot.host = "no-such-robot.invalid";
  const auto no_time = [](int, short) { return false; };
  EXPECT_EQ(ProbeRobot(target, no_time).cause, Cause::kNameServiceFailed);
}

TEST_F(ProbeOf, AnAddressTellsWhyThereIsNoConnection) {
  const std::uint16_t left = ScriptedRobot().port();
  EXPECT_EQ(ProbeRobot(Plain(left), &Patient).cause, Cause::kRefused);
  ProbeTarget nowhere = Plain(443);
  nowhere.robot.host = "127.255.255.255";
  EXPECT_EQ(ProbeRobot(nowhere, &Patient).cause, Cause::kNoRoute);
  const DeafPeer deaf;
  EXPECT_EQ(ProbeRobot(Plain(deaf.port()), &Impatient).cause, Cause::kNoAnswer);
}

TEST_F(ProbeOf, ASilentPeerSaysSoWhateverWeSpeak) {
  const RawPeer silent(&StaySilent);
  EXPECT_EQ(ProbeRobot(Plain(silent.port()), &Impatient).cause, Cause::kSilent);
  EXPECT_EQ(ProbeRobot(Tls(silent.port()), &Impatient).cause, Cause::kSilent);
}

TEST_F(ProbeOf, APeerThatSpeaksOtherwiseSaysSo) {
  const ScriptedRobot plain;
  EXPECT_EQ(ProbeRobot(Tls(plain.port()), &Patient).cause, Cause::kPeerSpeaksPlain);
  const RawPeer web(&BeAWebServer);
  EXPECT_EQ(ProbeRobot(Tls(web.port()), &Patient).cause, Cause::kPeerSpeaksPlain);
  const ScriptedRobot tls(authority_.Issue(kRobotNames));
  EXPECT_EQ(ProbeRobot(Plain(tls.port()), &Patient).cause, Cause::kPeerSpeaksTls);
  const RawPeer alert([](RawConnection& connection) {
    connection.Receive(16);
    connection.Send(std::string("\x15\x03\x03\x00\x02\x02\x28", 7));  // handshake failure
    connection.ReceiveUntilTheEnd();
  });
  EXPECT_EQ(ProbeRobot(Plain(alert.port()), &Patient).cause, Cause::kPeerSpeaksTls);
  const ProbeReport report = ProbeRobot(Tls(alert.port()), &Patient);
  EXPECT_EQ(report.cause, Cause::kTlsFailed);
  EXPECT_THAT(report.detail, HasSubstr("handshake failure"));
}

TEST_F(ProbeOf, ACertificateNamesWhatIsWrongWithIt) {
  TestAuthority other("Other Root");
  const ScriptedRobot foreign(other.Issue(kRobotNames));
  EXPECT_EQ(ProbeRobot(Tls(foreign.port()), &Patient).detail, "it was issued by 'CN=Other Root'");
  const ScriptedRobot expired(authority_.IssueExpired(kRobotNames));
  EXPECT_THAT(ProbeRobot(Tls(expired.port()), &Patient).detail, HasSubstr("it was valid until 20"));
  const ScriptedRobot printer(authority_.Issue({"printer.example", "localhost"}));
  const ProbeReport named = ProbeRobot(Tls(printer.port()), &Patient);
  EXPECT_EQ(named.cause, Cause::kNameNotInCertificate);
  EXPECT_EQ(named.detail, "it is for printer.example, localhost");
  const ScriptedRobot clients(authority_.IssueForClients(kRobotNames));
  EXPECT_EQ(ProbeRobot(Tls(clients.port()), &Patient).cause, Cause::kCertificateNotTrusted);
}

TEST_F(ProbeOf, APeerThatHangsUpInTheMiddleIsNoCrash) {
  const RawPeer rude([](RawConnection& connection) {
    connection.Receive(16);
    connection.Send(std::string("\x16\x03\x03\x40\x00\x02", 6));  // the start of a long greeting
  });
  EXPECT_EQ(ProbeRobot(Tls(rude.port()), &Patient).cause, Cause::kTlsFailed);
  EXPECT_EQ(ProbeRobot(Plain(rude.port()), &Patient).cause, Cause::kPeerSpeaksTls);
}

TEST_F(ProbeOf, ARobotSendsAGreetingAndNothingElse) {
  std::mutex mutex;
  std::string seen;
  {
    const RawPeer listener([&](RawConnection& connection) {
      for (std::string byte = connection.Receive(1); !byte.empty(); byte = connection.Receive(1)) {
        const std::lock_guard lock(mutex);
        seen += byte;
      }
    });
    ProbeRobot(Tls(listener.port()), &Impatient);
  }
  const std::lock_guard lock(mutex);
  ASSERT_GT(seen.size(), 5U);
  EXPECT_EQ(seen[0], 22);  // a handshake record, as long as what there is
  const std::size_t length =
      static_cast<unsigned char>(seen[3]) * 256U + static_cast<unsigned char>(seen[4]);
  EXPECT_EQ(seen.size(), length + 5);
  EXPECT_THAT(seen, HasSubstr("payload-registration.spot.robot"));
}

}  // namespace
}  // namespace payload_manager::testing
