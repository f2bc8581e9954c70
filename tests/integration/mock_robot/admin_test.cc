// The administration over its own port.
#include "mock_robot/v1/admin.pb.h"
#include "tests/integration/mock_robot/robot_under_test.h"

namespace mock_robot::testing {
namespace {

using ::testing::HasSubstr;

class Admin : public ::testing::Test {
 protected:
  static MockRobotOptions Options() {
    MockRobotOptions options;
    options.admin_listen = "127.0.0.1:0";
    return options;
  }
  template <typename Response, typename Request>
  Response Ask(const std::string& method, const Request& request) {
    Response response;
    const WireStatus status =
        admin_.Call("mock_robot.v1.MockRobotAdmin/" + method, request, &response);
    EXPECT_TRUE(status.ok()) << status.message;
    return response;
  }
  template <typename Request, typename Response>
  v1::Result Change(const std::string& method, const std::string& guid) {
    Request request;
    request.set_guid(guid);
    return Ask<Response>(method, request).result();
  }
  v1::Result Authorize(const std::string& guid, const std::string& preset = {}) {
    v1::AuthorizePayloadRequest request;
    request.set_guid(guid);
    request.set_preset_name(preset);
    return Ask<v1::AuthorizePayloadResponse>("AuthorizePayload", request).result();
  }
  v1::Result Deauthorize(const std::string& guid) {
    return Change<v1::DeauthorizePayloadRequest, v1::DeauthorizePayloadResponse>(
        "DeauthorizePayload", guid);
  }
  v1::Result Reject(const std::string& guid) {
    return Change<v1::RejectPayloadRequest, v1::RejectPayloadResponse>("RejectPayload", guid);
  }
  v1::Result Forget(const std::string& guid) {
    return Change<v1::ForgetPayloadRequest, v1::ForgetPayloadResponse>("ForgetPayload", guid);
  }
  v1::ListPayloadsResponse List() {
    return Ask<v1::ListPayloadsResponse>("ListPayloads", v1::ListPayloadsRequest());
  }

