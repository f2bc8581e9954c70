// How many calls are under way at once, and who gets them.
#include <gmock/gmock.h>

#include <algorithm>

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

class LimitsTest : public ::testing::Test {
 protected:
  struct Site {
    std::unique_ptr<FakeRobot> robot;
    RobotHandle handle;
    std::vector<SessionId> sessions = {};

    int in_flight() const { return robot->connection->in_flight; }
    std::size_t beats() const { return robot->connection->Count(Verb::kRegister); }
  };

  void Start(FleetOptions options) { sessions_.emplace(runtime_, 1, options); }
  Site Add(int payloads, Duration latency = {}, PacingOptions pacing = {}) {
    auto robot = std::make_unique<FakeRobot>(runtime_);
    robot->latency = latency;
    const RobotHandle handle = sessions_->AddRobot("spot", robot->connection, pacing);
    Site site{std::move(robot), handle};
    for (int i = 0; i < payloads; ++i) {
      site.sessions.push_back(
          *sessions_->Add(handle, MakePayload("guid-" + std::to_string(i)), Secret("secret")));
    }
    return site;
  }
  int CountIn(PayloadState state, const Site& site) const {
    return static_cast<int>(
        std::count_if(site.sessions.begin(), site.sessions.end(),
                      [&](SessionId id) { return sessions_->Snapshot(id)->state == state; }));
  }

  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  std::optional<PayloadSessions> sessions_;
};

TEST_F(LimitsTest, ARobotThatHangsHasOnlySoManyCallsUnderWay) {
  Start({});
  const Site hung = Add(100, hours(1));
  runtime_->RunUntil(milliseconds(9999));  // before the first has timed out
  EXPECT_EQ(hung.in_flight(), 16);
  runtime_->RunUntil(minutes(1));
  EXPECT_EQ(hung.robot->connection->most_in_flight, 16);
  EXPECT_EQ(CountIn(kUnreachable, hung), 100);
}

TEST_F(LimitsTest, ASlowRobotIsServedAsFastAsItAnswers) {
  Start({});
  const Site slow = Add(100, seconds(4));
  runtime_->RunUntil(seconds(40));
  EXPECT_EQ(slow.robot->connection->most_in_flight, 16);
  EXPECT_NEAR(static_cast<double>(slow.robot->connection->calls.size()), 16 * 10, 16)
      << "sixteen at a time, for four seconds each";
}

TEST_F(LimitsTest, ARobotThatWasBusyOnceIsNotHeldOffLongTheNextTime) {
  Start({});
  const Site spot = Add(1);
  bool busy = true;
  spot.robot->connection->script = [&](const Call& call) {
    return busy ? testing::Fails(FailureKind::kTooManyRequests) : spot.robot->Answer(call);
  };
  runtime_->RunUntil(minutes(5));
  busy = false;
  runtime_->RunFor(minutes(1));
  busy = true;
  const std::size_t before = spot.robot->connection->calls.size();
  while (spot.robot->connection->calls.size() == before) runtime_->RunFor(milliseconds(10));
  busy = false;
  const std::size_t refused = spot.robot->connection->calls.size();
  runtime_->RunFor(milliseconds(1010));
  EXPECT_GT(spot.robot->connection->calls.size(), refused) << "the back-off has begun anew";
}

TEST_F(LimitsTest, HungRobotsLeaveTheOthersTheirCalls) {
  FleetOptions few;
  few.most_calls_under_way = 8;
  Start(few);
  std::vector<Site> hung;
  hung.reserve(10);
  for (int i = 0; i < 10; ++i) hung.push_back(Add(20, hours(1)));
  runtime_->Settle();
  int under_way = 0;
  for (const Site& site : hung) under_way += site.in_flight();
  EXPECT_EQ(under_way, 8 + 9) << "those allowed, and one for each robot that had none";

  const Site well = Add(20, milliseconds(50));
  runtime_->RunFor(seconds(5));
  EXPECT_EQ(CountIn(kWaiting, well), 20) << "at its own pace, which is far below one at a time";
}

TEST_F(LimitsTest, RobotsThatWaitForOthersCallsTakeTurns) {
  FleetOptions few;
  few.most_calls_under_way = 10;
  Start(few);
  std::vector<Site> sites;
  sites.reserve(8);
  for (int i = 0; i < 8; ++i) sites.push_back(Add(40, seconds(2)));
  runtime_->RunUntil(minutes(5));
  std::size_t fewest = sites[0].beats();
  std::size_t most = fewest;
  int at_once = 0;
  for (const Site& site : sites) {
    fewest = std::min(fewest, site.beats());
    most = std::max(most, site.beats());
    at_once += site.robot->connection->most_in_flight;
  }
  EXPECT_GT(fewest, 100u);
  EXPECT_LE(most, fewest * 3 / 2);
  EXPECT_GT(at_once, 8) << "the spare two are used by everybody now and then";
}

