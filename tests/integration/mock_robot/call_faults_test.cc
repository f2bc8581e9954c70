// Every kind of fault that hits calls, as a real client suffers it.
#include "tests/integration/mock_robot/fault_fixture.h"

namespace mock_robot::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class CallFault : public OnDemand {};

TEST_F(CallFault, AStatusOfGrpcStandsInForTheAnswer) {
  const FaultId id = Inject({.calls = {.rpc = "RegisterPayload"},
                             .times = 1,
                             .what = fault::GrpcStatus{14, "out of order", "more of it"}});
  const WireStatus status = Register(client_);
  EXPECT_EQ(status.code, "UNAVAILABLE");
  EXPECT_EQ(status.message, "out of order");
  EXPECT_EQ(status.details, "more of it");
  EXPECT_FALSE(IsRegistered());
  EXPECT_EQ(robot_->Snapshot().Calls("RegisterPayload"), 1u);
  EXPECT_EQ(Info(id).fired, 1u);
  EXPECT_TRUE(Info(id).spent);
  EXPECT_TRUE(Register(client_).ok());
}

TEST_F(CallFault, AStatusAfterTheEffectLosesTheAnswerOnly) {
  Inject({.times = 1, .effect = Effect::kTaken, .what = fault::GrpcStatus{.code = 13}});
  EXPECT_EQ(Register(client_).code, "INTERNAL");
  EXPECT_TRUE(IsRegistered());
}

TEST_F(CallFault, TooManyRequestsLooksLikeARobotsRateLimit) {
  Inject({.times = 1, .what = fault::TooManyRequests()});
  const WireStatus status = Register(client_);
  EXPECT_EQ(status.code, "UNAVAILABLE");
  EXPECT_THAT(status.message, ::testing::HasSubstr("429"));
  EXPECT_THAT(status.details, ::testing::HasSubstr("429"));
  EXPECT_FALSE(IsRegistered());
}

TEST_F(CallFault, AHeaderErrorComesInACompleteHeaderWithoutAStatus) {
  Inject({.times = 1, .what = fault::HeaderError{2, "the disk is full"}});
  const auto response = Registered();
  EXPECT_EQ(response.header().error().code(), api::CommonError::CODE_INTERNAL_SERVER_ERROR);
  EXPECT_EQ(response.header().error().message(), "the disk is full");
  EXPECT_EQ(response.header().request_header().client_name(), "test");
  EXPECT_TRUE(response.header().has_request_received_timestamp());
  EXPECT_TRUE(response.header().has_response_timestamp());
  EXPECT_EQ(response.status(), api::RegisterPayloadResponse::STATUS_UNKNOWN);
  EXPECT_FALSE(IsRegistered());
}

TEST_F(CallFault, AnUnsetHeaderIsNotThere) {
  Inject({.times = 1, .what = fault::UnsetHeader()});
  const auto response = Registered();
  EXPECT_FALSE(response.has_header());
  EXPECT_EQ(response.status(), api::RegisterPayloadResponse::STATUS_OK);
  EXPECT_TRUE(IsRegistered());
}

TEST_F(CallFault, AnUnsetStatusIsNotThere) {
  Inject({.times = 1, .what = fault::UnsetStatus()});
  const auto response = Registered();
  EXPECT_EQ(response.header().error().code(), api::CommonError::CODE_OK);
  EXPECT_EQ(response.status(), 0);
  EXPECT_TRUE(IsRegistered());
}

TEST_F(CallFault, AnotherStatusMayBeANameOrAnyNumber) {
  Inject({.times = 1, .what = fault::Status{"STATUS_ALREADY_EXISTS"}});
  EXPECT_EQ(Registered().status(), api::RegisterPayloadResponse::STATUS_ALREADY_EXISTS);
  EXPECT_FALSE(IsRegistered());
  Inject({.times = 1, .effect = Effect::kTaken, .what = fault::Status{"4711"}});
  const auto response = Registered();
  EXPECT_EQ(static_cast<int>(response.status()), 4711);
  EXPECT_EQ(response.header().error().code(), api::CommonError::CODE_OK);
  EXPECT_TRUE(IsRegistered());
}

