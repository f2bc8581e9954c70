// One call, one service or one payload in trouble is not the robot being out of reach.
#include <gmock/gmock.h>

#include <algorithm>

#include "payload_manager/payload_sessions.h"
#include "tests/support/payload_story.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Call;
using testing::Diary;
using ::testing::ElementsAre;
using testing::FakeRobot;
using ::testing::HasSubstr;
using testing::MakePayload;
using testing::Reply;
using testing::Verb;
using testing::VirtualRuntime;
using enum PayloadState;

constexpr char kLidar[] = "lidar-guid-0001";
constexpr char kCamera[] = "camera-guid-0002";

// Two payloads on one robot, both authorized once time runs.
class FaultsTest : public ::testing::Test {
 protected:
  FaultsTest() {
    robot_.Own(kLidar, "secret", true);
    robot_.Own(kCamera, "secret", true);
    robot_.connection->script = [this](const Call& call) {
      const auto fault = fault_ ? fault_(call) : std::nullopt;
      return fault ? testing::Fails(*fault, robot_.latency) : robot_.Answer(call);
    };
  }
  // From now on these calls fail so.
  void Fail(Verb verb, FailureKind kind, const std::string& guid = {}) {
    fault_ = [=](const Call& call) -> std::optional<FailureKind> {
      if (call.verb != verb || (!guid.empty() && call.guid != guid)) return std::nullopt;
      return kind;
    };
  }
  SessionId Add(const std::string& guid, Diary& diary) {
    return *sessions_.Add(spot_, MakePayload(guid), Secret("secret"), {}, diary.Observer());
  }
  static std::size_t Outages(const Diary& diary) {
    return static_cast<std::size_t>(
        std::count_if(diary.events.begin(), diary.events.end(), [](const std::string& event) {
          return event.find("-> unreachable") != std::string::npos;
        }));
  }
  void ExpectUndisturbed(const std::string& what) {
    EXPECT_EQ(Outages(lidars_), 0u) << what;
    EXPECT_EQ(Outages(cameras_), 0u) << what;
    EXPECT_EQ(sessions_.Snapshot(camera_)->state, kAuthorized) << what;
  }

  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  FakeRobot robot_{runtime_};
  std::function<std::optional<FailureKind>(const Call&)> fault_;
  Diary lidars_{*runtime_};
  Diary cameras_{*runtime_};
  Diary results_{*runtime_};
  PayloadSessions sessions_{runtime_, 1};
  RobotHandle spot_ = sessions_.AddRobot("spot", robot_.connection);
  SessionId lidar_ = Add(kLidar, lidars_);
  SessionId camera_ = Add(kCamera, cameras_);
};

TEST_F(FaultsTest, ARequestTheRobotCannotServeIsAnsweredAndDisturbsNobody) {
  runtime_->RunUntil(seconds(1));
  for (const FailureKind kind :
       {FailureKind::kUnimplemented, FailureKind::kPermissionDenied, FailureKind::kUnauthenticated,
        FailureKind::kNotFound, FailureKind::kNonexistentAuthority, FailureKind::kOtherRpc,
        FailureKind::kFailedDuringExecution, FailureKind::kResponseTooLarge,
        FailureKind::kShutDown}) {
    Fail(Verb::kVersion, kind);
    results_.events.clear();
    sessions_.SetVersion(lidar_, {}, results_.Result("version"));
    runtime_->RunFor(minutes(1));
    EXPECT_THAT(results_.events, ElementsAre("version: " + std::string(ToString(kind))));
    ExpectUndisturbed(std::string(ToString(kind)));
  }
}

TEST_F(FaultsTest, ARequestThatNeverGetsThroughIsGivenUp) {
  runtime_->RunUntil(seconds(1));
  for (const FailureKind kind :
       {FailureKind::kTimedOut, FailureKind::kConnectionLost, FailureKind::kServiceUnavailable,
        FailureKind::kProxyFailure, FailureKind::kUnableToConnect, FailureKind::kTooManyRequests}) {
    Fail(Verb::kAttach, kind);
    const std::size_t before = robot_.connection->Count(Verb::kAttach);
    results_.events.clear();
    sessions_.Attach(lidar_, results_.Result("attach"));
    runtime_->RunFor(minutes(3));
    EXPECT_THAT(results_.events, ElementsAre("attach: " + std::string(ToString(kind))));
    EXPECT_EQ(robot_.connection->Count(Verb::kAttach) - before, 5u) << ToString(kind);
    ExpectUndisturbed(std::string(ToString(kind)));
  }
}

TEST_F(FaultsTest, ARequestIsSentAgainAfterWaitsThatDouble) {
  runtime_->RunUntil(seconds(1));
  Fail(Verb::kAttach, FailureKind::kConnectionLost);
  sessions_.Attach(lidar_);
  runtime_->RunFor(minutes(1));
  EXPECT_THAT(robot_.connection->SecondsOf(Verb::kAttach), ElementsAre(1, 2, 4, 8, 16));
}

TEST_F(FaultsTest, ALostRequestHasTheRobotLookedForAtOnce) {
  runtime_->RunUntil(seconds(1));
  Fail(Verb::kAttach, FailureKind::kConnectionLost);
  const std::size_t beats = robot_.connection->Count(Verb::kRegister);
  sessions_.Attach(lidar_);
  runtime_->Settle();
  EXPECT_EQ(robot_.connection->Count(Verb::kRegister), beats + 1);
}

