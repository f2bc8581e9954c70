// A mock robot with a state file, over the wire.
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "mock_robot/v1/admin.pb.h"
#include "mock_robot/v1/faults.pb.h"
#include "tests/integration/mock_robot/robot_under_test.h"
#include "tests/support/temporary_folder.h"

namespace mock_robot::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const std::string kUpdateAttached = "bosdyn.api.PayloadRegistrationService/UpdatePayloadAttached";

class State : public ::testing::Test {
 protected:
  MockRobotOptions Options() const {
    MockRobotOptions options;
    options.tls = false;
    options.state_file = folder_ / "state";
    options.admin_listen = "127.0.0.1:0";
    return options;
  }
  void Start() { Start(Options()); }
  void Start(const MockRobotOptions& options) {
    client_.reset();
    robot_.reset();
    robot_ = StartRobot(options);
    client_ = std::make_unique<WireClient>(robot_->address(), "");
  }
  api::RegisterPayloadResponse Send(const std::string& guid) {
    api::RegisterPayloadResponse response;
    const WireStatus status = client_->Call(kRegister, RegisterRequest(guid), &response);
    EXPECT_TRUE(status.ok()) << status.message;
    return response;
  }

  const payload_manager::testing::TemporaryFolder folder_;
  std::unique_ptr<MockRobot> robot_;
  std::unique_ptr<WireClient> client_;
};

TEST_F(State, WithTwoGuidsThatAreOneIsRefused) {
  MockRobotOptions exact = Options();
  ASSERT_TRUE(Assume("guids-ignore-case=no", exact.assumptions).ok());
  Start(exact);
  EXPECT_EQ(Send("guid").status(), api::RegisterPayloadResponse::STATUS_OK);
  EXPECT_EQ(Send("GUID").status(), api::RegisterPayloadResponse::STATUS_OK);
  robot_.reset();
  const auto refused = MockRobot::Start(Options());
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr(Options().state_file.string()));
  EXPECT_THAT(refused.error().message, HasSubstr("guids-ignore-case=no"));

  Start(exact);
  EXPECT_TRUE(robot_->Forget("guid").ok());
  Start();
  EXPECT_EQ(Send("gUId").status(), api::RegisterPayloadResponse::STATUS_ALREADY_EXISTS);
  EXPECT_TRUE(robot_->Forget("guid").ok());
  Start();
  EXPECT_TRUE(robot_->Payloads().empty());
}

TEST_F(State, IsThereAgainAfterARestart) {
  Start();
  EXPECT_EQ(Send(kGuid).status(), api::RegisterPayloadResponse::STATUS_OK);
  EXPECT_TRUE(robot_->Authorize(kGuid).ok());
  const std::string token = PayloadToken(*client_).token();
  api::UpdatePayloadAttachedRequest attach;
  attach.mutable_payload_credentials()->set_guid(kGuid);
  attach.mutable_payload_credentials()->set_secret(kSecret);
  attach.set_request(api::UpdatePayloadAttachedRequest::REQUEST_ATTACH);
  api::UpdatePayloadAttachedResponse attached;
  EXPECT_TRUE(client_->Call(kUpdateAttached, attach, &attached).ok());
  EXPECT_TRUE(robot_->SetUser("anna", Secret("annas-password")).ok());
  const std::string users_token = UserToken(*client_);
  const std::string before = robot_->Payloads()[0].payload.ShortDebugString();

  Start();
  ASSERT_EQ(robot_->Payloads().size(), 1u);
  EXPECT_EQ(robot_->Payloads()[0].payload.ShortDebugString(), before);
  EXPECT_TRUE(robot_->Payloads()[0].payload.is_enabled());
  EXPECT_EQ(Send(kGuid).status(), api::RegisterPayloadResponse::STATUS_ALREADY_EXISTS);
  EXPECT_TRUE(ListPayloads(*client_, WithToken(token)).ok());
  EXPECT_TRUE(ListPayloads(*client_, WithToken(users_token)).ok());
  EXPECT_EQ(LogIn(*client_, "wrong").status(), api::GetAuthTokenResponse::STATUS_INVALID_LOGIN);
  EXPECT_EQ(LogIn(*client_, "annas-password").status(), api::GetAuthTokenResponse::STATUS_OK);
  EXPECT_EQ(LogIn(*client_, "annas-password").status(), api::GetAuthTokenResponse::STATUS_OK);
}

