// The robot calls payloads: their initiation service, on the administrator's word.
#include <future>

#include "bosdyn/api/directory_registration.pb.h"
#include "bosdyn/api/payload_software_update_initiation.pb.h"
#include "mock_robot/v1/software.pb.h"
#include "tests/integration/mock_robot/robot_under_test.h"
#include "tests/support/scripted_robot.h"

namespace mock_robot::testing {
namespace {

using payload_manager::testing::ScriptedRobot;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr auto kPatience = seconds(20);

class Prompts : public ::testing::Test {
 protected:
  static MockRobotOptions Options() {
    MockRobotOptions options = PlainOptions();
    options.admin_listen = "127.0.0.1:0";
    return options;
  }
  Prompts() {
    payload_.Answers("TriggerSendPayloadSoftwareInfo",
                     api::TriggerSendPayloadSoftwareInfoResponse());
    payload_.Answers("TriggerInitiateUpdate", api::TriggerInitiateUpdateResponse());
    Offer("acme-update", payload_.port());
  }
  void Offer(const std::string& name, int port, const std::string& host = "127.0.0.1",
             const std::string& type = kInitiationServiceType) {
    WireClient client(robot_->address(), "");
    api::RegisterServiceRequest request;
    request.mutable_service_entry()->set_name(name);
    request.mutable_service_entry()->set_type(type);
    request.mutable_service_entry()->set_authority(name);
    request.mutable_endpoint()->set_host_ip(host);
    request.mutable_endpoint()->set_port(port);
    api::RegisterServiceResponse response;
    const WireStatus status = client.Call("bosdyn.api.DirectoryRegistrationService/RegisterService",
                                          request, &response, WithToken(UserToken(client)));
    EXPECT_TRUE(status.ok()) << status.message;
    EXPECT_EQ(response.status(), api::RegisterServiceResponse::STATUS_OK);
  }
  std::future<AdminAnswer> Start(const std::string& service,
                                 SoftwarePrompt prompt = SoftwarePrompt::kInitiateUpdate,
                                 payload_manager::Duration patience = kPatience) {
    auto promise = std::make_shared<std::promise<AdminAnswer>>();
    std::future<AdminAnswer> future = promise->get_future();
    robot_->PromptPayload(
        service, prompt, [promise](const AdminAnswer& answer) { promise->set_value(answer); },
        patience);
    return future;
  }
  AdminAnswer Prompt(const std::string& service,
                     SoftwarePrompt prompt = SoftwarePrompt::kInitiateUpdate) {
    return Start(service, prompt).get();
  }