TEST_F(CallFault, AnotherStatusTakesTheTokenAwayToo) {
  ASSERT_TRUE(Register(client_).ok());
  ASSERT_TRUE(robot_->Authorize(kGuid).ok());
  Inject({.calls = {.rpc = "GetPayloadAuthToken"},
          .effect = Effect::kTaken,
          .what = fault::Status{"STATUS_PAYLOAD_NOT_AUTHORIZED"}});
  const auto response = PayloadToken(client_);
  EXPECT_EQ(response.status(), api::GetPayloadAuthTokenResponse::STATUS_PAYLOAD_NOT_AUTHORIZED);
  EXPECT_EQ(response.token(), "");
}

TEST_F(CallFault, AResetAfterTheEffectLeavesTheCallerInTheDark) {
  WireClient bystander(robot_->address(), "");
  ASSERT_TRUE(Register(bystander, "another").ok());
  Inject({.calls = {.guid = kGuid}, .times = 1, .what = fault::Reset()});
  EXPECT_EQ(Register(client_).code, "UNAVAILABLE");
  EXPECT_NE(robot_->Snapshot().Find(kGuid), nullptr);
  // Only the connection that the call came on was cut.
  ASSERT_TRUE(robot_->WaitUntil([](const RobotSnapshot& s) { return s.connections == 1; }));
  EXPECT_TRUE(Register(bystander, "another").ok());
  EXPECT_TRUE(RegisterPatiently().ok());
}

TEST_F(CallFault, AResetBeforeTheEffectLosesTheCall) {
  Inject({.times = 1, .effect = Effect::kNone, .what = fault::Reset()});
  EXPECT_EQ(Register(client_).code, "UNAVAILABLE");
  EXPECT_FALSE(IsRegistered());
  EXPECT_TRUE(RegisterPatiently().ok());
}

TEST(CallFaultUnderTls, AResetCutsTheCallsConnectionToo) {
  const auto robot = StartRobot(MockRobotOptions());
  WireClient client(robot->address(), robot->root_certificate_pem());
  WireClient bystander(robot->address(), robot->root_certificate_pem());
  ASSERT_TRUE(Register(bystander, "another").ok());
  ASSERT_TRUE(robot->Inject({.calls = {.guid = kGuid}, .times = 1, .what = fault::Reset()}).ok());
  EXPECT_EQ(Register(client).code, "UNAVAILABLE");
  ASSERT_TRUE(robot->WaitUntil([](const RobotSnapshot& s) { return s.connections == 1; }));
  EXPECT_TRUE(Register(bystander, "another").ok());
}

TEST(CallFaultOverIpv6, AResetFindsItsConnection) {
  MockRobotOptions options = PlainOptions();
  options.listen = "[::1]:0";
  auto robot = MockRobot::Start(options);
  if (!robot) GTEST_SKIP() << "no IPv6 here: " << robot.error().message;
  WireClient client((*robot)->address(), "");
  ASSERT_TRUE((*robot)->Inject({.times = 1, .what = fault::Reset()}).ok());
  EXPECT_EQ(Register(client).code, "UNAVAILABLE");
}

TEST_F(CallFault, LatencyBeforeTheEffectDelaysItAll) {
  Inject({.times = 1, .what = fault::Latency{.at_least = seconds(10)}});
  CallUnderWay call(client_);
  ASSERT_TRUE(robot_->WaitUntil([&](const RobotSnapshot&) {
    return robot_->CountJournal({.rpc = "RegisterPayload"}).waiting == 1;
  }));
  EXPECT_FALSE(IsRegistered());
  robot_->Stop();  // nothing waits any longer
  EXPECT_TRUE(call.Join().ok());
  EXPECT_TRUE(IsRegistered());
}

