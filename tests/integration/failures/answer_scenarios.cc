// Robots that answer, but not with success.
#include <google/protobuf/message_lite.h>

#include "bosdyn/api/auth.pb.h"
#include "bosdyn/api/payload_registration.pb.h"
#include "mock_robot/mock_robot.h"
#include "tests/integration/failures/scenarios.h"
#include "tests/support/scripted_robot.h"

namespace payload_manager::testing {
namespace {

namespace api = bosdyn::api;

Staged Answering(std::string_view method, const google::protobuf::MessageLite& response) {
  const auto robot = std::make_shared<ScriptedRobot>();
  robot->Answers(method, response);
  Staged staged;
  staged.options = PlainTo(robot->port());
  staged.peer = robot;
  return staged;
}

std::function<Staged()> Header(int code, const std::string& message) {
  return [code, message] {
    api::RegisterPayloadResponse response;
    response.set_status(api::RegisterPayloadResponse::STATUS_OK);
    api::CommonError* const error = response.mutable_header()->mutable_error();
    error->set_code(static_cast<api::CommonError::Code>(code));
    error->set_message(message);
    return Answering("RegisterPayload", response);
  };
}

std::function<Staged()> Status(int status) {
  return [status] {
    api::RegisterPayloadResponse response;
    response.mutable_header()->mutable_error()->set_code(api::CommonError::CODE_OK);
    response.set_status(static_cast<api::RegisterPayloadResponse::Status>(status));
    return Answering("RegisterPayload", response);
  };
}

Staged WithoutToken() {
  api::GetPayloadAuthTokenResponse response;
  response.mutable_header()->mutable_error()->set_code(api::CommonError::CODE_OK);
  response.set_status(api::GetPayloadAuthTokenResponse::STATUS_OK);
  return Answering("GetPayloadAuthToken", response);
}

Staged WrongMetadata() {
  api::RegisterPayloadResponse unused;
  Staged staged = Answering("RegisterPayload", unused);
  staged.call.metadata = {{"Upper-Case", "x"}};
  return staged;
}

// A mock robot, with what `prepare` has done to it.
std::function<Staged()> Robot(
    std::function<void(mock_robot::MockRobot&, RobotConnection&)> prepare) {
  return [prepare = std::move(prepare)] {
    mock_robot::MockRobot::Options options;
    options.users.emplace("operator", Secret("the-right-password"));
    const std::shared_ptr<mock_robot::MockRobot> robot =
        mock_robot::MockRobot::Start(std::move(options)).value();
    Staged staged;
    staged.options = TlsTo(robot->port(), robot->root_certificate_pem());
    staged.peer = robot;
    const auto connection = Connect(staged.options).value();
    prepare(*robot, *connection);
    return staged;
  };
}

void Register(RobotConnection& connection, const Secret& secret) {
  api::Payload payload;
  payload.set_guid(kScenarioGuid);
  payload.set_name("Somebody");
  (void)connection.RegisterPayload(payload, secret, Staged::Patient());
}

}  // namespace

std::vector<Scenario> AnswerScenarios() {
  constexpr Verb kRegister = Verb::kRegister;
  using Mock = mock_robot::MockRobot;
  const auto known = [](Mock&, RobotConnection& connection) {
    Register(connection, Secret(kScenarioSecret));
  };
  const auto stolen = [](Mock&, RobotConnection& connection) {
    Register(connection, Secret("secret-of-somebody-else"));
  };
  const auto locked = [](Mock&, RobotConnection& connection) {
    for (int attempt = 0; attempt < 6; ++attempt) {
      (void)connection.Authenticate("operator", Secret("wrong"), Staged::Patient());
    }
  };
  const auto nothing = [](Mock&, RobotConnection&) {};
  return {
      {"invalid-argument", kRegister, &WrongMetadata},
      {"invalid-request", kRegister, Header(api::CommonError::CODE_INVALID_REQUEST, "name: empty")},
      {"internal-server-error", kRegister,
       Header(api::CommonError::CODE_INTERNAL_SERVER_ERROR, "disk full")},
      {"header-code-unset", kRegister, Header(0, "")},
      {"header-code-unknown", kRegister, Header(42, "")},
      {"status-unset", kRegister, Status(0)},
      {"status-unknown", kRegister, Status(42)},
      {"no-token", Verb::kToken, &WithoutToken},
      {"already-exists", kRegister, Robot(known)},
      {"invalid-credentials", Verb::kToken, Robot(stolen)},
      {"not-authorized", Verb::kToken, Robot(known)},
      {"does-not-exist", Verb::kVersion, Robot(nothing)},
      {"invalid-login", Verb::kLogin,
       Robot([](Mock& robot, RobotConnection&) { robot.RemoveUser("operator"); })},
      {"invalid-token", Verb::kRefresh, Robot(nothing)},
      {"locked-out", Verb::kLogin, Robot(locked)},
  };
}

}  // namespace payload_manager::testing
