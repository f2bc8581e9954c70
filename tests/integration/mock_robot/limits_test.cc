// What is too much for a robot: bytes that are no message, messages too large, calls too many.
#include <cmath>
#include <limits>

#include "tests/integration/mock_robot/robot_under_test.h"

namespace mock_robot::testing {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

TEST(HostileInput, OfAnyKindIsAnsweredAndSurvived) {
  const auto robot = StartRobot();
  WireClient client(robot->address(), "");
  std::string answer;
  EXPECT_EQ(client.CallBytes("bosdyn.api.NoSuchService/NoSuchCall", "", &answer).code,
            "UNIMPLEMENTED");
  EXPECT_EQ(client.CallBytes("bosdyn.api.PayloadRegistrationService/NoSuchCall", "", &answer).code,
            "UNIMPLEMENTED");
  for (const std::string& bytes :
       {std::string("\xff\xff\xff\xff"), std::string(1000, '\x12'), std::string("\x12\x7f"),
        std::string("\x12\x04\x0a\x02\xc3\x28")}) {  // the last is no UTF-8
    EXPECT_NE(client.CallBytes(kRegister, bytes, &answer).code, "OK");
  }
  std::string nested;
  for (int i = 0; i < 10'000; ++i) nested += "\x0b";  // groups within groups
  EXPECT_NE(client.CallBytes(kRegister, nested, &answer).code, "OK");
  EXPECT_TRUE(robot->Payloads().empty());
  EXPECT_TRUE(Register(client).ok());
}

void ExpectLargeOnesAreTaken(WireClient client) {
  api::RegisterPayloadRequest request = RegisterRequest();
  api::RegisterPayloadResponse response;
  // Refused before it is stored, so that it is held no longer than the call lasts.
  request.mutable_payload()->set_is_authorized(true);
  request.mutable_payload()->set_description(std::string(99 << 20, 'x'));
  EXPECT_EQ(client.Call(kRegister, request, &response).code, "OK");
  request.mutable_payload()->set_description(std::string(101 << 20, 'x'));
  EXPECT_EQ(client.Call(kRegister, request, &response).code, "RESOURCE_EXHAUSTED");
}

TEST(HostileInput, MayBeLargeUpTo100Megabytes) {
  const auto robot = StartRobot();
  ExpectLargeOnesAreTaken(WireClient(robot->address(), ""));
  EXPECT_EQ(robot->Snapshot().Calls("RegisterPayload"), 1u);
}

TEST(HostileInput, MayBeAsLargeUnderTls) {
  MockRobotOptions options;
  options.tls = true;
  const auto robot = StartRobot(options);
  ExpectLargeOnesAreTaken(WireClient(robot->address(), robot->root_certificate_pem()));
}

// Presets by the hundred thousand would cost the robot seconds, while all others wait.
TEST(HostileInput, OfTooManyPartsIsRefused) {
  const auto robot = StartRobot();
  WireClient client(robot->address(), "");
  api::RegisterPayloadRequest request = RegisterRequest();
  for (int i = 0; i < 200'000; ++i) request.mutable_payload()->add_preset_configurations();
  api::RegisterPayloadResponse response;
  ASSERT_TRUE(client.Call(kRegister, request, &response).ok());
  EXPECT_EQ(response.header().error().code(), api::CommonError::CODE_INVALID_REQUEST);
  EXPECT_THAT(response.header().error().message(), HasSubstr("preset_configurations"));
  request = RegisterRequest(std::string(1 << 20, 'g'));
  ASSERT_TRUE(client.Call(kRegister, request, &response).ok());
  EXPECT_THAT(response.header().error().message(), HasSubstr("payload.GUID"));
  request = RegisterRequest();
  request.mutable_payload()->set_description(std::string(60 << 20, 'd'));
  ASSERT_TRUE(client.Call(kRegister, request, &response).ok());
  EXPECT_THAT(response.header().error().message(), HasSubstr("payload is larger than"));
  EXPECT_TRUE(robot->Payloads().empty());
  ASSERT_TRUE(Register(client).ok());
}

TEST(HostileInput, OfNumbersThatAreNoneIsTaken) {
  const auto robot = StartRobot();
  WireClient client(robot->address(), "");
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  api::RegisterPayloadRequest request = RegisterRequest();
  auto& payload = *request.mutable_payload();
  payload.set_liveness_timeout_secs(nan);
  payload.mutable_mount_tform_payload()->mutable_position()->set_x(infinity);
  payload.mutable_mount_tform_payload()->mutable_rotation()->set_w(nan);
  auto& mass = *payload.mutable_mass_volume_properties();
  mass.set_total_mass(static_cast<float>(nan));
  mass.mutable_moi_tensor()->set_xx(static_cast<float>(-infinity));
  mass.add_bounding_box()->mutable_box()->mutable_size()->set_x(nan);
  mass.add_joint_limits()->add_hy(static_cast<float>(infinity));
  api::RegisterPayloadResponse response;
  ASSERT_TRUE(client.Call(kRegister, request, &response).ok());
  EXPECT_EQ(response.status(), api::RegisterPayloadResponse::STATUS_OK);
  EXPECT_FALSE(robot->Payloads()[0].warnings.empty());
}

TEST(RateLimits, AreOffUnlessAskedFor) {
  const auto robot = StartRobot();
  WireClient client(robot->address(), "");
  for (int i = 0; i < 30; ++i) EXPECT_TRUE(Register(client).ok());
}

TEST(RateLimits, AnswerTooManyCallsWith429) {
  ManualClock clock;
  MockRobotOptions options = PlainOptions();
  options.rate_limits = true;
  options.clock = &clock;
  const auto robot = StartRobot(options);
  WireClient client(robot->address(), "");
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(Register(client).ok());
  const WireStatus refused = Register(client, "another-guid");
  EXPECT_EQ(refused.code, "UNAVAILABLE");
  EXPECT_THAT(refused.message, HasSubstr("429"));
  EXPECT_THAT(refused.details, HasSubstr("429"));
  EXPECT_EQ(robot->Payloads().size(), 1u);
  for (int i = 0; i < 5; ++i) LogIn(client, "annas-password");
  api::GetAuthTokenResponse response;
  EXPECT_EQ(client.Call(kGetAuthToken, api::GetAuthTokenRequest(), &response).code, "UNAVAILABLE");
  clock.Advance(seconds(1));
  EXPECT_TRUE(Register(client, "another-guid").ok());
}

// Each rpc alone uses up what is allowed to all four.
TEST(RateLimits, AreOfAllCallsOfPayloadRegistrationTogether) {
  const std::string attach = "bosdyn.api.PayloadRegistrationService/UpdatePayloadAttached";
  for (const std::string& rpc : {kRegister, kUpdateVersion, kGetPayloadToken, attach}) {
    ManualClock clock;
    MockRobotOptions options = PlainOptions();
    options.rate_limits = true;
    options.clock = &clock;
    const auto robot = StartRobot(options);
    WireClient client(robot->address(), "");
    std::string answer;
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(client.CallBytes(rpc, "", &answer).ok()) << rpc;
    for (const std::string& other : {kRegister, kUpdateVersion, kGetPayloadToken, attach}) {
      EXPECT_EQ(client.CallBytes(other, "", &answer).code, "UNAVAILABLE") << rpc << other;
    }
  }
}

TEST(RateLimits, AreOfNoOtherService) {
  ManualClock clock;
  MockRobotOptions options = PlainOptions();
  options.rate_limits = true;
  options.clock = &clock;
  const auto robot = StartRobot(options);
  WireClient client(robot->address(), "");
  const std::string token = UserToken(client);
  std::string answer;
  for (int i = 0; i < 30; ++i) {
    EXPECT_TRUE(client.CallBytes(kGetRobotId, "", &answer).ok());
    EXPECT_TRUE(ListPayloads(client, WithToken(token)).ok());
  }
}

}  // namespace
}  // namespace mock_robot::testing
