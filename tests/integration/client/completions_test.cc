// What a completion may do and what it may be.
#include "tests/integration/client/client_fixture.h"

namespace payload_manager::testing {
namespace {

namespace api = bosdyn::api;
using ::testing::Each;
using ::testing::HasSubstr;

class Completions : public AgainstScriptedRobot {
 protected:
  Completions() {
    robot_.Answers("GetPayloadAuthToken", WithStatus<api::GetPayloadAuthTokenResponse>(3));
  }
  // How every blocking verb ends, called here and now.
  std::vector<std::string> KindsOfBlockingVerbs() {
    const CallOptions options = Soon();
    return {KindOf(connection_->RegisterPayload({}, mine_.secret, options)),
            KindOf(connection_->UpdatePayloadVersion(mine_, {}, options)),
            KindOf(connection_->GetPayloadAuthToken(mine_, options)),
            KindOf(connection_->UpdatePayloadAttached(mine_, Attachment::kAttach, options)),
            KindOf(connection_->ListPayloads(Secret(), options)),
            KindOf(connection_->RefreshToken(Secret(), options)),
            KindOf(connection_->Authenticate("user", Secret("password"), options))};
  }
  // Makes every asynchronous call with nobody who wants to know its outcome.
  void CallAllUnheard(const CallOptions& options) {
    connection_->RegisterPayloadAsync({}, mine_.secret, options, nullptr);
    connection_->UpdatePayloadVersionAsync(mine_, {}, options, nullptr);
    connection_->GetPayloadAuthTokenAsync(mine_, options, nullptr);
    connection_->UpdatePayloadAttachedAsync(mine_, Attachment::kAttach, options, nullptr);
    connection_->ListPayloadsAsync(Secret(), options, nullptr);
    connection_->RefreshTokenAsync(Secret(), options, nullptr);
    connection_->AuthenticateAsync("user", Secret("password"), options, nullptr);
  }
  static CallOptions ThatCannotBeSent() {
    CallOptions options;
    options.metadata = {{"Upper-Case", "x"}};
    return options;
  }
};

TEST_F(Completions, NeedNothingOfWhatTheVerbWasGivenByReference) {
  robot_.Answers("RegisterPayload", WithStatus<api::RegisterPayloadResponse>(1));
  auto payload = std::make_unique<api::Payload>();
  payload->set_guid("guid-of-mine");
  payload->add_preset_configurations()->set_preset_name("a name too long to be kept in place");
  const std::string bytes = payload->SerializeAsString();
  auto options = std::make_unique<CallOptions>(Soon());
  auto secret = std::make_unique<Secret>("secret-of-mine");
  Awaited<Done> outcome;
  connection_->RegisterPayloadAsync(*payload, *secret, *options, outcome.completion());
  payload->set_guid("somebody else's");
  payload.reset();
  options.reset();
  secret.reset();
  ASSERT_EQ(KindOf(outcome.Get()), "ok");
  api::RegisterPayloadRequest request;
  ASSERT_TRUE(request.ParseFromString(robot_.Seen().front().request));
  EXPECT_EQ(request.payload().SerializeAsString(), bytes);
  EXPECT_EQ(request.payload_secret(), "secret-of-mine");
}

TEST_F(Completions, MayNotCallABlockingVerb) {
  std::promise<std::vector<std::string>> promise;
  connection_->GetPayloadAuthTokenAsync(
      mine_, Soon(), [&](const Outcome<Secret>&) { promise.set_value(KindsOfBlockingVerbs()); });
  auto kinds = promise.get_future();
  ASSERT_EQ(kinds.wait_for(std::chrono::seconds(60)), std::future_status::ready);
  EXPECT_THAT(kinds.get(), Each(Name(FailureKind::kInvalidArgument)));
  EXPECT_EQ(robot_.Seen().size(), 1U) << "nothing more was sent";
}

TEST_F(Completions, ThatRunWithinTheVerbMayNotCallABlockingOneEither) {
  std::vector<std::string> kinds;
  connection_->GetPayloadAuthTokenAsync(
      mine_, ThatCannotBeSent(), [&](const Outcome<Secret>&) { kinds = KindsOfBlockingVerbs(); });
  EXPECT_EQ(kinds.size(), 7U);
  EXPECT_THAT(kinds, Each(Name(FailureKind::kInvalidArgument)));
  kinds.clear();
  connection_->RefreshTokenAsync(Secret("does not travel"), Soon(),
                                 [&](const Outcome<Secret>&) { kinds = KindsOfBlockingVerbs(); });
  EXPECT_EQ(kinds.size(), 7U);
  EXPECT_THAT(kinds, Each(Name(FailureKind::kInvalidArgument)));
  EXPECT_TRUE(robot_.Seen().empty());
  EXPECT_EQ(KindOf(connection_->GetPayloadAuthToken(mine_, Soon())),
            Name(FailureKind::kPayloadNotAuthorized))
      << "the thread may wait again";
}

TEST_F(Completions, MayBeEmptyAndTheCallIsStillMade) {
  robot_.Answers("ListPayloads", GoodHeader<api::ListPayloadsResponse>());
  CallAllUnheard(Soon());
  for (const auto* method : {"RegisterPayload", "UpdatePayloadVersion", "GetPayloadAuthToken",
                             "UpdatePayloadAttached", "ListPayloads"}) {
    EXPECT_TRUE(robot_.WaitForCall(method)) << method;
  }
  EXPECT_TRUE(robot_.WaitForCall("GetAuthToken", 2));
  connection_.reset();  // when every call has ended
}

TEST_F(Completions, MayBeEmptyWhereNothingCanBeSent) {
  CallAllUnheard(ThatCannotBeSent());
  connection_->RefreshTokenAsync(Secret("does not travel"), Soon(), nullptr);
  connection_->ListPayloadsAsync(Secret("does not travel"), Soon(), nullptr);
  connection_.reset();
  EXPECT_TRUE(robot_.Seen().empty());
}

TEST_F(Completions, AreToldWhyABlockingVerbWasRefused) {
  Outcome<Secret> refused = Secret();
  connection_->GetPayloadAuthTokenAsync(mine_, ThatCannotBeSent(), [&](const Outcome<Secret>&) {
    refused = connection_->GetPayloadAuthToken(mine_, Soon());
  });
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("in a completion"));
  EXPECT_THAT(refused.error().message, HasSubstr("GetPayloadAuthToken"));
}

}  // namespace
}  // namespace payload_manager::testing
