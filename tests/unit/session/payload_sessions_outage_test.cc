// One robot and its limits: outages, probes, pacing.
#include <gmock/gmock.h>

#include "payload_manager/payload_sessions.h"
#include "tests/support/payload_story.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Call;
using testing::FakeRobot;
using testing::MakePayload;
using testing::Verb;
using testing::VirtualRuntime;
using enum PayloadState;

class OutageTest : public ::testing::Test {
 protected:
  void Add(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string guid = "payload-guid-" + std::to_string(i);
      ids_.push_back(*sessions_.Add(spot_, MakePayload(guid), Secret("secret")));
    }
  }
  int CountIn(PayloadState state) const {
    int count = 0;
    for (const auto& [id, snapshot] : sessions_.Snapshots()) count += snapshot.state == state;
    return count;
  }
  // The most registration-service calls in any second since `from`.
  std::size_t BusiestSecond(Duration from) const {
    std::vector<Duration> at;
    for (const Call& call : robot_.connection->calls) {
      if (call.at >= from && call.verb != Verb::kList && call.verb != Verb::kRefresh) {
        at.push_back(call.at);
      }
    }
    std::size_t most = 0;
    for (std::size_t first = 0, last = 0; last < at.size(); ++last) {
      while (at[last] - at[first] >= seconds(1)) ++first;
      most = std::max(most, last - first + 1);
    }
    return most;
  }

  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  FakeRobot robot_{runtime_};
  PayloadSessions sessions_{runtime_, 1};
  RobotHandle spot_ = sessions_.AddRobot("spot", robot_.connection);
  std::vector<SessionId> ids_;
};

TEST_F(OutageTest, AnUnreachableRobotIsKnownWithItsCauseForEveryPayload) {
  robot_.outage = FailureKind::kUnableToConnect;
  Add(5);
  runtime_->Settle();
  EXPECT_EQ(CountIn(kUnreachable), 5);
  EXPECT_EQ(sessions_.Snapshot(ids_[4])->failure->kind, FailureKind::kUnableToConnect);
}

TEST_F(OutageTest, ProbesCountAsAttempts) {
  robot_.outage = FailureKind::kUnableToConnect;
  Add(1);
  runtime_->RunUntil(minutes(5));
  ASSERT_GE(robot_.connection->Count(Verb::kRegister), 20U);
  EXPECT_EQ(sessions_.Snapshot(ids_[0])->attempts, robot_.connection->Count(Verb::kRegister));
}

TEST_F(OutageTest, ADefinitionThatChangesInAnOutageIsTriedAfterIt) {
  bool changed = false;
  robot_.connection->script = [&](const Call& call) {
    const bool wrong = call.guid == "payload-guid-0" && !changed;
    return wrong ? testing::Fails(FailureKind::kInvalidRequest) : robot_.Answer(call);
  };
  Add(2);
  runtime_->RunUntil(seconds(5));
  robot_.outage = FailureKind::kUnableToConnect;
  runtime_->RunUntil(minutes(1));
  ASSERT_EQ(sessions_.Snapshot(ids_[1])->state, kUnreachable);
  EXPECT_EQ(sessions_.Snapshot(ids_[0])->state, kDefinitionRejected);
  EXPECT_EQ(sessions_.Snapshot(ids_[0])->next_attempt, std::nullopt) << "the probes are not its";
  changed = true;
  ASSERT_TRUE(sessions_.UpdateDefinition(ids_[0], MakePayload("payload-guid-0", 4)).ok());
  runtime_->Settle();
  EXPECT_EQ(sessions_.Snapshot(ids_[0])->state, kUnreachable);
  robot_.outage.reset();
  runtime_->RunFor(minutes(1));
  EXPECT_EQ(CountIn(kWaiting), 2);
}

TEST_F(OutageTest, AHungRobotIsNoticedWithinOneCallTimeout) {
  Add(1);
  runtime_->RunUntil(minutes(1));
  robot_.latency = hours(1);
  runtime_->RunUntil(minutes(1) + seconds(21));
  EXPECT_EQ(CountIn(kUnreachable), 1);
}

TEST_F(OutageTest, AHungRobotIsNoticedAsSoonWithManyCallsUnderWay) {
  Add(20);
  robot_.latency = milliseconds(300);
  runtime_->RunUntil(minutes(1));
  robot_.latency = hours(1);
  runtime_->RunUntil(minutes(1) + seconds(12));  // somebody's beat is due within a second
  EXPECT_EQ(CountIn(kUnreachable), 20);
}

