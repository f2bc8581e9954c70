// Calls that never reach a rule of the robot's, and what of all calls is told when texts are kept.
#include "tests/integration/mock_robot/fault_fixture.h"

namespace mock_robot::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class EveryCall : public OnDemand {
 protected:
  using OnDemand::OnDemand;

  WireStatus Send(const std::string& rpc, const std::string& bytes) {
    std::string answer;
    return client_.CallBytes(rpc, bytes, &answer);
  }
  JournalEntry Last() const {
    const auto entries = robot_->Journal();
    return entries.empty() ? JournalEntry() : entries.back();
  }
};

TEST_F(EveryCall, OfARpcThatIsUnknownIsInTheJournal) {
  EXPECT_EQ(Send("acme.Unheard/Of", "whatever").code, "UNIMPLEMENTED");
  EXPECT_EQ(Send("bosdyn.api.PayloadRegistrationService/NoSuchCall", "").code, "UNIMPLEMENTED");
  const auto entries = robot_->Journal();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].rpc, "/acme.Unheard/Of");
  EXPECT_EQ(entries[0].outcome, "UNIMPLEMENTED");
  EXPECT_EQ(entries[0].call_status, 12);
  EXPECT_EQ(entries[0].client_name, "");
  EXPECT_THAT(entries[0].peer, StartsWith("127.0.0.1:"));
  EXPECT_TRUE(entries[0].answered);
  EXPECT_EQ(entries[1].rpc, "/bosdyn.api.PayloadRegistrationService/NoSuchCall");
  EXPECT_EQ(robot_->CountJournal({.rpc = "/acme.Unheard/Of"}).answered, 1u);
  EXPECT_TRUE(robot_->AwaitJournal({.rpc = "/acme.Unheard/Of", .outcome = "UNIMPLEMENTED"}));
}

TEST_F(EveryCall, OfARpcWithAWildNameIsInTheJournalInPrint) {
  EXPECT_EQ(Send("acme.Wild/\xc3\xa4" + std::string(300, 'x'), "").code, "UNIMPLEMENTED");
  EXPECT_EQ(Last().rpc, "/acme.Wild/??" + std::string(87, 'x'));
}

// What somebody debugging a client looks for: gRPC's own answer would say that there is no such
// rpc.
TEST_F(EveryCall, WithoutAMessageOfTheRpcSaysSoAndIsInTheJournal) {
  std::string nested;
  for (int i = 0; i < 200; ++i) nested += "\x0b";  // groups within groups
  const std::string no_utf8("\x12\x04\x0a\x02\xc3\x28");
  for (const std::string& bytes : {std::string("\xff\xff\xff\xff"), nested, no_utf8}) {
    const WireStatus status = Send(kRegister, bytes);
    EXPECT_EQ(status.code, "INTERNAL");
    EXPECT_THAT(status.message,
                AllOf(StartsWith("RegisterPayload: " + std::to_string(bytes.size()) + " bytes"),
                      HasSubstr("bosdyn.api.RegisterPayloadRequest")));
    EXPECT_EQ(Last().rpc, "RegisterPayload");
    EXPECT_EQ(Last().outcome, "INTERNAL");
    EXPECT_EQ(Last().client_name, "");
    EXPECT_EQ(Last().request_text, "");
  }
  EXPECT_EQ(robot_->CountJournal({.rpc = "RegisterPayload", .outcome = "INTERNAL"}).answered, 3u);
  EXPECT_TRUE(robot_->Payloads().empty());
}

TEST_F(EveryCall, WithARequestThatIsTooLargeIsInTheJournal) {
  const WireStatus status = Send(kRegister, std::string(101 << 20, '\xff'));
  EXPECT_EQ(status.code, "RESOURCE_EXHAUSTED");
  EXPECT_THAT(status.message, HasSubstr("larger than max"));
  EXPECT_EQ(Last().rpc, "RegisterPayload");
  EXPECT_EQ(Last().outcome, "RESOURCE_EXHAUSTED");
}

TEST_F(EveryCall, HasNoTextsUnlessAskedFor) {
  Register(client_);
  EXPECT_EQ(Last().request_text, "");
  EXPECT_EQ(Last().answer_text, "");
}

class EveryText : public EveryCall {
 protected:
  EveryText() : EveryCall(Options()) {}
  static MockRobotOptions Options() {
    MockRobotOptions options = PlainOptions();
    options.journal_texts = true;
    return options;
  }
};

