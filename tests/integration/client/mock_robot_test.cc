// The client against the mock robot: what a payload lives through.
#include "mock_robot/mock_robot.h"

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <stop_token>

#include "payload_manager/payload_registration_client.h"
#include "tests/integration/client/client_fixture.h"
#include "tests/support/temporary_folder.h"

namespace payload_manager::testing {
namespace {

using mock_robot::MockRobot;
using ::testing::HasSubstr;
using ::testing::Not;

enum class Wire { kPlain, kTls };

class ClientOfAMockRobot : public ::testing::TestWithParam<Wire> {
 protected:
  ClientOfAMockRobot() {
    definition_.set_guid(mine_.guid);
    definition_.set_name("Test payload");
  }

  std::unique_ptr<MockRobot> Start(const std::string& listen = "127.0.0.1:0") const {
    MockRobot::Options options;
    options.tls_dir = identity_.path();
    options.tls = GetParam() == Wire::kTls;
    options.listen = listen;
    options.users.emplace("operator", Secret("operators-password"));
    auto robot = MockRobot::Start(std::move(options));
    if (!robot) throw std::runtime_error(robot.error().message);
    return *std::move(robot);
  }
  static std::shared_ptr<RobotConnection> Connected(const MockRobot& robot) {
    ConnectionOptions options;
    options.robot = {"127.0.0.1", robot.port()};
    options.root_certificates_pem = robot.root_certificate_pem();
    options.insecure = GetParam() == Wire::kPlain;
    options.token_over_plain = options.insecure;
    return MustConnect(options);
  }