TEST_F(OutageTest, ACallThatHungThroughAnOutageDoesNotDeclareAnother) {
  Add(1);
  runtime_->RunUntil(seconds(3));
  ids_.push_back(*sessions_.Add(spot_, MakePayload("another-guid"), Secret("secret")));
  runtime_->RunUntil(minutes(1));
  robot_.latency = hours(1);
  while (robot_.connection->in_flight == 0) runtime_->RunFor(milliseconds(10));
  const Duration hung_since = runtime_->Elapsed();
  robot_.latency = Duration(0);
  robot_.outage = FailureKind::kUnableToConnect;
  while (CountIn(kUnreachable) == 0) {
    runtime_->RunFor(milliseconds(10));
    ASSERT_LT(runtime_->Elapsed(), hung_since + seconds(9)) << "the other one's beat comes first";
  }
  robot_.outage.reset();
  while (CountIn(kUnreachable) > 0) runtime_->RunFor(milliseconds(10));
  ASSERT_LT(runtime_->Elapsed(), hung_since + seconds(10));
  ASSERT_EQ(robot_.connection->in_flight, 1) << "it hangs still";
  int outages = 0;
  while (runtime_->Elapsed() < hung_since + seconds(30)) {
    runtime_->RunFor(milliseconds(10));
    outages += CountIn(kUnreachable);
  }
  EXPECT_EQ(outages, 0);
  EXPECT_EQ(CountIn(kWaiting), 2);
}

TEST_F(OutageTest, OnePayloadWhoseCallsGetLostDisturbsNobodyAndIsTriedInMeasure) {
  Add(20);
  robot_.latency = milliseconds(50);
  runtime_->RunUntil(minutes(1));
  const auto answer = robot_.connection->script;
  robot_.connection->script = [&](const Call& call) {
    if (call.guid != "payload-guid-3") return answer(call);
    return testing::Fails(FailureKind::kConnectionLost, seconds(2));
  };
  robot_.connection->calls.clear();
  runtime_->RunUntil(minutes(11));
  int its = 0;
  for (const Call& call : robot_.connection->calls) its += call.guid == "payload-guid-3";
  EXPECT_GT(its, 60);
  EXPECT_LT(its, 240) << "a beat and a poll in ten seconds, and hardly any more";
  EXPECT_EQ(CountIn(kWaiting), 20);
  EXPECT_EQ(sessions_.Snapshot(ids_[3])->failure->kind, FailureKind::kConnectionLost);
}

TEST_F(OutageTest, OneProbeAtATimeWhileTheOthersWait) {
  Add(20);
  runtime_->RunUntil(minutes(1));
  robot_.outage = FailureKind::kUnableToConnect;
  runtime_->RunUntil(minutes(2));
  EXPECT_EQ(CountIn(kUnreachable), 20);
  robot_.connection->calls.clear();
  robot_.connection->most_in_flight = 0;
  runtime_->RunUntil(minutes(12));
  EXPECT_EQ(robot_.connection->most_in_flight, 1);
  // Full jitter below 10 s: a probe every 5 s on average, for all twenty together.
  EXPECT_NEAR(static_cast<double>(robot_.connection->calls.size()), 120, 30);
}

TEST_F(OutageTest, AProbeThatWaitedInVainDoesNotHideTheCause) {
  Add(2);
  runtime_->RunUntil(minutes(1));
  robot_.outage = FailureKind::kUnableToConnect;
  while (CountIn(kUnreachable) == 0) runtime_->RunFor(std::chrono::milliseconds(10));
  robot_.outage.reset();
  robot_.connection->most_in_flight = 0;
  robot_.latency = hours(1);  // which is how a call that waits sees a connection that does not come
  runtime_->RunFor(seconds(30));
  EXPECT_EQ(robot_.connection->most_in_flight, 1);
  EXPECT_EQ(sessions_.Snapshot(ids_[0])->failure->kind, FailureKind::kUnableToConnect);
  runtime_->RunFor(minutes(3));  // one that did not wait has been silent too
  EXPECT_EQ(sessions_.Snapshot(ids_[0])->failure->kind, FailureKind::kTimedOut);
}

TEST_F(OutageTest, EverybodyRecoversOnceOneProbeIsAnswered) {
  Add(20);
  runtime_->RunUntil(minutes(1));
  robot_.outage = FailureKind::kUnableToConnect;
  runtime_->RunUntil(minutes(10));
  robot_.outage.reset();
  robot_.payloads.clear();  // it has forgotten everything
  runtime_->RunUntil(minutes(10) + seconds(20));
  EXPECT_EQ(CountIn(kWaiting), 20);
  EXPECT_LE(BusiestSecond(minutes(10)), 8u) << "without a stampede";
}

TEST_F(OutageTest, AJoinerLearnsOfTheOutageAtOnce) {
  robot_.outage = FailureKind::kUnableToConnect;
  Add(1);
  runtime_->Settle();
  ASSERT_TRUE(sessions_.Add(spot_, MakePayload("late-guid-0001"), Secret("secret")).ok());
  runtime_->Settle();
  EXPECT_EQ(CountIn(kUnreachable), 2);
}

TEST_F(OutageTest, NoSecondSeesMoreCallsThanThePaceAllows) {
  Add(100);
  runtime_->RunUntil(minutes(5));
  EXPECT_EQ(BusiestSecond(Duration(0)), 8u);
  EXPECT_EQ(CountIn(kWaiting), 100);
}

