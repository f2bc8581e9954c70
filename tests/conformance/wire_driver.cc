#include "tests/conformance/wire_driver.h"

#include <gtest/gtest.h>

#include <map>

#include "bosdyn/api/auth.pb.h"
#include "mock_robot/mock_robot.h"
#include "tests/conformance/names.h"
#include "tests/support/manual_clock.h"
#include "tests/support/wire_client.h"

namespace conformance {
namespace {

namespace api = bosdyn::api;
using mock_robot::MockRobot;
using payload_manager::Secret;
using payload_manager::testing::WireClient;
using payload_manager::testing::WireStatus;
using payload_manager::testing::WithToken;

const std::string kService = "bosdyn.api.PayloadRegistrationService/";

class WireDriver final : public Driver {
 public:
  WireDriver(Wire wire, const std::string& assume) : robot_(Start(wire, clock_, assume)) {
    client_ = std::make_unique<WireClient>(robot_->address(), robot_->root_certificate_pem());
  }

  std::string Register(const api::Payload& definition, const std::string& secret) override {
    api::RegisterPayloadRequest request;
    *request.mutable_payload() = definition;
    request.set_payload_secret(secret);
    api::RegisterPayloadResponse response;
    return Call("RegisterPayload", request, response);
  }
  std::string UpdateVersion(const std::string& guid, const std::string& secret,
                            const api::SoftwareVersion& version) override {
    api::UpdatePayloadVersionRequest request;
    SetCredentials(guid, secret, *request.mutable_payload_credentials());
    *request.mutable_updated_version() = version;
    api::UpdatePayloadVersionResponse response;
    return Call("UpdatePayloadVersion", request, response);
  }
  std::string GetToken(const std::string& guid, const std::string& secret) override {
    api::GetPayloadAuthTokenRequest request;
    SetCredentials(guid, secret, *request.mutable_payload_credentials());
    api::GetPayloadAuthTokenResponse response;
    const std::string answer = Call("GetPayloadAuthToken", request, response);
    EXPECT_EQ(answer == "OK", !response.token().empty());
    if (answer == "OK") tokens_[guid] = response.token();
    return answer;
  }
  std::string Attach(const std::string& guid, const std::string& secret) override {
    return Ask(guid, secret, api::UpdatePayloadAttachedRequest::REQUEST_ATTACH);
  }
  std::string Detach(const std::string& guid, const std::string& secret) override {
    return Ask(guid, secret, api::UpdatePayloadAttachedRequest::REQUEST_DETACH);
  }
  std::string AskForNothing(const std::string& guid, const std::string& secret) override {
    return Ask(guid, secret, api::UpdatePayloadAttachedRequest::REQUEST_UNKNOWN);
  }
  std::string UseToken(const std::string& guid) override {
    api::ListPayloadsResponse response;
    return ListWith(tokens_[guid], response).code;
  }

  std::string Authorize(const std::string& guid, const std::string& preset) override {
    return NameOf(robot_->Authorize(guid, preset));
  }
  std::string Deauthorize(const std::string& guid) override {
    return NameOf(robot_->Deauthorize(guid));
  }
  std::string Reject(const std::string& guid) override { return NameOf(robot_->Reject(guid)); }
  std::string Forget(const std::string& guid) override { return NameOf(robot_->Forget(guid)); }
  std::string Reboot() override {
    robot_->Reboot();
    return "OK";
  }

  void Wait(payload_manager::Duration time) override {
    clock_.Advance(time);
    robot_->ClockMoved();
  }

  std::vector<api::Payload> List() override {
    api::GetAuthTokenRequest login;
    login.set_username("operator");
    login.set_password("operators-password");
    api::GetAuthTokenResponse session;
    EXPECT_TRUE(client_->Call("bosdyn.api.AuthService/GetAuthToken", login, &session).ok());
    api::ListPayloadsResponse response;
    EXPECT_EQ(ListWith(session.token(), response).code, "OK");
    return {response.payloads().begin(), response.payloads().end()};
  }
  std::vector<std::string> Faults() override { return NamesOf(robot_->Snapshot().faults); }

 private:
  static std::unique_ptr<MockRobot> Start(Wire wire,
                                          const payload_manager::testing::ManualClock& clock,
                                          const std::string& assume) {
    MockRobot::Options options;
    options.assumptions = Assumed(assume);
    options.tls = wire == Wire::kTls;
    options.clock = &clock;
    options.users.emplace("operator", Secret("operators-password"));
    auto robot = MockRobot::Start(std::move(options));
    if (!robot) ADD_FAILURE() << robot.error().message;
    return *std::move(robot);
  }

  static void SetCredentials(const std::string& guid, const std::string& secret,
                             api::PayloadCredentials& out) {
    out.set_guid(guid);
    out.set_secret(secret);
  }

  template <typename Request, typename Response>
  std::string Call(const std::string& method, const Request& request, Response& response) {
    const WireStatus status = client_->Call(kService + method, request, &response);
    if (!status.ok()) return status.code;
    const auto code = response.header().error().code();
    if (code == api::CommonError::CODE_INVALID_REQUEST) return "INVALID_REQUEST";
    return code == api::CommonError::CODE_OK ? StatusName(response.status()) : "no good header";
  }

  std::string Ask(const std::string& guid, const std::string& secret,
                  api::UpdatePayloadAttachedRequest::Request what) {
    api::UpdatePayloadAttachedRequest request;
    SetCredentials(guid, secret, *request.mutable_payload_credentials());
    request.set_request(what);
    api::UpdatePayloadAttachedResponse response;
    return Call("UpdatePayloadAttached", request, response);
  }

  WireStatus ListWith(const std::string& token, api::ListPayloadsResponse& response) {
    return client_->Call("bosdyn.api.PayloadService/ListPayloads", api::ListPayloadsRequest(),
                         &response, WithToken(token));
  }

  payload_manager::testing::ManualClock clock_;
  std::unique_ptr<MockRobot> robot_;
  std::unique_ptr<WireClient> client_;
  std::map<std::string, std::string> tokens_;
};

}  // namespace

std::unique_ptr<Driver> MakeWireDriver(Wire wire, const std::string& assume) {
  return std::make_unique<WireDriver>(wire, assume);
}

}  // namespace conformance
