// Reaching the robot, over TLS and plain, and saying clearly why it did not work.
#include <grpcpp/support/status_code_enum.h>

#include "tests/integration/client/client_fixture.h"

namespace payload_manager::testing {
namespace {

namespace api = bosdyn::api;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

const std::vector<std::string> kRobotNames{"*.spot.robot", "localhost"};

class Connecting : public ::testing::Test {
 protected:
  // Expects a waiting and an asynchronous call to fail alike.
  static void ExpectFailure(const ConnectionOptions& options, FailureKind kind,
                            const std::string& says) {
    const auto connection = MustConnect(options);
    const PayloadCredentials credentials{"guid-of-mine", Secret("secret-of-mine")};
    const auto waited = connection->GetPayloadAuthToken(credentials, Soon());
    Awaited<Secret> awaited;
    connection->GetPayloadAuthTokenAsync(credentials, Soon(), awaited.completion());
    for (const auto& outcome : {waited, awaited.Get()}) {
      ASSERT_FALSE(outcome.ok());
      EXPECT_EQ(ToString(outcome.error().kind), ToString(kind)) << outcome.error().message;
      EXPECT_THAT(outcome.error().message, HasSubstr(says));
      EXPECT_THAT(outcome.error().message, HasSubstr(options.robot.ToString()));
      EXPECT_EQ(outcome.error().message.find('\n'), std::string::npos);
    }
  }
  static ConnectionOptions Tls(std::uint16_t port, const std::string& root) {
    ConnectionOptions options;
    options.robot = {"127.0.0.1", port};
    options.root_certificates_pem = root;
    return options;
  }
  static ConnectionOptions Plain(std::uint16_t port) {
    ConnectionOptions options;
    options.robot = {"127.0.0.1", port};
    options.insecure = true;
    return options;
  }
  // Somebody listened here a moment ago.
  static std::uint16_t DeadPort() { return ScriptedRobot().port(); }

  TestAuthority authority_{"Test Root"};
};

TEST_F(Connecting, OverTlsReachesEveryServiceAndCarriesTheToken) {
  ScriptedRobot robot(authority_.Issue(kRobotNames));
  auto entry = WithStatus<api::GetServiceEntryResponse>(1);
  entry.mutable_service_entry()->set_authority("payload.spot.robot");
  robot.Answers("GetServiceEntry", entry);
  robot.Answers("ListPayloads", GoodHeader<api::ListPayloadsResponse>());
  auto refreshed = WithStatus<api::GetAuthTokenResponse>(1);
  refreshed.set_token("new");
  robot.Answers("GetAuthToken", refreshed);
  robot.Answers("RegisterPayload", WithStatus<api::RegisterPayloadResponse>(1));

  const auto connection = MustConnect(Tls(robot.port(), authority_.root_pem()));
  const auto registered = connection->RegisterPayload({}, Secret("secret"), Soon());
  ASSERT_TRUE(registered.ok()) << registered.error().message;
  EXPECT_TRUE(connection->ListPayloads(Secret("the-token"), Soon()).ok());
  EXPECT_EQ(*connection->RefreshToken(Secret("old"), Soon()), Secret("new"));
  EXPECT_EQ(*connection->Authenticate("user", Secret("password"), Soon()), Secret("new"));

  EXPECT_EQ(robot.Seen("ListPayloads")[0].authority, "payload.spot.robot");
  EXPECT_THAT(robot.Seen("ListPayloads")[0].metadata,
              Contains(Pair("authorization", "Bearer the-token")));
  EXPECT_THAT(robot.Seen("GetServiceEntry")[0].metadata,
              Contains(Pair("authorization", "Bearer the-token")));
  EXPECT_EQ(robot.Seen("RegisterPayload")[0].metadata.count("authorization"), 0U);
}

TEST_F(Connecting, ByNameWorksToo) {
  ScriptedRobot robot(authority_.Issue(kRobotNames));
  robot.Answers("RegisterPayload", WithStatus<api::RegisterPayloadResponse>(1));
  ConnectionOptions options = Tls(robot.port(), authority_.root_pem());
  options.robot.host = "localhost";
  const auto connection = MustConnect(options);
  const auto registered = connection->RegisterPayload({}, Secret("secret"), Soon());
  EXPECT_TRUE(registered.ok()) << registered.error().message;
}

TEST_F(Connecting, IsRefusedWhereNobodyListens) {
  ExpectFailure(Plain(DeadPort()), FailureKind::kUnableToConnect, "connection refused");
  ExpectFailure(Tls(DeadPort(), authority_.root_pem()), FailureKind::kUnableToConnect,
                "connection refused");
  ConnectionOptions v6 = Plain(DeadPort());
  v6.robot.host = "::1";
  ExpectFailure(v6, FailureKind::kUnableToConnect, "unable to connect");
}

TEST_F(Connecting, ToAnUnknownHostSaysSo) {
  ConnectionOptions options = Plain(443);
  options.robot.host = "no-such-robot.invalid";
  ExpectFailure(options, FailureKind::kUnableToConnect, "host unknown");
}

TEST_F(Connecting, WaitsUntilTheDeadlineWhereThatIsAskedFor) {
  const auto connection = MustConnect(Plain(DeadPort()));
  CallOptions options;
  options.wait_for_ready = true;
  options.timeout = std::chrono::milliseconds(100);
  EXPECT_EQ(KindOf(connection->GetPayloadAuthToken({}, options)), Name(FailureKind::kTimedOut));
}

TEST_F(Connecting, WithAnotherRootCertificateSaysThatTheAuthorityIsAnother) {
  ScriptedRobot robot(authority_.Issue(kRobotNames));
  for (const char* name : {"Test Root", "Other Root"}) {
    ExpectFailure(Tls(robot.port(), TestAuthority(name).root_pem()), FailureKind::kUnableToConnect,
                  "another authority");
  }
  EXPECT_TRUE(robot.Seen().empty());
}

TEST_F(Connecting, ToARobotWithAnExpiredCertificateSaysThatItHasExpired) {
  ScriptedRobot robot(authority_.IssueExpired(kRobotNames));
  ExpectFailure(Tls(robot.port(), authority_.root_pem()), FailureKind::kUnableToConnect,
                "has expired");
  EXPECT_TRUE(robot.Seen().empty());
}

TEST_F(Connecting, ToACertificateOfOtherNamesIsANonexistentAuthority) {
  ScriptedRobot robot(authority_.Issue({"printer.example"}));
  ExpectFailure(Tls(robot.port(), authority_.root_pem()), FailureKind::kNonexistentAuthority,
                "payload-registration.spot.robot");
  EXPECT_TRUE(robot.Seen().empty());
}

TEST_F(Connecting, OverTlsToAPlainPortSaysSo) {
  ScriptedRobot robot;
  ExpectFailure(Tls(robot.port(), authority_.root_pem()), FailureKind::kUnableToConnect,
                "does not speak TLS");
}

TEST_F(Connecting, PlainToATlsPortAsksAboutTls) {
  ScriptedRobot robot(authority_.Issue(kRobotNames));
  const auto connection = MustConnect(Plain(robot.port()));
  const auto outcome = connection->GetPayloadAuthToken({}, Soon());
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(RetryabilityOf(outcome.error().kind), Retryability::kRetryable);
  EXPECT_THAT(outcome.error().message, HasSubstr("TLS"));
}

}  // namespace
}  // namespace payload_manager::testing
