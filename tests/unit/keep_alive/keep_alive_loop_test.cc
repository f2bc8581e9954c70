#include "tests/unit/keep_alive/keep_alive_fixture.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using testing::Fails;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::KeepAliveFixture;
using testing::Ok;
using testing::Reply;

class KeepAliveLoop : public KeepAliveFixture {};

TEST_F(KeepAliveLoop, AttemptsExactlyOneIntervalApartForEver) {
  Answers({Ok(), Fails(FailureKind::kPayloadAlreadyExists)});
  Make().Start();
  runtime_->RunUntil(hours(1));
  const auto attempts = Attempts();
  ASSERT_EQ(attempts.size(), 361u);
  for (std::size_t i = 0; i < attempts.size(); ++i) ASSERT_EQ(attempts[i], 10.0 * double(i));
}

TEST_F(KeepAliveLoop, TheIntervalIsTenSecondsUnlessSaidOtherwise) {
  EXPECT_EQ(KeepAliveOptions{}.interval, seconds(10));
  KeepAliveOptions options;
  options.interval = milliseconds(2500);
  Make(std::move(options)).Start();
  runtime_->RunUntil(seconds(8));
  EXPECT_THAT(Attempts(), ElementsAre(0, 2.5, 5, 7.5));
}

TEST_F(KeepAliveLoop, TheTimeOfTheCallCountsAgainstTheWait) {
  Answers({Ok(), Ok(seconds(4)), Ok(seconds(7)), Ok()});
  Make().Start();
  runtime_->RunUntil(seconds(40));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 20, 30, 40));
}

TEST_F(KeepAliveLoop, ACallLongerThanTheIntervalIsFollowedAtOnceAndByOneAttemptOnly) {
  Answers({Ok(), Ok(seconds(25)), Ok()});
  Make().Start();
  runtime_->RunUntil(seconds(60));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 35, 45, 55));
}

TEST_F(KeepAliveLoop, AForgottenPayloadIsRegisteredAnew) {
  Answers({Ok(), Fails(FailureKind::kPayloadAlreadyExists), Ok(),
           Fails(FailureKind::kPayloadAlreadyExists)});
  Make().Start();
  runtime_->RunUntil(seconds(30));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 20, 30));
}

TEST_F(KeepAliveLoop, ToleratesWhatPassesByItself) {
  Answers({Ok(), Fails(FailureKind::kPayloadAlreadyExists), Fails(FailureKind::kConnectionLost),
           Fails(FailureKind::kTimedOut), Fails(FailureKind::kTooManyRequests), Ok()});
  MakeWithActions({KeepAliveAction::kAbort}).Start();
  runtime_->RunUntil(seconds(50));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 20, 30, 40, 50));
  EXPECT_THAT(reported_, IsEmpty());
  EXPECT_TRUE(keep_alive_->IsAlive());
}

TEST_F(KeepAliveLoop, AnyOtherFailureGoesToTheCallback) {
  const std::vector<FailureKind> kinds = {
      FailureKind::kUnableToConnect,     FailureKind::kServiceUnavailable,
      FailureKind::kProxyFailure,        FailureKind::kUnauthenticated,
      FailureKind::kUnimplemented,       FailureKind::kInvalidRequest,
      FailureKind::kInternalServerError, FailureKind::kUnsetStatus,
      FailureKind::kUnknownResponse,     FailureKind::kOtherRpc};
  MakeWithActions({KeepAliveAction::kDefault}).Start();
  for (const FailureKind kind : kinds) answers_.push_back(Fails(kind));
  runtime_->RunUntil(seconds(100));
  EXPECT_EQ(reported_, kinds);
}

TEST_F(KeepAliveLoop, WithoutACallbackFailuresAreLoggedAndItGoesOn) {
  std::vector<std::string> log;
  KeepAliveOptions options;
  options.log = [&](LogLevel level, const std::string& line) {
    if (level == LogLevel::kError) log.push_back(line);
  };
  Answers({Ok(), Fails(FailureKind::kUnableToConnect), Ok()});
  Make(std::move(options)).Start();
  runtime_->RunUntil(seconds(20));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 20));
  EXPECT_THAT(log, ElementsAre(HasSubstr("payload lidar-guid-0001: ")));
}

TEST_F(KeepAliveLoop, TheRpcTimeoutEndsACall) {
  KeepAliveOptions options;
  options.rpc_timeout = seconds(3);
  Answers({Ok(), Ok(hours(1)), Ok()});
  Make(std::move(options)).Start();
  runtime_->RunUntil(seconds(20));
  EXPECT_EQ(connection_->calls[1].timeout, seconds(3));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 20));
}

TEST_F(KeepAliveLoop, WithoutAnRpcTimeoutThereIsNoDeadline) {
  KeepAliveOptions options;
  options.rpc_timeout.reset();
  Make(std::move(options)).Start();
  EXPECT_EQ(connection_->calls[0].timeout, std::nullopt);
  EXPECT_EQ(KeepAliveOptions{}.rpc_timeout, seconds(30)) << "the default of every call";
}

TEST_F(KeepAliveLoop, AgainstAHungRobotTheDefaultTimeoutDecides) {
  Answers({Ok(), Ok(hours(1))});
  Make().Start();
  runtime_->RunUntil(seconds(75));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 40, 70)) << "30 s each, and then at once";
}

TEST_F(KeepAliveLoop, AnIntervalWithoutAnEndMeansOneRegistration) {
  connection_->script = [this](const auto&) {
    if (connection_->calls.size() > 1000) runtime_->Stop();  // instead of going on for ever
    return Ok();
  };
  KeepAliveOptions options;
  options.interval = Duration::max();
  Make(std::move(options)).Start();
  runtime_->RunUntil(hours(24 * 365));
  EXPECT_THAT(Attempts(), ElementsAre(0));
  EXPECT_TRUE(keep_alive_->IsAlive());
  EXPECT_TRUE(keep_alive_->Shutdown(Duration::max()));
}

TEST_F(KeepAliveLoop, GoesOnWhenAnswersComeWithinTheVerb) {
  connection_->answers_inside_the_verb = true;
  Answers({Ok(), Fails(FailureKind::kUnableToConnect), Fails(FailureKind::kPayloadAlreadyExists),
           Fails(FailureKind::kTimedOut), Ok()});
  MakeWithActions({KeepAliveAction::kRetryImmediately}).Start();
  runtime_->RunUntil(seconds(30));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 10, 20, 30));
  EXPECT_TRUE(keep_alive_->Shutdown());
}

TEST_F(KeepAliveLoop, AnAnswerThatIsNoNewsMayWaitAndMovesNoAttempt) {
  runtime_->PutOffWhatMayWait();
  const Reply registered = Fails(FailureKind::kPayloadAlreadyExists, milliseconds(300));
  testing::FakeConnection other_robot(runtime_);
  other_robot.script = [&](const testing::Call&) { return registered; };
  KeepAliveOptions options;
  options.runtime = runtime_;
  options.interval = seconds(4);
  PayloadRegistrationKeepAlive other(
      std::shared_ptr<RobotConnection>(&other_robot, [](RobotConnection*) {}),
      *testing::MakePayload("gas-guid-0001"), Secret("gas secret"), options);
  Answers({registered});
  Make().Start();
  other.Start();
  runtime_->RunUntil(seconds(31));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10.3, 20.3, 30.3));
  EXPECT_THAT(other_robot.SecondsOf(testing::Verb::kRegister),
              ElementsAre(0.3, 4.6, 8.6, 12.6, 16.6, 20.6, 24.6, 28.6));
}

}  // namespace
}  // namespace payload_manager