  std::unique_ptr<MockRobot> robot_ = StartRobot(Options());
  WireClient client_{robot_->address(), robot_->root_certificate_pem()};
  WireClient admin_{robot_->admin_address(), ""};
};

TEST_F(Admin, ListsWhatTheRobotKnows) {
  api::RegisterPayloadRequest request = RegisterRequest("GUID-in-Upper-Case");
  request.mutable_payload()->mutable_version()->set_major_version(3);
  request.mutable_payload()->add_preset_configurations()->set_preset_name("rear");
  api::RegisterPayloadResponse response;
  ASSERT_TRUE(client_.Call(kRegister, request, &response).ok());
  ASSERT_TRUE(client_.Call(kRegister, request, &response).ok());
  ASSERT_EQ(Authorize("guid-IN-upper-case", "rear"), v1::RESULT_OK);

  const v1::ListPayloadsResponse list = List();
  ASSERT_EQ(list.payloads_size(), 1);
  const v1::PayloadState& payload = list.payloads(0);
  EXPECT_EQ(payload.guid(), "guid-in-upper-case");
  EXPECT_EQ(payload.name(), "payload");
  EXPECT_TRUE(payload.authorized());
  EXPECT_FALSE(payload.attached());
  EXPECT_EQ(payload.version().major_version(), 3);
  EXPECT_TRUE(payload.credentials_known());
  EXPECT_EQ(payload.preset_applied(), "rear");
  EXPECT_EQ(payload.presets_offered_size(), 1);
  EXPECT_GT(payload.warnings_size(), 0);  // it names no mount frame
  EXPECT_EQ(payload.registrations(), 2u);
  EXPECT_GT(payload.first_registered().seconds(), 0);
  EXPECT_THAT(list.ShortDebugString(), ::testing::Not(HasSubstr(kSecret)));
}

TEST_F(Admin, IsNotBlindedByOneWildRegistration) {
  api::RegisterPayloadRequest request = RegisterRequest();
  request.mutable_payload()->set_name(std::string(400'000, 'n'));
  const std::string preset(400'000, 'p');
  request.mutable_payload()->add_preset_configurations()->set_preset_name(preset);
  for (int i = 1; i < 1000; ++i) request.mutable_payload()->add_preset_configurations();
  api::RegisterPayloadResponse response;
  ASSERT_TRUE(client_.Call(kRegister, request, &response).ok());
  ASSERT_EQ(response.status(), api::RegisterPayloadResponse::STATUS_OK);
  ASSERT_EQ(Authorize(kGuid, preset), v1::RESULT_OK);

  const v1::ListPayloadsResponse list = List();
  ASSERT_EQ(list.payloads_size(), 1);
  EXPECT_LT(list.ByteSizeLong(), 10'000u);
  EXPECT_TRUE(list.payloads(0).name() == std::string(100, 'n') + "\u2026");
  EXPECT_EQ(list.payloads(0).preset_applied(), std::string(100, 'p') + "\u2026");
  EXPECT_GT(list.payloads(0).warnings_size(), 10);
}

TEST_F(Admin, ChangesWhatItIsAskedToChange) {
  ASSERT_TRUE(Register(client_).ok());
  EXPECT_EQ(Authorize(kGuid), v1::RESULT_OK);
  EXPECT_EQ(PayloadToken(client_).status(), api::GetPayloadAuthTokenResponse::STATUS_OK);
  EXPECT_EQ(Reject(kGuid), v1::RESULT_WRONG_STATE);
  EXPECT_EQ(Deauthorize(kGuid), v1::RESULT_OK);
  EXPECT_EQ(Deauthorize(kGuid), v1::RESULT_WRONG_STATE);
  EXPECT_EQ(Ask<v1::RebootResponse>("Reboot", v1::RebootRequest()).result(), v1::RESULT_OK);
  EXPECT_EQ(List().payloads_size(), 1);
  EXPECT_EQ(Reject(kGuid), v1::RESULT_OK);
  EXPECT_EQ(List().payloads_size(), 0);
  ASSERT_TRUE(Register(client_).ok());
  EXPECT_EQ(Forget(kGuid), v1::RESULT_OK);
  EXPECT_EQ(Forget(kGuid), v1::RESULT_UNKNOWN_PAYLOAD);
  EXPECT_EQ(Authorize(kGuid), v1::RESULT_UNKNOWN_PAYLOAD);
}

TEST_F(Admin, SaysWhyNot) {
  ASSERT_TRUE(Register(client_).ok());
  v1::AuthorizePayloadRequest request;
  request.set_guid(kGuid);
  request.set_preset_name("side");
  const auto response = Ask<v1::AuthorizePayloadResponse>("AuthorizePayload", request);
  EXPECT_EQ(response.result(), v1::RESULT_UNKNOWN_PRESET);
  EXPECT_THAT(response.message(), HasSubstr("'side'"));
}

TEST_F(Admin, AnswersWhileTheRobotIsSilent) {
  robot_->HoldAnswers();
  EXPECT_EQ(List().payloads_size(), 0);
  robot_->ReleaseAnswers();
}

TEST_F(Admin, IsNotServedToClients) {
  v1::ListPayloadsResponse response;
  EXPECT_EQ(
      client_
          .Call("mock_robot.v1.MockRobotAdmin/ListPayloads", v1::ListPayloadsRequest(), &response)
          .code,
      "UNIMPLEMENTED");
}

TEST_F(Admin, IsOnLoopbackOnly) {
  for (const char* address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:0"}) {
    MockRobotOptions options = PlainOptions();
    options.admin_listen = address;
    const auto robot = MockRobot::Start(options);
    ASSERT_FALSE(robot.ok()) << address;
    EXPECT_THAT(robot.error().message, HasSubstr("loopback"));
  }
}

}  // namespace
}  // namespace mock_robot::testing