// Whether the robot is rebooted or its program started again, and then without the assumption.
TEST_F(State, KeepsWhatARebootIsAssumedToTake) {
  MockRobotOptions forgetful = Options();
  forgetful.assumptions.reboot_keeps_authorization = false;
  for (const bool rebooted : {true, false}) {
    SCOPED_TRACE(rebooted);
    Start(forgetful);
    Send(kGuid);
    EXPECT_TRUE(robot_->Authorize(kGuid).ok());
    const std::string token = PayloadToken(*client_).token();
    EXPECT_TRUE(ListPayloads(*client_, WithToken(token)).ok());
    if (rebooted) {
      robot_->Reboot();
    } else {
      Start(forgetful);
      EXPECT_FALSE(robot_->Payloads()[0].payload.is_authorized());
      EXPECT_EQ(robot_->Snapshot().faults.size(), 1u);
    }
    Start();
    EXPECT_FALSE(robot_->Payloads()[0].payload.is_authorized());
    EXPECT_FALSE(ListPayloads(*client_, WithToken(token)).ok());
  }
}

TEST_F(State, KeepsTheTokensOfAForgottenPayloadVoid) {
  Start();
  Send(kGuid);
  robot_->Authorize(kGuid);
  const std::string token = PayloadToken(*client_).token();
  EXPECT_TRUE(robot_->Forget(kGuid).ok());
  Start();
  EXPECT_FALSE(ListPayloads(*client_, WithToken(token)).ok());
  EXPECT_EQ(Send(kGuid).status(), api::RegisterPayloadResponse::STATUS_OK);
  robot_->Authorize(kGuid);
  EXPECT_FALSE(ListPayloads(*client_, WithToken(token)).ok());
  EXPECT_TRUE(ListPayloads(*client_, WithToken(PayloadToken(*client_).token())).ok());
}

TEST_F(State, OfUsersGivenAtTheStartKeepsTheirTokensUnlessThePasswordIsAnother) {
  MockRobotOptions options = Options();
  options.users.emplace("anna", Secret("annas-password"));
  Start(options);
  const std::string token = UserToken(*client_);
  Start(options);
  EXPECT_TRUE(ListPayloads(*client_, WithToken(token)).ok());
  Start();  // not given this time: still a user
  EXPECT_TRUE(ListPayloads(*client_, WithToken(token)).ok());
  options.users["anna"] = Secret("another");
  Start(options);
  EXPECT_FALSE(ListPayloads(*client_, WithToken(token)).ok());
  EXPECT_TRUE(robot_->RemoveUser("anna").ok());
  Start();
  EXPECT_EQ(LogIn(*client_, "another").status(), api::GetAuthTokenResponse::STATUS_INVALID_LOGIN);
}

TEST_F(State, OfOneRobotIsRefusedToAnother) {
  Start();
  const auto second = MockRobot::Start(Options());
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.error().message, HasSubstr("has it open"));
  EXPECT_EQ(Send(kGuid).status(), api::RegisterPayloadResponse::STATUS_OK);
}