TEST_F(LimitsTest, ARemovedRobotLeavesItsCallsToTheOthers) {
  FleetOptions few;
  few.most_calls_under_way = 4;
  Start(few);
  const Site hung = Add(20, hours(1));
  runtime_->Settle();
  ASSERT_EQ(hung.in_flight(), 4);
  const Site other = Add(8, seconds(1));
  runtime_->Settle();
  ASSERT_EQ(other.in_flight(), 1);
  sessions_->RemoveRobot(hung.handle);
  runtime_->Settle();
  EXPECT_EQ(other.in_flight(), 4);
}

TEST_F(LimitsTest, ACallThatCannotBeCancelledStillCountsForTheFleet) {
  FleetOptions few;
  few.most_calls_under_way = 4;
  Start(few);
  const Site deaf = Add(20, seconds(9));
  deaf.robot->connection->ignores_cancellation = true;
  runtime_->Settle();
  ASSERT_EQ(deaf.in_flight(), 4);
  sessions_->RemoveRobot(deaf.handle);
  const Site other = Add(8, seconds(1));
  runtime_->RunUntil(seconds(8));
  EXPECT_EQ(other.robot->connection->most_in_flight, 1);
  runtime_->RunUntil(minutes(1));
  EXPECT_EQ(deaf.in_flight(), 0);
  EXPECT_GT(other.robot->connection->most_in_flight, 1);
}

TEST_F(LimitsTest, BeatsAndTokenCallsOfOnePayloadTakeTurns) {
  Start({});
  const Site crowded = Add(200);  // a turn comes every 25 s, and a beat is due every 10 s
  runtime_->RunUntil(minutes(1));
  ASSERT_EQ(CountIn(kWaiting, crowded), 200);
  for (auto& [guid, known] : crowded.robot->payloads) known.authorized = true;
  runtime_->RunFor(minutes(2));
  EXPECT_EQ(CountIn(kAuthorized, crowded), 200) << "beats leave the token calls their turns";
  const std::size_t before = crowded.beats();
  runtime_->RunFor(minutes(2));
  EXPECT_GE(crowded.beats() - before, 200u * 3) << "and the other way round";
}

TEST_F(LimitsTest, RenewalsThatWaitForTheirTurnDelayNoBeat) {
  Start({});
  PacingOptions pacing;
  pacing.auth_calls_per_second = 1;  // so that the line is longer than an interval
  const Site site = Add(30, milliseconds(20), pacing);
  runtime_->RunUntil(seconds(30));
  for (auto& [guid, known] : site.robot->payloads) known.authorized = true;
  runtime_->RunUntil(minutes(58));
  site.robot->connection->calls.clear();
  runtime_->RunUntil(minutes(65));
  EXPECT_EQ(site.robot->connection->Count(Verb::kRefresh), 30u);
  std::map<std::string, Duration> last;
  for (const Call& call : site.robot->connection->calls) {
    if (call.verb != Verb::kRegister) continue;
    if (last.contains(call.guid)) {
      EXPECT_LT(call.at - last[call.guid], seconds(13)) << call.guid;
    }
    last[call.guid] = call.at;
  }
}

TEST_F(LimitsTest, AGreedyPayloadDoesNotCrowdOutTheOthers) {
  Start({});
  const Site site = Add(30);
  SessionOptions greedy;
  greedy.interval = milliseconds(1);
  greedy.token_poll = greedy.slowest_token_poll = milliseconds(1);
  const SessionId glutton =
      *sessions_->Add(site.handle, MakePayload("glutton"), Secret("secret"), greedy);
  for (int i = 0; i < 64; ++i) sessions_->SetVersion(glutton, {});
  runtime_->RunUntil(minutes(10));
  std::map<std::string, std::vector<Duration>> beats;
  std::size_t gluttons = 0;
  for (const Call& call : site.robot->connection->calls) {
    if (call.verb == Verb::kRegister) beats[call.guid].push_back(call.at);
    if (call.guid == "glutton") ++gluttons;
  }
  EXPECT_EQ(beats.size(), 31u);
  for (const auto& [guid, at] : beats) {
    for (std::size_t i = 1; i < at.size(); ++i) {
      // A beat may be late by as many turns as there are payloads, and may have been skipped once.
      ASSERT_LE(at[i] - at[i - 1], seconds(20) + seconds(31) / 8) << guid;
    }
  }
  EXPECT_GT(gluttons, 600u) << "it has what the others leave";
}

}  // namespace
}  // namespace payload_manager
