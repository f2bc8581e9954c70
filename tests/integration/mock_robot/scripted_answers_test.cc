// Answers that a test has written.
#include "tests/integration/mock_robot/fault_fixture.h"

namespace mock_robot::testing {
namespace {

class ScriptedAnswer : public OnDemand {
 protected:
  static Fault Answering(int status) {
    auto answer = std::make_shared<api::UpdatePayloadVersionResponse>();
    answer->set_status(static_cast<api::UpdatePayloadVersionResponse::Status>(status));
    return {.calls = {.rpc = "UpdatePayloadVersion"}, .times = 1, .what = fault::Answer{answer}};
  }
  api::UpdatePayloadVersionResponse Update() {
    api::UpdatePayloadVersionRequest request;
    request.mutable_header()->set_client_name("test");
    request.mutable_payload_credentials()->set_guid(kGuid);
    request.mutable_payload_credentials()->set_secret(kSecret);
    request.mutable_updated_version()->set_major_version(7);
    api::UpdatePayloadVersionResponse response;
    const WireStatus status = client_.Call(kUpdateVersion, request, &response);
    EXPECT_TRUE(status.ok()) << status.message;
    return response;
  }
  int Version() const { return robot_->Snapshot().Find(kGuid)->payload.version().major_version(); }
};

TEST_F(ScriptedAnswer, StandsInForTheNextAnswerInTheOrderWritten) {
  ASSERT_TRUE(Register(client_).ok());
  Inject(Answering(3));
  Inject(Answering(42));
  EXPECT_EQ(static_cast<int>(Update().status()), 3);
  EXPECT_EQ(static_cast<int>(Update().status()), 42);
  EXPECT_EQ(Version(), 0);
  EXPECT_EQ(Update().status(), api::UpdatePayloadVersionResponse::STATUS_OK);
  EXPECT_EQ(Version(), 7);
}

TEST_F(ScriptedAnswer, MayComeAfterTheEffect) {
  ASSERT_TRUE(Register(client_).ok());
  Fault fault = Answering(2);
  fault.effect = Effect::kTaken;
  Inject(fault);
  EXPECT_EQ(static_cast<int>(Update().status()), 2);
  EXPECT_EQ(Version(), 7);
}

TEST_F(ScriptedAnswer, IsGivenAHeaderUnlessItHasOne) {
  Inject(Answering(2));
  const auto given = Update();
  EXPECT_EQ(given.header().error().code(), api::CommonError::CODE_OK);
  EXPECT_EQ(given.header().request_header().client_name(), "test");
  EXPECT_TRUE(given.header().has_response_timestamp());

  auto answer = std::make_shared<api::UpdatePayloadVersionResponse>();
  answer->mutable_header()->mutable_error()->set_message("mine");
  Inject({.calls = {.rpc = "UpdatePayloadVersion"}, .what = fault::Answer{answer}});
  EXPECT_EQ(Update().DebugString(), answer->DebugString());
}

TEST_F(ScriptedAnswer, MayBeGivenAsText) {
  const CallMatch updates{.rpc = "UpdatePayloadVersion"};
  Inject({.calls = updates, .times = 1, .what = fault::Answer{.text = "status: 3"}});
  Inject({.calls = updates, .times = 1, .what = fault::Answer{.text = ""}});
  EXPECT_EQ(static_cast<int>(Update().status()), 3);
  EXPECT_EQ(static_cast<int>(Update().status()), 0);
  Fault both = Answering(3);
  std::get<fault::Answer>(both.what).text = "status: 3";
  for (const Fault& wrong :
       {both, Fault{.calls = updates, .what = fault::Answer{.text = "status: NO_SUCH"}},
        Fault{.calls = updates, .what = fault::Answer()},
        Fault{.what = fault::Answer{.text = "status: 3"}}}) {
    const auto id = robot_->Inject(wrong);
    ASSERT_FALSE(id.ok());
    EXPECT_THAT(id.error().message,
                ::testing::ContainsRegex("^(answer.text|response|calls.rpc): "));
  }
}

TEST_F(ScriptedAnswer, IsHeldAndReleasedByTheTest) {
  ASSERT_TRUE(Register(client_).ok());
  Inject(Answering(3));
  robot_->HoldAnswers({.rpc = "UpdatePayloadVersion"});
  api::UpdatePayloadVersionResponse answer;
  CallUnderWay call([&] {
    answer = Update();
    return WireStatus{"OK", {}, {}};
  });
  ASSERT_TRUE(robot_->WaitUntil(OneIsHeld));
  // Other rpcs are answered.
  EXPECT_TRUE(Register(client_).ok());
  robot_->ReleaseAnswers();
  call.Join();
  EXPECT_EQ(static_cast<int>(answer.status()), 3);
}

TEST_F(ScriptedAnswer, OfAnotherTypeIsAProblem) {
  Fault fault = Answering(3);
  fault.calls.rpc = "RegisterPayload";
  EXPECT_EQ(robot_->Inject(fault).error().message,
            "response: must be a bosdyn.api.RegisterPayloadResponse, which is what "
            "RegisterPayload answers");
  fault.calls.rpc.clear();
  EXPECT_EQ(robot_->Inject(fault).error().message, "calls.rpc: must be set for a scripted answer");
}

}  // namespace
}  // namespace mock_robot::testing