TEST_F(State, IsNotMadeIfTheRobotCannotStart) {
  MockRobotOptions options = Options();
  options.listen = "127.0.0.1:http";
  EXPECT_FALSE(MockRobot::Start(options).ok());
  Start(PlainOptions());
  options = Options();
  options.listen = robot_->address();
  EXPECT_FALSE(MockRobot::Start(options).ok());
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

// The largest file this process may write, for as long as it lives.
class FullDisk {
 public:
  explicit FullDisk(rlim_t largest) {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = largest;
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_F(State, OnAFullDiskIsNotChangedAndTheRobotServesOn) {
  Start();
  EXPECT_EQ(Send("first").status(), api::RegisterPayloadResponse::STATUS_OK);
  {
    const FullDisk full(fs::file_size(folder_ / "state-wal"));
    const api::RegisterPayloadResponse refused = Send("second");
    EXPECT_EQ(refused.header().error().code(), api::CommonError::CODE_INTERNAL_SERVER_ERROR);
    EXPECT_THAT(refused.header().error().message(), HasSubstr((folder_ / "state").string()));
    EXPECT_EQ(refused.status(), api::RegisterPayloadResponse::STATUS_UNKNOWN);
    EXPECT_TRUE(refused.header().has_response_timestamp());
    EXPECT_EQ(robot_->Authorize("first").result, AdminResult::kNotKept);
    WireClient admin(robot_->admin_address(), "");
    v1::AuthorizePayloadRequest authorize;
    authorize.set_guid("first");
    v1::AuthorizePayloadResponse answer;
    EXPECT_TRUE(
        admin.Call("mock_robot.v1.MockRobotAdmin/AuthorizePayload", authorize, &answer).ok());
    EXPECT_EQ(answer.result(), v1::RESULT_NOT_KEPT);
    EXPECT_EQ(Send("first").status(), api::RegisterPayloadResponse::STATUS_ALREADY_EXISTS);
    ASSERT_EQ(robot_->Payloads().size(), 1u);
    EXPECT_FALSE(robot_->Payloads()[0].payload.is_authorized());
  }
  EXPECT_EQ(Send("second").status(), api::RegisterPayloadResponse::STATUS_OK);
  EXPECT_TRUE(robot_->Authorize("first").ok());
  Start();
  ASSERT_EQ(robot_->Payloads().size(), 2u);
  EXPECT_TRUE(robot_->Payloads()[0].payload.is_authorized());
}

// Injected by the program that has the robot, over the administration, or come upon by a call.
TEST_F(State, OnAFullDiskLetsNoFaultExpireTheTokens) {
  const std::string inject = "mock_robot.v1.MockRobotFaults/InjectFault";
  Start();
  EXPECT_TRUE(robot_->SetUser("anna", Secret("annas-password")).ok());
  const std::string token = UserToken(*client_);
  WireClient admin(robot_->admin_address(), "");
  v1::InjectFaultRequest request;
  request.mutable_fault()->mutable_expire_tokens();
  v1::InjectFaultResponse injected;
  {
    const FullDisk full(fs::file_size(folder_ / "state-wal"));
    const auto id = robot_->Inject({.what = fault::ExpireTokens()});
    ASSERT_FALSE(id.ok());
    EXPECT_THAT(id.error().message, HasSubstr((folder_ / "state").string()));
    const WireStatus refused = admin.Call(inject, request, &injected);
    EXPECT_EQ(refused.code, "INTERNAL");
    EXPECT_THAT(refused.message, HasSubstr((folder_ / "state").string()));
    EXPECT_TRUE(robot_->Faults().empty());

    ASSERT_TRUE(robot_->Inject({.times = 1, .what = fault::ExpireTokens()}).ok());
    const api::RegisterPayloadResponse answer = Send(kGuid);
    EXPECT_EQ(answer.header().error().code(), api::CommonError::CODE_INTERNAL_SERVER_ERROR);
    EXPECT_TRUE(answer.header().has_request_header());
    EXPECT_TRUE(robot_->Payloads().empty());
    EXPECT_TRUE(ListPayloads(*client_, WithToken(token)).ok());
  }
  EXPECT_TRUE(admin.Call(inject, request, &injected).ok());
  EXPECT_FALSE(ListPayloads(*client_, WithToken(token)).ok());
  Start();
  EXPECT_FALSE(ListPayloads(*client_, WithToken(token)).ok());
}

}  // namespace
}  // namespace mock_robot::testing
