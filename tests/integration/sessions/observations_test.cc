// What a session can know of its payload: one test for each observation, over a real connection.
#include "tests/integration/sessions/sessions_on_a_mock_robot.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kGuid;
using testing::Wire;
using enum PayloadState;

class Observation : public testing::SessionsOnAMockRobot {
 protected:
  // Nothing but beats, or nothing but token checks, can find anything out.
  static SessionOptions BeatsOnly() {
    SessionOptions options = Often();
    options.token_poll = options.slowest_token_poll = options.token_check = hours(1);
    return options;
  }
  static SessionOptions TokenChecksOnly() {
    SessionOptions options = Often();
    options.interval = hours(1);
    return options;
  }
  void BecomeAuthorized(const SessionOptions& options) {
    session_ = Add(Connected(), options);
    ASSERT_TRUE(RobotKnowsThePayload());
    ASSERT_TRUE(robot_->Authorize(kGuid).ok());
    ASSERT_TRUE(heard_.Next(kAuthorized));
    ASSERT_TRUE(heard_.Next("token"));
  }
  SessionId session_{};
};

TEST_P(Observation, FirstBeatOk_Registered) {
  const SessionId lidar = Add(Connected(), BeatsOnly());
  EXPECT_TRUE(heard_.Next(kWaiting));
  EXPECT_TRUE(RobotKnowsThePayload());
  EXPECT_EQ(heard_.Count("forgotten"), 0);
  EXPECT_GE(Snapshot(lidar).attempts, 1u);
  EXPECT_EQ(Snapshot(lidar).failure, std::nullopt);
}

TEST_P(Observation, LaterBeatOk_WasForgottenAndIsRegisteredAnew) {
  const SessionId lidar = Add(Connected(), BeatsOnly());
  ASSERT_TRUE(heard_.Next(kWaiting));
  ASSERT_TRUE(robot_->Forget(kGuid).ok());
  EXPECT_TRUE(heard_.Next("forgotten"));
  EXPECT_TRUE(RobotKnowsThePayload());
  EXPECT_EQ(Snapshot(lidar).state, kWaiting);
}

TEST_P(Observation, AlreadyExistsThenNotAuthorized_RegisteredAndWaiting) {
  ASSERT_TRUE(Register("secret"));  // we, before we were started again
  Add(Connected());
  EXPECT_TRUE(heard_.Next(kWaiting));
  EXPECT_EQ(heard_.Count("forgotten"), 0);
}

TEST_P(Observation, TokenOk_Authorized) {
  ASSERT_TRUE(Register("secret"));
  ASSERT_TRUE(robot_->Authorize(kGuid).ok());
  const SessionId lidar = Add(Connected());
  EXPECT_TRUE(heard_.Next(kAuthorized));
  EXPECT_TRUE(heard_.Next("token"));
  EXPECT_TRUE(Snapshot(lidar).has_token);
}

TEST_P(Observation, TokenOk_TheTokenIsRenewedWithItself) {
  SessionOptions options = BeatsOnly();
  options.token_poll = milliseconds(20);
  options.token_renewal = milliseconds(50);
  BecomeAuthorized(options);
  EXPECT_TRUE(heard_.Next("renewed token"));
  EXPECT_TRUE(heard_.Next("renewed token"));
  EXPECT_GE(robot_->Snapshot().Calls("GetAuthToken"), 2u);
}

TEST_P(Observation, TokenOk_ARenewalThatFailsIsMadeFromTheCredentials) {
  SessionOptions options = BeatsOnly();
  options.token_poll = milliseconds(20);
  options.token_renewal = milliseconds(300);
  BecomeAuthorized(options);
  const auto before = robot_->Snapshot().Calls("GetPayloadAuthToken");
  robot_->Deauthorize(kGuid);  // the token is void, and authorizing anew does not bring it back
  ASSERT_TRUE(robot_->Authorize(kGuid).ok());
  EXPECT_TRUE(heard_.Next("renewed token"));
  EXPECT_GT(robot_->Snapshot().Calls("GetPayloadAuthToken"), before);
  EXPECT_EQ(Snapshot(session_).state, kAuthorized);
}

TEST_P(Observation, InvalidCredentialsThenAlreadyExists_CredentialsRejected) {
  ASSERT_TRUE(Register("somebody else's secret"));
  const SessionId lidar = Add(Connected());
  EXPECT_TRUE(heard_.Next(kCredentialsRejected));
  const PayloadSnapshot snapshot = Snapshot(lidar);
  ASSERT_TRUE(snapshot.failure);
  EXPECT_EQ(snapshot.failure->kind, FailureKind::kInvalidPayloadCredentials);
  EXPECT_THAT(snapshot.failure->message, HasSubstr("another secret"));
  EXPECT_FALSE(snapshot.has_token);
}