TEST_F(OutageTest, NobodyStarvesWhenThereAreMoreWishesThanCalls) {
  Add(200);  // 20 beats a second are wished for, 8 are allowed
  runtime_->RunUntil(minutes(10));
  std::map<std::string, int> beats;
  for (const Call& call : robot_.connection->calls) {
    if (call.verb == Verb::kRegister) ++beats[call.guid];
  }
  EXPECT_EQ(beats.size(), 200u);
  int fewest = 1 << 30;
  int most = 0;
  for (const auto& [guid, count] : beats) {
    fewest = std::min(fewest, count);
    most = std::max(most, count);
  }
  EXPECT_GT(fewest, 5);
  EXPECT_LE(most, 2 * fewest) << "fair shares";
}

TEST_F(OutageTest, TooManyRequestsIsNoOutageAndHoldsTheWholeRobotOff) {
  Add(3);
  int refusals = 0;
  auto answer = robot_.connection->script;
  robot_.connection->script = [&](const Call& call) {
    if (call.at < seconds(30)) {
      ++refusals;
      return testing::Fails(FailureKind::kTooManyRequests);
    }
    return answer(call);
  };
  runtime_->RunUntil(seconds(30));
  EXPECT_EQ(CountIn(kRegistering), 3);
  EXPECT_LT(refusals, 60);
  EXPECT_EQ(sessions_.Snapshot(ids_[0])->failure->kind, FailureKind::kTooManyRequests);
  runtime_->RunUntil(seconds(41));
  EXPECT_EQ(CountIn(kWaiting), 3);
}

TEST_F(OutageTest, ARobotThatHangsDoesNotDisturbAnother) {
  FakeRobot other(runtime_);
  const RobotHandle second = sessions_.AddRobot("other", other.connection);
  robot_.latency = hours(1);
  Add(5);
  const SessionId lidar = *sessions_.Add(second, MakePayload("payload-guid-0"), Secret("secret"));
  runtime_->Settle();
  EXPECT_EQ(sessions_.Snapshot(lidar)->state, kWaiting);
  runtime_->RunUntil(minutes(2));
  EXPECT_GE(other.connection->Count(Verb::kRegister), 11u);
}

TEST_F(OutageTest, RemovingTheProbingPayloadLetsAnotherProbe) {
  robot_.outage = FailureKind::kUnableToConnect;
  Add(2);
  runtime_->Settle();
  robot_.latency = seconds(9);
  while (robot_.connection->in_flight == 0) runtime_->RunFor(seconds(1));
  const std::string prober = robot_.connection->calls.back().guid;
  robot_.latency = Duration(0);
  robot_.outage.reset();
  sessions_.RemoveAndWait(ids_[prober == "payload-guid-0" ? 0 : 1]);
  runtime_->RunFor(seconds(1));
  EXPECT_EQ(CountIn(kWaiting), 1);
}

TEST_F(OutageTest, TheSnapshotSaysWhenTheRobotIsProbedNext) {
  robot_.outage = FailureKind::kUnableToConnect;
  Add(3);
  runtime_->RunUntil(minutes(2));
  for (int i = 0; i < 20; ++i) {
    const auto next = sessions_.Snapshot(ids_[0])->next_attempt;
    ASSERT_TRUE(next);
    for (const auto& [id, snapshot] : sessions_.Snapshots()) EXPECT_EQ(snapshot.next_attempt, next);
    const std::size_t before = robot_.connection->calls.size();
    runtime_->RunFor(*next - runtime_->Now());
    EXPECT_EQ(robot_.connection->calls.size(), before + 1) << "exactly then";
  }
  robot_.latency = seconds(5);
  runtime_->RunFor(*sessions_.Snapshot(ids_[0])->next_attempt - runtime_->Now());
  EXPECT_EQ(sessions_.Snapshot(ids_[0])->next_attempt, std::nullopt) << "it is under way";
}

TEST_F(OutageTest, NothingWakesTheSchedulerButWhatIsDue) {
  Add(30);
  runtime_->RunUntil(minutes(2));
  const auto count = [this](Duration time) {
    const std::uint64_t tasks = runtime_->scheduler_tasks();
    const std::size_t calls = robot_.connection->calls.size();
    runtime_->RunFor(time);
    return std::pair(runtime_->scheduler_tasks() - tasks, robot_.connection->calls.size() - calls);
  };
  const auto [busy_tasks, busy_calls] = count(minutes(10));
  EXPECT_GT(busy_calls, 30u * 60);
  // A call falls due, has its turn at once or later, is answered by the fake, and is heard of.
  EXPECT_LE(busy_tasks, 4 * busy_calls);

  robot_.outage = FailureKind::kUnableToConnect;
  runtime_->RunFor(minutes(1));
  const auto [probing_tasks, probes] = count(minutes(10));
  EXPECT_LE(probing_tasks, 3 * probes);

  robot_.connection->script = [](const Call&) {
    return testing::Fails(FailureKind::kInvalidRequest);
  };
  runtime_->RunFor(minutes(1));
  const auto [parked_tasks, none] = count(hours(24));
  EXPECT_EQ(none, 0u);
  EXPECT_EQ(parked_tasks, 0u) << "all are parked: nothing is due";
}

}  // namespace
}  // namespace payload_manager