TEST_F(EveryText, SaysWhatWasAskedAndAnswered) {
  Register(client_);
  EXPECT_THAT(Last().request_text,
              AllOf(HasSubstr("client_name: \"test\""), HasSubstr("name: \"payload\""),
                    HasSubstr("payload_secret: \"***\"")));
  EXPECT_THAT(Last().answer_text,
              AllOf(HasSubstr("code: CODE_OK"), HasSubstr("status: STATUS_OK")));
  ListPayloads(client_, {});
  EXPECT_EQ(Last().answer_text, "no valid token came with the call");
  Send(kRegister, "\xff\xff");
  EXPECT_EQ(Last().request_text, "2 bytes");
  EXPECT_THAT(Last().answer_text, HasSubstr("no bosdyn.api.RegisterPayloadRequest"));
}

TEST_F(EveryText, OfACallThatWaitsIsThereWhileItDoes) {
  robot_->HoldAnswers();
  CallUnderWay call(client_);
  ASSERT_TRUE(robot_->WaitUntil(OneIsHeld));
  EXPECT_THAT(Last().request_text, HasSubstr("name: \"payload\""));
  EXPECT_EQ(Last().answer_text, "");
  robot_->ReleaseAnswers();
  EXPECT_TRUE(call.Join().ok());
  EXPECT_THAT(Last().answer_text, HasSubstr("STATUS_OK"));
}

TEST_F(EveryText, IsShortHoweverLargeTheMessage) {
  api::RegisterPayloadRequest request = RegisterRequest();
  for (int i = 0; i < 300; ++i) request.mutable_payload()->add_label_prefix("a-label");
  api::RegisterPayloadResponse response;
  ASSERT_TRUE(client_.Call(kRegister, request, &response).ok());
  EXPECT_EQ(Last().request_text.size(), 2048u);
  EXPECT_THAT(Last().request_text, ::testing::EndsWith("..."));
}

// Everything that carries a secret, a password or a token, wherever that may stand.
TEST_F(EveryText, OfAFullStoryHoldsNoSecret) {
  const std::string of_user = UserToken(client_);
  ASSERT_TRUE(Register(client_).ok());
  PayloadToken(client_);
  ASSERT_TRUE(robot_->Authorize(kGuid).ok());
  const std::string of_payload = PayloadToken(client_).token();
  LogIn(client_, "wrong-password");
  api::GetAuthTokenRequest refresh;
  refresh.set_token(of_payload);
  api::GetAuthTokenResponse refreshed;
  ASSERT_TRUE(client_.Call(kGetAuthToken, refresh, &refreshed).ok());
  api::UpdatePayloadVersionRequest update;
  update.mutable_payload_credentials()->set_guid(kGuid);
  update.mutable_payload_credentials()->set_secret(kSecret);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  update.set_payload_guid(kGuid);
  update.set_payload_secret("the-old-form-of-a-secret");
#pragma GCC diagnostic pop
  api::UpdatePayloadVersionResponse updated;
  ASSERT_TRUE(client_.Call(kUpdateVersion, update, &updated).ok());
  ListPayloads(client_, WithToken(of_payload));
  // Answers by script may say what the robot never does.
  api::GetAuthTokenResponse scripted;
  scripted.set_token("a-token-by-script");
  scripted.mutable_header()->mutable_request()->PackFrom(refresh);
  Inject({.calls = {.rpc = "GetAuthToken"},
          .times = 1,
          .what = fault::Answer{std::make_shared<api::GetAuthTokenResponse>(scripted)}});
  LogIn(client_, "annas-password");
  std::string everything;
  for (const JournalEntry& e : robot_->Journal()) {
    EXPECT_EQ(e.request_text.empty(), e.rpc == "ListPayloads") << e.rpc;  // which says nothing
    everything += e.request_text + '\n' + e.answer_text + '\n';
  }
  EXPECT_THAT(everything, AllOf(HasSubstr("username: \"anna\""), HasSubstr("token: \"***\"")));
  for (const std::string& secret :
       {kSecret, of_user, of_payload, refreshed.token(), std::string("annas-password"),
        std::string("wrong-password"), std::string("the-old-form"),
        std::string("a-token-by-script")}) {
    ASSERT_FALSE(secret.empty());
    EXPECT_THAT(everything, Not(HasSubstr(secret)));
  }
}

}  // namespace
}  // namespace mock_robot::testing