  ScriptedRobot payload_;
  std::unique_ptr<MockRobot> robot_ = StartRobot(Options());
};

TEST_F(Prompts, ReachThePayload) {
  EXPECT_TRUE(Prompt("acme-update", SoftwarePrompt::kSendVersion).ok());
  EXPECT_EQ(payload_.Seen("TriggerSendPayloadSoftwareInfo").size(), 1u);
  EXPECT_EQ(payload_.Seen("TriggerInitiateUpdate").size(), 0u);
  EXPECT_TRUE(Prompt("acme-update").ok());
  EXPECT_EQ(payload_.Seen("TriggerInitiateUpdate").size(), 1u);
}

TEST_F(Prompts, AreForInitiationServicesThatAreRegistered) {
  Offer("acme-lidar", payload_.port(), "127.0.0.1", "acme.Lidar");
  for (const char* name : {"nobody", "acme-lidar", "robot-id", ""}) {
    EXPECT_EQ(Prompt(name).result, AdminResult::kUnknownService) << name;
  }
  EXPECT_TRUE(payload_.Seen().empty());
}

TEST_F(Prompts, NeedAnEndpointThatCanBeCalled) {
  int number = 0;
  for (const auto& [host, port] : {std::pair<std::string, int>{"127.0.0.1", 0},
                                   {"127.0.0.1", 70'000},
                                   {"127.0.0.1", -1},
                                   {"", 80},
                                   {"dns:///nobody", 80},
                                   {"unix:/run/socket", 80},
                                   {"a b", 80},
                                   {"::gg", 80}}) {
    Offer("odd" + std::to_string(++number), port, host);
    const AdminAnswer answer = Prompt("odd" + std::to_string(number));
    EXPECT_EQ(answer.result, AdminResult::kWrongState) << host << ' ' << answer.message;
  }
}

TEST_F(Prompts, FailWithTheReason) {
  payload_.Fails("TriggerInitiateUpdate", 13, "out of order");
  AdminAnswer answer = Prompt("acme-update");
  EXPECT_EQ(answer.result, AdminResult::kCallFailed);
  EXPECT_THAT(answer.message, HasSubstr("status 13"));
  payload_.Fails("TriggerInitiateUpdate", 12, "");
  EXPECT_THAT(Prompt("acme-update").message, HasSubstr("does not serve it"));
  std::uint16_t gone = 0;
  {
    const ScriptedRobot short_lived;
    gone = short_lived.port();
  }
  Offer("gone", gone);
  EXPECT_THAT(Prompt("gone").message, HasSubstr("nobody can be reached"));
}

TEST_F(Prompts, WaitNoLongerThanTheyMay) {
  payload_.Parks("TriggerInitiateUpdate");
  const AdminAnswer answer =
      Start("acme-update", SoftwarePrompt::kInitiateUpdate, milliseconds(50)).get();
  EXPECT_EQ(answer.result, AdminResult::kCallFailed);
  EXPECT_THAT(answer.message, HasSubstr("in time"));
}

TEST_F(Prompts, EndWithTheRobot) {
  payload_.Parks("TriggerInitiateUpdate");
  auto waiting = Start("acme-update");
  ASSERT_TRUE(payload_.WaitForCall("TriggerInitiateUpdate"));
  robot_->Stop();
  ASSERT_EQ(waiting.wait_for(seconds(0)), std::future_status::ready);
  EXPECT_EQ(waiting.get().result, AdminResult::kCallFailed);
  EXPECT_THAT(Prompt("acme-update").message, HasSubstr("stopped"));
}

TEST_F(Prompts, AreBoundedInNumber) {
  payload_.Parks("TriggerInitiateUpdate");
  std::vector<std::future<AdminAnswer>> waiting;
  waiting.reserve(100);
  for (int i = 0; i < 100; ++i) waiting.push_back(Start("acme-update"));
  EXPECT_THAT(Prompt("acme-update").message, HasSubstr("100 payloads"));
  robot_->Stop();
  for (auto& answer : waiting) EXPECT_EQ(answer.get().result, AdminResult::kCallFailed);
}

TEST_F(Prompts, AreTheAdministrations) {
  WireClient admin(robot_->admin_address(), "");
  const auto ask = [&](const std::string& service, v1::PromptPayloadRequest::Prompt prompt) {
    v1::PromptPayloadRequest request;
    request.set_service_name(service);
    request.set_prompt(prompt);
    v1::PromptPayloadResponse response;
    const WireStatus status =
        admin.Call("mock_robot.v1.MockRobotSoftware/PromptPayload", request, &response);
    EXPECT_TRUE(status.ok()) << status.message;
    return response.result();
  };
  EXPECT_EQ(ask("acme-update", v1::PromptPayloadRequest::PROMPT_SEND_VERSION), v1::RESULT_OK);
  EXPECT_EQ(ask("acme-update", v1::PromptPayloadRequest::PROMPT_INITIATE_UPDATE), v1::RESULT_OK);
  EXPECT_EQ(ask("acme-update", v1::PromptPayloadRequest::PROMPT_UNSPECIFIED),
            v1::RESULT_WRONG_STATE);
  EXPECT_EQ(ask("nobody", v1::PromptPayloadRequest::PROMPT_SEND_VERSION),
            v1::RESULT_UNKNOWN_SERVICE);
  EXPECT_EQ(payload_.Seen().size(), 2u);

  v1::StageSoftwareRequest stage;
  stage.mutable_package()->mutable_version_info()->set_package_name("acme");
  v1::StageSoftwareResponse staged;
  ASSERT_TRUE(admin.Call("mock_robot.v1.MockRobotSoftware/StageSoftware", stage, &staged).ok());
  EXPECT_EQ(staged.result(), v1::RESULT_OK);
  v1::ListSoftwareResponse list;
  ASSERT_TRUE(
      admin.Call("mock_robot.v1.MockRobotSoftware/ListSoftware", v1::ListSoftwareRequest(), &list)
          .ok());
  ASSERT_EQ(list.packages_size(), 1);
  EXPECT_TRUE(list.packages(0).has_staged());
  EXPECT_FALSE(list.packages(0).has_reported_at());
  v1::UnstageSoftwareRequest unstage;
  unstage.set_package_name("acme");
  v1::UnstageSoftwareResponse unstaged;
  const std::string kUnstage = "mock_robot.v1.MockRobotSoftware/UnstageSoftware";
  ASSERT_TRUE(admin.Call(kUnstage, unstage, &unstaged).ok());
  EXPECT_EQ(unstaged.result(), v1::RESULT_OK);
  ASSERT_TRUE(admin.Call(kUnstage, unstage, &unstaged).ok());
  EXPECT_EQ(unstaged.result(), v1::RESULT_UNKNOWN_SERVICE);
}

}  // namespace
}  // namespace mock_robot::testing