TEST_P(Observation, InvalidCredentialsThenAlreadyExists_AStolenGuidIsNoticedAndItsReturnToo) {
  BecomeAuthorized(TokenChecksOnly());
  do {
    ASSERT_TRUE(robot_->Forget(kGuid).ok());
  } while (!Register("a thief's secret"));  // until he is quicker than we
  EXPECT_TRUE(heard_.Next(kCredentialsRejected));
  ASSERT_TRUE(robot_->Forget(kGuid).ok());
  EXPECT_TRUE(heard_.Next(kWaiting));
  EXPECT_TRUE(RobotKnowsThePayload());
}

TEST_P(Observation, InvalidCredentialsThenOk_WasForgottenAndIsRegisteredAnew) {
  BecomeAuthorized(TokenChecksOnly());
  ASSERT_TRUE(robot_->Forget(kGuid).ok());
  EXPECT_TRUE(heard_.Next("forgotten"));
  EXPECT_TRUE(heard_.Next(kWaiting));
  EXPECT_TRUE(RobotKnowsThePayload());
}

TEST_P(Observation, NotAuthorizedAfterAuthorized_DeauthorizedAndWaiting) {
  BecomeAuthorized(Often());
  ASSERT_TRUE(robot_->Deauthorize(kGuid).ok());
  EXPECT_TRUE(heard_.Next("de-authorized"));
  EXPECT_TRUE(heard_.Next(kWaiting));
  EXPECT_FALSE(Snapshot(session_).has_token);
}

TEST_P(Observation, AnotherDefinitionInTheList_DiffersFieldByField) {
  BecomeAuthorized(Often());
  auto heavier = std::make_shared<bosdyn::api::Payload>(Definition());
  heavier->set_name("Lidar mark 2");
  heavier->mutable_mass_volume_properties()->set_total_mass(5);
  ASSERT_TRUE(sessions_->UpdateDefinition(session_, heavier).ok());
  EXPECT_TRUE(heard_.Next("differs: "));
  const auto differences = Snapshot(session_).differences;
  ASSERT_EQ(differences.size(), 2u);
  EXPECT_THAT(differences, ::testing::UnorderedElementsAre(HasSubstr("name: ours"),
                                                           HasSubstr("total_mass: ours 5")));
  ASSERT_TRUE(robot_->Forget(kGuid).ok());  // the one way to have the robot take the new one
  EXPECT_TRUE(heard_.Next("agrees"));
  EXPECT_THAT(Snapshot(session_).differences, IsEmpty());
}

TEST_P(Observation, InvalidRequest_DefinitionRejectedUntilItChanges) {
  bosdyn::api::Payload boasting = Definition();
  boasting.set_is_authorized(true);
  const SessionId lidar = Add(Connected(), Often(), boasting);
  EXPECT_TRUE(heard_.Next(kDefinitionRejected));
  EXPECT_THAT(Snapshot(lidar).failure->message, HasSubstr("is_authorized"));
  EXPECT_EQ(Snapshot(lidar).next_attempt, std::nullopt);
  EXPECT_EQ(Snapshot(lidar).attempts, 1u);
  ASSERT_TRUE(
      sessions_->UpdateDefinition(lidar, std::make_shared<bosdyn::api::Payload>(Definition()))
          .ok());
  EXPECT_TRUE(heard_.Next(kWaiting));
}

TEST_P(Observation, TransportFailure_UnreachableWithItsCause) {
  const SessionId lidar = Add(Connected());
  ASSERT_TRUE(heard_.Next(kWaiting));
  robot_->Stop();
  EXPECT_TRUE(heard_.Next(kUnreachable));
  const PayloadSnapshot snapshot = Snapshot(lidar);
  ASSERT_TRUE(snapshot.failure);
  EXPECT_THAT(snapshot.failure->message, HasSubstr(robot_->address()));
}

TEST_P(Observation, TransportFailure_ASilentRobotIsUnreachableAfterOneCallTimeout) {
  SessionOptions impatient = Often();
  impatient.call_timeout = milliseconds(200);
  robot_->HoldAnswers();
  const SessionId lidar = Add(Connected(), impatient);
  EXPECT_TRUE(heard_.Next(kUnreachable));
  EXPECT_EQ(Snapshot(lidar).failure->kind, FailureKind::kTimedOut);
  robot_->ReleaseAnswers();
  EXPECT_TRUE(heard_.Next(kWaiting));
}

INSTANTIATE_TEST_SUITE_P(Over, Observation, ::testing::Values(Wire::kPlain, Wire::kTls),
                         testing::WireName);

}  // namespace
}  // namespace payload_manager