TEST_F(CallFault, LatencyAddsUpAndIsInTheJournal) {
  Inject({.times = 1, .what = fault::Latency{.at_least = milliseconds(30)}});
  Inject({.times = 1,
          .effect = Effect::kTaken,
          .what = fault::Latency{.at_least = milliseconds(20), .at_most = milliseconds(40)}});
  EXPECT_TRUE(Register(client_).ok());
  const auto entries = robot_->Journal();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_GE(entries[1].took, milliseconds(50));
}

TEST_F(CallFault, AHungCallTakesEffectAndAnswersWhenReleased) {
  const FaultId id = Inject({.calls = {.client_name = "test"}, .what = fault::Hang()});
  CallUnderWay call(client_);
  ASSERT_TRUE(robot_->WaitUntil(OneIsHeld));
  EXPECT_TRUE(IsRegistered());
  EXPECT_EQ(Info(id).held, 1u);
  EXPECT_EQ(robot_->ReleaseFault(id), 1u);
  EXPECT_TRUE(call.Join().ok());
  EXPECT_EQ(Info(id).held, 0u);
  // The fault is still there.
  CallUnderWay another(client_);
  ASSERT_TRUE(robot_->WaitUntil(OneIsHeld));
  EXPECT_TRUE(robot_->RemoveFault(id));
  EXPECT_TRUE(another.Join().ok());
  EXPECT_TRUE(robot_->Faults().empty());
}

TEST_F(CallFault, AHungCallThatItsCallerGaveUpIsNotHeldAnyLonger) {
  Inject({.effect = Effect::kNone, .what = fault::Hang()});
  WireOptions options;
  options.deadline = milliseconds(50);
  EXPECT_EQ(Register(client_, kGuid, options).code, "DEADLINE_EXCEEDED");
  EXPECT_TRUE(robot_->WaitUntil([](const RobotSnapshot& s) { return s.held_answers == 0; }));
  EXPECT_FALSE(IsRegistered());
  EXPECT_TRUE(robot_->AwaitJournal({.outcome = "CANCELLED"}));
}

TEST_F(CallFault, OneRobotHangingDelaysNoOther) {
  const auto other = StartRobot();
  WireClient client_of_other(other->address(), "");
  Inject({.what = fault::Hang()});
  std::vector<std::unique_ptr<CallUnderWay>> hanging;
  for (int i = 0; i < 8; ++i) hanging.push_back(std::make_unique<CallUnderWay>(client_));
  ASSERT_TRUE(robot_->WaitUntil([](const RobotSnapshot& s) { return s.held_answers == 8; }));
  WireOptions options;
  options.deadline = seconds(5);
  EXPECT_TRUE(Register(client_of_other, kGuid, options).ok());
  robot_->RemoveFaults();
  for (auto& call : hanging) EXPECT_TRUE(call->Join().ok());
}

TEST_F(CallFault, HitsOnlyTheCallsItIsAbout) {
  Inject({.calls = {.rpc = "RegisterPayload", .guid = "GUID-B"}, .what = fault::GrpcStatus()});
  EXPECT_TRUE(Register(client_, "guid-a").ok());
  EXPECT_EQ(Register(client_, "guid-b").code, "UNAVAILABLE");
  EXPECT_TRUE(Register(client_, "guid-c").ok());
  EXPECT_EQ(robot_->RemoveFaults(), 1u);
  EXPECT_TRUE(Register(client_, "guid-b").ok());
}

TEST_F(CallFault, ThatMakesNoSenseNamesTheField) {
  const auto problem = [&](Fault fault) {
    const auto id = robot_->Inject(std::move(fault));
    return id.ok() ? "none" : id.error().message;
  };
  EXPECT_EQ(problem({.calls = {.rpc = "RegisterPayloads"}, .what = fault::Hang()}),
            "calls.rpc: no rpc is called 'RegisterPayloads'");
  EXPECT_EQ(problem({.what = fault::GrpcStatus{.code = 0}}), "code: must be from 1 to 16");
  EXPECT_TRUE(robot_->Faults().empty());
}

}  // namespace
}  // namespace mock_robot::testing
