// When a robot with a store answers, and what it does when the disk fails.
#include "tests/unit/mock_robot_store/robot_keeping_fixture.h"

namespace mock_robot::testing {
namespace {

TEST_F(RobotKeeping, AnswersARegistrationWhenItIsOnTheDisk) {
  disk_->Stall();
  auto first = Register("a");
  disk_->WaitForAWrite();
  EXPECT_TRUE(first->waits());
  disk_->GoOn();
  EXPECT_TRUE(first->kept.get());
  EXPECT_EQ(first->response.status(), api::RegisterPayloadResponse::STATUS_OK);
  EXPECT_EQ(disk_->payloads().count("a"), 1u);
}

TEST_F(RobotKeeping, AnswersAHeartbeatAtOnceAlsoWhileTheDiskStallsForOthers) {
  EXPECT_TRUE(Register("a")->kept.get());
  disk_->Stall();
  auto other = Register("b");
  disk_->WaitForAWrite();
  EXPECT_TRUE(Register("A")->kept.get());
  EXPECT_TRUE(AskForId()->kept.get());
  EXPECT_TRUE(AskForToken("a")->kept.get());
  EXPECT_TRUE(other->waits());
  disk_->GoOn();
  EXPECT_TRUE(other->kept.get());
  EXPECT_THAT(disk_->commits(), ::testing::ElementsAre(1, 1));
}

TEST_F(RobotKeeping, KeepsBackAnAnswerThatOnlyReadsWhatIsNotOnTheDisk) {
  EXPECT_TRUE(Register("a")->kept.get());
  robot_->Await(robot_->Authorize("a", {}));
  const std::string token = Token("a");
  disk_->Stall();
  auto first = Register("b");
  disk_->WaitForAWrite();
  auto again = Register("B");
  auto refused = AskForToken("b");
  auto listed = List(token);
  EXPECT_EQ(again->response.status(), api::RegisterPayloadResponse::STATUS_ALREADY_EXISTS);
  EXPECT_EQ(listed->response.payloads_size(), 2);
  EXPECT_TRUE(again->waits());
  EXPECT_TRUE(refused->waits());
  EXPECT_TRUE(listed->waits());
  disk_->GoOn();
  EXPECT_TRUE(again->kept.get());
  EXPECT_TRUE(refused->kept.get());
  EXPECT_TRUE(listed->kept.get());
  EXPECT_TRUE(first->kept.get());
}

TEST_F(RobotKeeping, KeepsBackATokenOfAnAuthorizationThatIsNotOnTheDisk) {
  EXPECT_TRUE(Register("a")->kept.get());
  disk_->Stall();
  const AdminOutcome authorized = robot_->Authorize("a", {});
  auto token = AskForToken("a");
  EXPECT_EQ(token->response.status(), api::GetPayloadAuthTokenResponse::STATUS_OK);
  EXPECT_TRUE(token->waits());
  disk_->GoOn();
  EXPECT_TRUE(token->kept.get());
  EXPECT_TRUE(robot_->Await(authorized).ok());
}

TEST_F(RobotKeeping, KeepsBackThatAPayloadIsUnknownUntilItsForgettingIsOnTheDisk) {
  EXPECT_TRUE(Register("a")->kept.get());
  disk_->Stall();
  robot_->Forget("a");
  auto token = AskForToken("a");
  EXPECT_TRUE(token->waits());
  disk_->GoOn();
  EXPECT_TRUE(token->kept.get());
  EXPECT_EQ(token->response.status(), api::GetPayloadAuthTokenResponse::STATUS_INVALID_CREDENTIALS);
}

TEST_F(RobotKeeping, KeepsBackWhatItReadsOfEitherOfTwoPayloadsThatARequestNames) {
  EXPECT_TRUE(Register("a")->kept.get());
  disk_->Stall();
  auto other = Register("b");
  api::GetPayloadAuthTokenRequest request;
  request.mutable_payload_credentials()->set_guid("a");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  request.set_payload_guid("A");
  auto of_one = Send<api::GetPayloadAuthTokenResponse>(request);
  EXPECT_FALSE(of_one->waits());
  request.set_payload_guid("b");
#pragma GCC diagnostic pop
  auto of_two = Send<api::GetPayloadAuthTokenResponse>(request);
  EXPECT_TRUE(of_two->waits());
  disk_->GoOn();
  EXPECT_TRUE(of_two->kept.get());
  EXPECT_TRUE(other->kept.get());
}

TEST_F(RobotKeeping, TakesBackWhatTheDiskRefusesAndGoesOn) {
  EXPECT_TRUE(Register("a")->kept.get());
  robot_->Await(robot_->Authorize("a", {}));
  disk_->Stall();
  auto second = Register("b");
  disk_->WaitForAWrite();
  auto third = Register("c");
  auto again = Register("b");
  const AdminOutcome forgotten = robot_->Forget("a");
  disk_->Fail();
  disk_->GoOn();
  EXPECT_FALSE(second->kept.get());
  EXPECT_FALSE(third->kept.get());
  EXPECT_FALSE(again->kept.get());
  const AdminAnswer answer = robot_->Await(forgotten);
  EXPECT_EQ(answer.result, AdminResult::kNotKept);
  EXPECT_THAT(answer.message, ::testing::HasSubstr("the disk is full"));
  EXPECT_EQ(Payloads(), 1u);
  EXPECT_FALSE(Token("a").empty());
  EXPECT_TRUE(Register("a")->kept.get());

  disk_->Fail(false);
  auto retried = Register("b");
  EXPECT_TRUE(retried->kept.get());
  EXPECT_EQ(retried->response.status(), api::RegisterPayloadResponse::STATUS_OK);
  EXPECT_EQ(disk_->payloads().size(), 2u);
}

TEST_F(RobotKeeping, ChangesNothingForAnAdministratorWhenTheDiskFails) {
  EXPECT_TRUE(Register("a")->kept.get());
  disk_->Fail();
  EXPECT_EQ(robot_->Await(robot_->Authorize("a", {})).result, AdminResult::kNotKept);
  EXPECT_EQ(robot_->Await(robot_->Reject("a")).result, AdminResult::kNotKept);
  EXPECT_EQ(robot_->Await(robot_->SetUser("anna", Secret("pw"))).result, AdminResult::kNotKept);
  EXPECT_FALSE(robot_->Snapshot().Find("a")->payload.is_authorized());
  api::GetAuthTokenRequest request;
  request.set_username("anna");
  request.set_password("pw");
  auto login = Send<api::GetAuthTokenResponse>(request);
  EXPECT_EQ(login->response.status(), api::GetAuthTokenResponse::STATUS_INVALID_LOGIN);
  // What changes nothing needs no disk.
  EXPECT_EQ(robot_->Await(robot_->Forget("b")).result, AdminResult::kUnknownPayload);
}

TEST_F(RobotKeeping, GoesOnAfterARestartAndTokensStayGood) {
  EXPECT_TRUE(Register("a")->kept.get());
  EXPECT_TRUE(robot_->Await(robot_->Authorize("a", {})).ok());
  const std::string token = Token("a");
  robot_.reset();
  robot_ = std::make_unique<Robot>(Options(), State());
  EXPECT_TRUE(robot_->Snapshot().Find("a")->payload.is_authorized());
  auto listed = List(token);
  EXPECT_EQ(listed->status, CallStatus::kOk);
  EXPECT_EQ(listed->response.payloads_size(), 1);
  EXPECT_EQ(Register("a")->response.status(), api::RegisterPayloadResponse::STATUS_ALREADY_EXISTS);
}

TEST_F(RobotKeeping, KeepsBackATokenWhoseKeyIsNotOnTheDiskAndGoesBackToTheOldKeyIfItFails) {
  EXPECT_TRUE(Register("a")->kept.get());
  robot_->Await(robot_->Authorize("a", {}));
  const std::string old_token = Token("a");
  disk_->Stall();
  robot_->ExpireTokens();
  auto refused = List(old_token);
  EXPECT_EQ(refused->status, CallStatus::kUnauthenticated);
  EXPECT_TRUE(refused->waits());
  auto token = AskForToken("a");
  EXPECT_TRUE(token->waits());
  disk_->Fail();
  disk_->GoOn();
  EXPECT_FALSE(token->kept.get());
  EXPECT_FALSE(refused->kept.get());
  EXPECT_EQ(List(old_token)->status, CallStatus::kOk);
  disk_->Fail(false);
  robot_->ExpireTokens();
  EXPECT_TRUE(AskForToken("a")->kept.get());
  EXPECT_EQ(List(old_token)->status, CallStatus::kUnauthenticated);
}

TEST_F(RobotKeeping, WritesAnAuthorizationThatTimeBrings) {
  MockRobotOptions options = Options();
  options.registry.auto_authorize = std::chrono::seconds(5);
  robot_.reset();
  robot_ = std::make_unique<Robot>(options, State());
  EXPECT_TRUE(Register("a")->kept.get());
  EXPECT_FALSE(disk_->payloads().at("a").authorized);
  clock_.Advance(std::chrono::seconds(5));
  auto token = AskForToken("a");
  EXPECT_TRUE(token->kept.get());
  EXPECT_EQ(token->response.status(), api::GetPayloadAuthTokenResponse::STATUS_OK);
  EXPECT_TRUE(disk_->payloads().at("a").authorized);
}

TEST_F(RobotKeeping, StretchesAPasswordOffTheCallersThreadAndOnlyOnce) {
  StartAgainWithAnna();
  const auto log_in = [&](const std::string& password) {
    api::GetAuthTokenRequest request;
    request.set_username("anna");
    request.set_password(password);
    std::promise<std::pair<std::thread::id, int>> served;
    robot_->WhenReadyFor(request, [&] {
      api::GetAuthTokenResponse response;
      robot_->Serve({}, request, response);
      served.set_value({std::this_thread::get_id(), response.status()});
    });
    return served.get_future().get();
  };
  const auto here = std::this_thread::get_id();
  auto [thread, status] = log_in("wrong");
  EXPECT_NE(thread, here);
  EXPECT_EQ(status, api::GetAuthTokenResponse::STATUS_INVALID_LOGIN);
  std::tie(thread, status) = log_in("right");
  EXPECT_NE(thread, here);
  EXPECT_EQ(status, api::GetAuthTokenResponse::STATUS_OK);
  std::tie(thread, status) = log_in("right");
  EXPECT_EQ(thread, here);
  EXPECT_EQ(status, api::GetAuthTokenResponse::STATUS_OK);
}

TEST_F(RobotKeeping, LeavesTheTokensOfALockedOutUserAloneWhoGetsTheSamePasswordAgain) {
  StartAgainWithAnna();
  api::GetAuthTokenRequest request;
  request.set_username("anna");
  request.set_password("wrong");
  const auto log_in = [&] { return Send<api::GetAuthTokenResponse>(request)->response.status(); };
  for (int i = 0; i < kFailuresUntilLockOut; ++i) log_in();
  ASSERT_EQ(log_in(), api::GetAuthTokenResponse::STATUS_TEMPORARILY_LOCKED_OUT);
  const auto commits = disk_->commits().size();
  EXPECT_TRUE(robot_->Await(robot_->SetUser("anna", Secret("right"))).ok());
  // Another password would be written, with a new epoch, which voids the tokens.
  EXPECT_EQ(disk_->commits().size(), commits);
  EXPECT_TRUE(robot_->Await(robot_->SetUser("anna", Secret("other"))).ok());
  EXPECT_EQ(disk_->commits().size(), commits + 1);
}

TEST_F(RobotKeeping, CostsNothingWithoutAStore) {
  Robot robot(Options());
  api::RegisterPayloadRequest request;
  request.mutable_payload()->set_guid("a");
  api::RegisterPayloadResponse response;
  const CallStatus status = robot.Serve({}, request, response);
  EXPECT_EQ(status.until_kept, nullptr);
  bool left = false;
  robot.WhenKept(status.until_kept, [&](bool kept) { left = kept; });
  EXPECT_TRUE(left);
}

}  // namespace
}  // namespace mock_robot::testing