  const testing::TemporaryFolder identity_;
  std::unique_ptr<MockRobot> robot_ = Start();
  std::shared_ptr<RobotConnection> connection_ = Connected(*robot_);
  PayloadRegistrationClient client_{connection_};
  const PayloadCredentials mine_{"11111111-2222-4333-8444-555555555555", Secret("my-own-secret")};
  bosdyn::api::Payload definition_;
};

TEST_P(ClientOfAMockRobot, LivesThroughWhatAPayloadLivesThrough) {
  client_.RegisterPayload(definition_, mine_.secret, Soon());
  EXPECT_THROW(client_.RegisterPayload(definition_, mine_.secret, Soon()),
               PayloadAlreadyExistsError);
  EXPECT_THROW(client_.GetPayloadAuthToken(mine_, Soon()), PayloadNotAuthorizedError);
  EXPECT_THROW(client_.AttachPayload(mine_, Soon()), PayloadNotAuthorizedError);

  robot_->Authorize(mine_.guid);
  const Secret token = client_.GetPayloadAuthToken(mine_, Soon());
  client_.AttachPayload(mine_, Soon());
  bosdyn::api::SoftwareVersion version;
  version.set_major_version(3);
  client_.UpdatePayloadVersion(mine_, version, Soon());

  const auto listing = client_.ListPayloads(token, Soon());
  ASSERT_EQ(listing.payloads_size(), 1);
  EXPECT_EQ(listing.payloads(0).guid(), mine_.guid);
  EXPECT_TRUE(listing.payloads(0).is_enabled());
  EXPECT_EQ(listing.payloads(0).version().major_version(), 3);

  const auto renewed = connection_->RefreshToken(token, Soon());
  ASSERT_TRUE(renewed.ok()) << renewed.error().message;
  EXPECT_EQ(client_.ListPayloads(*renewed, Soon()).payloads_size(), 1);

  client_.DetachPayload(mine_, Soon());
  EXPECT_FALSE(client_.ListPayloads(token, Soon()).payloads(0).is_enabled());

  robot_->Forget(mine_.guid);
  EXPECT_THROW(client_.GetPayloadAuthToken(mine_, Soon()), InvalidPayloadCredentialsError);
  EXPECT_THROW(client_.UpdatePayloadVersion(mine_, version, Soon()), PayloadDoesNotExistError);
  EXPECT_EQ(KindOf(connection_->RefreshToken(token, Soon())), Name(FailureKind::kInvalidToken));
}

TEST_P(ClientOfAMockRobot, IsToldWhichFieldIsWrong) {
  definition_.set_is_authorized(true);
  try {
    client_.RegisterPayload(definition_, mine_.secret, Soon());
    FAIL() << "nothing was thrown";
  } catch (const InvalidRequestError& error) {
    EXPECT_THAT(error.what(), HasSubstr("is_authorized"));
    EXPECT_THAT(error.what(), Not(HasSubstr("my-own-secret")));
  }
}

TEST_P(ClientOfAMockRobot, LogsAUserIn) {
  EXPECT_EQ(KindOf(connection_->Authenticate("operator", Secret("wrong"), Soon())),
            Name(FailureKind::kInvalidLogin));
  const auto token = connection_->Authenticate("operator", Secret("operators-password"), Soon());
  ASSERT_TRUE(token.ok()) << token.error().message;
  EXPECT_EQ(client_.ListPayloads(*token, Soon()).payloads_size(), 0);
}

TEST_P(ClientOfAMockRobot, IsUnauthenticatedWithoutAGoodToken) {
  EXPECT_THROW(client_.ListPayloads(Secret(), Soon()), PersistentRpcError);
  EXPECT_THROW(client_.ListPayloads(Secret("not.a.token"), Soon()), PersistentRpcError);
}

TEST_P(ClientOfAMockRobot, CancelsWhatASilentRobotDoesNotAnswer) {
  robot_->HoldAnswers();
  std::stop_source stop;
  CallOptions options = Soon();
  options.cancellation = stop.get_token();
  auto registered = client_.RegisterPayloadFuture(definition_, mine_.secret, options);
  ASSERT_TRUE(robot_->WaitUntil([](const auto& seen) { return seen.held_answers == 1; }));
  stop.request_stop();
  EXPECT_THROW(registered.get(), PersistentRpcError);
  robot_->ReleaseAnswers();
  EXPECT_THROW(client_.RegisterPayload(definition_, mine_.secret, Soon()),
               PayloadAlreadyExistsError);  // it took effect all the same
}

TEST_P(ClientOfAMockRobot, TellsALostConnectionFromARefusedOne) {
  robot_->HoldAnswers();
  Awaited<Done> registered;
  client_.RegisterPayloadAsync(definition_, mine_.secret, registered.completion(), Soon());
  ASSERT_TRUE(robot_->WaitUntil([](const auto& seen) { return seen.held_answers == 1; }));
  EXPECT_GE(robot_->CutConnections(), 1U);
  const auto lost = registered.Get();
  EXPECT_EQ(KindOf(lost), Name(FailureKind::kConnectionLost));
  robot_->ReleaseAnswers();

  // Calls made before gRPC has put the dead connection away are lost with it; soon one gets
  // through.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::string kind;
  do {
    kind = KindOf(connection_->RegisterPayload(definition_, mine_.secret, Soon()));
  } while (kind == Name(FailureKind::kConnectionLost) &&
           std::chrono::steady_clock::now() < deadline);
  EXPECT_EQ(kind, Name(FailureKind::kPayloadAlreadyExists));

  robot_->Stop();
  Awaited<Secret> refused;
  client_.GetPayloadAuthTokenAsync(mine_, refused.completion(), Soon());
  kind = KindOf(refused.Get());
  EXPECT_TRUE(kind == Name(FailureKind::kUnableToConnect) ||
              kind == Name(FailureKind::kConnectionLost))
      << kind;
}

TEST_P(ClientOfAMockRobot, FindsARobotAgainThatWasAway) {
  client_.RegisterPayload(definition_, mine_.secret, Soon());
  const std::string address = robot_->address();
  robot_.reset();
  EXPECT_THROW(client_.RegisterPayload(definition_, mine_.secret, Soon()), RetryableRpcError);
  robot_ = Start(address);
  CallOptions patient = Soon();
  patient.wait_for_ready = true;
  client_.RegisterPayload(definition_, mine_.secret, patient);  // which has forgotten everything
}

INSTANTIATE_TEST_SUITE_P(OverPlain, ClientOfAMockRobot, ::testing::Values(Wire::kPlain),
                         [](const auto&) { return "Plain"; });
INSTANTIATE_TEST_SUITE_P(OverTls, ClientOfAMockRobot, ::testing::Values(Wire::kTls),
                         [](const auto&) { return "Tls"; });

}  // namespace
}  // namespace payload_manager::testing
