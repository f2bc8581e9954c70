#include "tests/conformance/client_driver.h"

#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "mock_robot/mock_robot.h"
#include "payload_manager/connect.h"
#include "payload_manager/payload_registration_client.h"
#include "tests/conformance/names.h"
#include "tests/support/awaited.h"
#include "tests/support/manual_clock.h"

namespace conformance {
namespace {

using bosdyn::api::Payload;
using bosdyn::api::SoftwareVersion;
using mock_robot::MockRobot;
using payload_manager::Done;
using payload_manager::FailureKind;
using payload_manager::PayloadRegistrationClient;
using payload_manager::RobotConnection;
using payload_manager::Secret;
using payload_manager::testing::Awaited;

std::string NameOf(FailureKind kind) {
  switch (kind) {
    case FailureKind::kPayloadAlreadyExists:
      return "ALREADY_EXISTS";
    case FailureKind::kPayloadDoesNotExist:
      return "DOES_NOT_EXIST";
    case FailureKind::kInvalidPayloadCredentials:
      return "INVALID_CREDENTIALS";
    case FailureKind::kPayloadNotAuthorized:
      return "PAYLOAD_NOT_AUTHORIZED";
    case FailureKind::kInvalidRequest:
      return "INVALID_REQUEST";
    case FailureKind::kUnauthenticated:
      return "UNAUTHENTICATED";
    default:
      return std::string(ToString(kind));
  }
}

// "OK", or the name of what `call` throws.
template <typename Call>
std::string NameOfCall(Call call) {
  try {
    call();
    return "OK";
  } catch (const payload_manager::Error& error) {
    return NameOf(error.kind());
  }
}

// Uses each of the client's three shapes for some of its calls.
class ClientDriver final : public Driver {
 public:
  explicit ClientDriver(ClientTransport transport)
      : robot_(Start(transport, clock_)), connection_(Connected(*robot_)), client_(connection_) {}

  std::string Register(const Payload& definition, const std::string& secret) override {
    return NameOfCall([&] { client_.RegisterPayload(definition, Secret(secret)); });
  }
  std::string UpdateVersion(const std::string& guid, const std::string& secret,
                            const SoftwareVersion& version) override {
    return NameOfCall([&] {
      client_.UpdatePayloadVersionFuture({guid, Secret(secret)}, version).get();
    });
  }
  std::string GetToken(const std::string& guid, const std::string& secret) override {
    Awaited<Secret> token;
    client_.GetPayloadAuthTokenAsync({guid, Secret(secret)}, token.completion());
    auto outcome = token.Get();
    if (!outcome.ok()) return NameOf(outcome.error().kind);
    tokens_[guid] = *std::move(outcome);
    return "OK";
  }
  std::string Attach(const std::string& guid, const std::string& secret) override {
    return NameOfCall([&] { client_.AttachPayload({guid, Secret(secret)}); });
  }
  std::string Detach(const std::string& guid, const std::string& secret) override {
    return NameOfCall([&] { client_.DetachPayloadFuture({guid, Secret(secret)}).get(); });
  }
  std::string AskForNothing(const std::string&, const std::string&) override {
    return "the client cannot ask for nothing";
  }
  std::string UseToken(const std::string& guid) override {
    return NameOfCall([&] { client_.ListPayloads(tokens_[guid]); });
  }

  std::string Authorize(const std::string& guid, const std::string& preset) override {
    return conformance::NameOf(robot_->Authorize(guid, preset));
  }
  std::string Deauthorize(const std::string& guid) override {
    return conformance::NameOf(robot_->Deauthorize(guid));
  }
  std::string Reject(const std::string& guid) override {
    return conformance::NameOf(robot_->Reject(guid));
  }
  std::string Forget(const std::string& guid) override {
    return conformance::NameOf(robot_->Forget(guid));
  }
  std::string Reboot() override {
    robot_->Reboot();
    return "OK";
  }

  void Wait(payload_manager::Duration time) override {
    clock_.Advance(time);
    robot_->ClockMoved();
  }

  std::vector<Payload> List() override {
    const auto session = connection_->Authenticate("operator", Secret("operators-password"), {});
    if (!session.ok()) {
      ADD_FAILURE() << session.error().message;
      return {};
    }
    const auto listing = client_.ListPayloadsFuture(*session).get();
    return {listing.payloads().begin(), listing.payloads().end()};
  }
  std::vector<std::string> Faults() override { return NamesOf(robot_->Snapshot().faults); }

 private:
  static std::unique_ptr<MockRobot> Start(ClientTransport transport,
                                          const payload_manager::testing::ManualClock& clock) {
    MockRobot::Options options;
    options.tls = transport == ClientTransport::kTls;
    options.clock = &clock;
    options.users.emplace("operator", Secret("operators-password"));
    auto robot = MockRobot::Start(std::move(options));
    if (!robot) throw std::runtime_error(robot.error().message);
    return *std::move(robot);
  }

  static std::shared_ptr<RobotConnection> Connected(const MockRobot& robot) {
    payload_manager::ConnectionOptions options;
    options.robot = {"127.0.0.1", robot.port()};
    options.root_certificates_pem = robot.root_certificate_pem();
    options.insecure = options.root_certificates_pem.empty();
    options.token_over_plain = options.insecure;
    auto connection = payload_manager::Connect(options);
    if (!connection) throw std::runtime_error(connection.error().message);
    return *std::move(connection);
  }

  payload_manager::testing::ManualClock clock_;
  const std::unique_ptr<MockRobot> robot_;
  const std::shared_ptr<RobotConnection> connection_;
  const PayloadRegistrationClient client_;
  std::map<std::string, Secret> tokens_;
};

}  // namespace

std::unique_ptr<Driver> MakeClientDriver(ClientTransport transport) {
  return std::make_unique<ClientDriver>(transport);
}

}  // namespace conformance