TEST_F(FaultsTest, APayloadServiceThatIsDownIsAskedAgainAndDisturbsNobody) {
  for (const FailureKind kind :
       {FailureKind::kServiceUnavailable, FailureKind::kTimedOut, FailureKind::kConnectionLost,
        FailureKind::kTooManyRequests, FailureKind::kUnimplemented}) {
    Fail(Verb::kList, kind);
    sessions_.RemoveAndWait(lidar_);
    lidar_ = Add(kLidar, lidars_);
    runtime_->RunFor(seconds(600));
    ExpectUndisturbed(std::string(ToString(kind)));
    EXPECT_EQ(sessions_.Snapshot(lidar_)->failure->kind, kind);
  }
}

TEST_F(FaultsTest, AListThatWasLostIsAskedForAfterATokenCheck) {
  Fail(Verb::kList, FailureKind::kServiceUnavailable);
  runtime_->RunUntil(seconds(130));
  EXPECT_THAT(robot_.connection->SecondsOf(Verb::kList), ElementsAre(0, 0, 60, 60, 120, 120));
  EXPECT_LE(robot_.connection->Count(Verb::kRegister), 40u) << "with a beat for each at most";
}

TEST_F(FaultsTest, AnAuthServiceThatIsDownLeavesRenewalToTheCredentials) {
  runtime_->RunUntil(seconds(1));
  for (const FailureKind kind :
       {FailureKind::kServiceUnavailable, FailureKind::kTimedOut, FailureKind::kConnectionLost,
        FailureKind::kTooManyRequests, FailureKind::kUnimplemented}) {
    Fail(Verb::kRefresh, kind);
    const std::size_t refreshes = robot_.connection->Count(Verb::kRefresh);
    lidars_.events.clear();
    runtime_->RunFor(hours(1) + seconds(30));
    EXPECT_THAT(lidars_.events, ElementsAre(HasSubstr("renewed token"))) << ToString(kind);
    EXPECT_LE(robot_.connection->Count(Verb::kRefresh) - refreshes, 2u) << "one each";
    ExpectUndisturbed(std::string(ToString(kind)));
    lidars_.events.clear();
  }
}

class OnePayloadFails : public FaultsTest, public ::testing::WithParamInterface<FailureKind> {};

TEST_P(OnePayloadFails, InItsBeatsAndTheOtherGoesOn) {
  Fail(Verb::kRegister, GetParam(), kLidar);
  runtime_->RunUntil(minutes(10));
  ExpectUndisturbed("beats");
  EXPECT_EQ(sessions_.Snapshot(lidar_)->state, kRegistering);
  EXPECT_EQ(sessions_.Snapshot(lidar_)->failure->kind, GetParam());
  EXPECT_NEAR(static_cast<double>(sessions_.Snapshot(lidar_)->attempts), 60, 8);
  fault_ = nullptr;
  runtime_->RunFor(seconds(12));
  EXPECT_EQ(sessions_.Snapshot(lidar_)->state, kAuthorized);
  EXPECT_EQ(sessions_.Snapshot(lidar_)->failure, std::nullopt);
}

TEST_P(OnePayloadFails, InItsTokenCallsAndTheOtherGoesOn) {
  Fail(Verb::kToken, GetParam(), kLidar);
  runtime_->RunUntil(minutes(10));
  ExpectUndisturbed("token calls");
  EXPECT_EQ(sessions_.Snapshot(lidar_)->state, kRegistering);
  EXPECT_EQ(sessions_.Snapshot(lidar_)->failure->kind, GetParam());
  fault_ = nullptr;
  runtime_->RunFor(seconds(12));
  EXPECT_EQ(sessions_.Snapshot(lidar_)->state, kAuthorized);
}

TEST_P(OnePayloadFails, WhenAuthorizedAndStaysSo) {
  runtime_->RunUntil(seconds(1));
  Fail(Verb::kRegister, GetParam(), kLidar);
  runtime_->RunUntil(minutes(10));
  EXPECT_EQ(sessions_.Snapshot(lidar_)->state, kAuthorized) << "its token checks go well";
  EXPECT_EQ(sessions_.Snapshot(lidar_)->failure->kind, GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    WithEachKind, OnePayloadFails,
    ::testing::Values(FailureKind::kFailedDuringExecution, FailureKind::kOtherRpc,
                      FailureKind::kCancelled, FailureKind::kResponseTooLarge,
                      FailureKind::kUnauthenticated, FailureKind::kPermissionDenied),
    [](const auto& kind) { return "Kind" + std::to_string(static_cast<int>(kind.param)); });

TEST_F(FaultsTest, ARobotThatComesAndGoesIsProbedEverMoreSlowly) {
  Fail(Verb::kToken, FailureKind::kConnectionLost);  // beats are answered, token calls never
  runtime_->RunUntil(minutes(10));
  EXPECT_GT(Outages(lidars_), 10u);
  EXPECT_LT(Outages(lidars_), 180u);
}

}  // namespace
}  // namespace payload_manager
