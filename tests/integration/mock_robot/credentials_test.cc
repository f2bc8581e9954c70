// What payloads prove themselves with, in the two forms of the wire.
#include "tests/integration/mock_robot/robot_under_test.h"

namespace mock_robot::testing {
namespace {

// One rpc that takes credentials in either form; true if they were good.
class EitherForm : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Register(client_).ok());
    ASSERT_TRUE(robot_->Authorize(kGuid).ok());
  }
  struct Pair {
    std::string guid;
    std::string secret;
  };
  bool IsGood(const std::optional<Pair>& current, const Pair& old) {
    if (GetParam() == "GetPayloadAuthToken") {
      return Ask<api::GetPayloadAuthTokenRequest, api::GetPayloadAuthTokenResponse>(
                 kGetPayloadToken, current, old)
                 .status() == api::GetPayloadAuthTokenResponse::STATUS_OK;
    }
    return Ask<api::UpdatePayloadVersionRequest, api::UpdatePayloadVersionResponse>(kUpdateVersion,
                                                                                    current, old)
               .status() == api::UpdatePayloadVersionResponse::STATUS_OK;
  }

 private:
  template <typename Request, typename Response>
  Response Ask(const std::string& rpc, const std::optional<Pair>& current, const Pair& old) {
    Request request;
    const auto* type = Request::descriptor();
    // By name: the old fields are marked as deprecated.
    const auto set_old = [&](const char* field, const std::string& value) {
      request.GetReflection()->SetString(&request, type->FindFieldByName(field), value);
    };
    set_old("payload_guid", old.guid);
    set_old("payload_secret", old.secret);
    if (current) {
      request.mutable_payload_credentials()->set_guid(current->guid);
      request.mutable_payload_credentials()->set_secret(current->secret);
    }
    Response response;
    EXPECT_TRUE(client_.Call(rpc, request, &response).ok());
    return response;
  }

  std::unique_ptr<MockRobot> robot_ = StartRobot();
  WireClient client_{robot_->address(), ""};
};

TEST_P(EitherForm, OfCredentialsWillDoAndTheNewOneWins) {
  const Pair right{kGuid, kSecret};
  const Pair wrong{kGuid, "wrong"};
  EXPECT_TRUE(IsGood(std::nullopt, right));
  EXPECT_FALSE(IsGood(std::nullopt, wrong));
  EXPECT_TRUE(IsGood(right, {}));
  EXPECT_TRUE(IsGood(right, wrong));
  EXPECT_FALSE(IsGood(wrong, right));
}

TEST_P(EitherForm, CountsAsAbsentWithoutAGuid) {
  EXPECT_TRUE(IsGood(Pair{"", "whatever"}, {kGuid, kSecret}));
  EXPECT_FALSE(IsGood(Pair{"", kSecret}, {kGuid, "wrong"}));
}

INSTANTIATE_TEST_SUITE_P(Rpcs, EitherForm,
                         ::testing::Values("GetPayloadAuthToken", "UpdatePayloadVersion"),
                         [](const auto& rpc) { return rpc.param; });

TEST(Version, ThatIsAbsentIsStoredAsZero) {
  const auto robot = StartRobot();
  WireClient client(robot->address(), "");
  api::RegisterPayloadRequest registration = RegisterRequest();
  registration.mutable_payload()->mutable_version()->set_major_version(3);
  api::RegisterPayloadResponse registered;
  ASSERT_TRUE(client.Call(kRegister, registration, &registered).ok());
  api::UpdatePayloadVersionRequest update;
  update.mutable_payload_credentials()->set_guid(kGuid);
  update.mutable_payload_credentials()->set_secret(kSecret);
  api::UpdatePayloadVersionResponse updated;
  ASSERT_TRUE(client.Call(kUpdateVersion, update, &updated).ok());
  EXPECT_EQ(updated.status(), api::UpdatePayloadVersionResponse::STATUS_OK);
  const api::Payload payload = robot->Payloads()[0].payload;
  EXPECT_TRUE(payload.has_version());
  EXPECT_EQ(payload.version().major_version(), 0);
}

}  // namespace
}  // namespace mock_robot::testing
