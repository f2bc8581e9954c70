// Outages of a real connection: what waits, what is asked meanwhile, and how all come back.
#include "tests/integration/sessions/sessions_on_a_mock_robot.h"

namespace payload_manager {
namespace {

using std::chrono::duration;
using std::chrono::milliseconds;
using testing::kDeadline;
using testing::kGuid;
using testing::Wire;
using enum PayloadState;

constexpr int kPayloads = 40;
constexpr int kPerSecond = 20;

class Recovery : public testing::SessionsOnAMockRobot {
 protected:
  static SessionOptions Impatient() {
    SessionOptions options = Often();
    options.call_timeout = milliseconds(200);
    return options;
  }
  // That call only when there is something new to find out.
  void AddMany(RobotHandle robot, int count, SessionOptions options) {
    options.interval = kDeadline;
    options.slowest_token_poll = options.token_poll = kDeadline;
    for (int i = 0; i < count; ++i) {
      auto payload = std::make_shared<bosdyn::api::Payload>(Definition());
      payload->set_guid("11111111-2222-4333-8444-0000000000" + std::to_string(10 + i));
      ASSERT_TRUE(
          sessions_->Add(robot, payload, Secret("secret"), options, heard_.Observer()).ok());
    }
  }
  std::uint64_t RegistrationCalls() const {
    const auto seen = robot_->Snapshot();
    return seen.Calls("RegisterPayload") + seen.Calls("GetPayloadAuthToken");
  }
};

TEST_P(Recovery, OfManyPayloadsIsNoBurst) {
  robot_->HoldAnswers();
  const TimePoint outage_began = SystemClock().Now();
  PacingOptions pacing = Fast();
  pacing.registration_calls_per_second = kPerSecond;
  AddMany(sessions_->AddRobot("spot", Connected(), pacing), kPayloads, Impatient());
  ASSERT_TRUE(heard_.Await(kUnreachable, kPayloads));
  ASSERT_TRUE(robot_->WaitUntil([](const auto& seen) { return seen.Calls("RegisterPayload") > 20; },
                                kDeadline))
      << "probes go on";
  // Sixteen before the first had timed out, then one at a time for 200 ms each.
  const double outage = duration<double>(SystemClock().Now() - outage_began).count();
  EXPECT_LE(static_cast<double>(RegistrationCalls()), 16 + outage / 0.2 + 1);

  const std::uint64_t before = RegistrationCalls();
  const TimePoint back = SystemClock().Now();
  robot_->ReleaseAnswers();
  ASSERT_TRUE(heard_.Await(kWaiting, kPayloads));
  const double took = duration<double>(SystemClock().Now() - back).count();
  const auto calls = static_cast<double>(RegistrationCalls() - before);
  EXPECT_GE(calls, kPayloads - 1);
  EXPECT_LE(calls, (took + 1) * kPerSecond) << "within the pace, in " << took << " s";
  EXPECT_EQ(robot_->Payloads().size(), static_cast<std::size_t>(kPayloads));
}

TEST_P(Recovery, CarriesOutWhatWasAskedForMeanwhile) {
  const SessionId lidar = Add(Connected(), Impatient());
  ASSERT_TRUE(RobotKnowsThePayload());
  ASSERT_TRUE(robot_->Authorize(kGuid).ok());
  ASSERT_TRUE(heard_.Next(kAuthorized));
  robot_->HoldAnswers();
  ASSERT_TRUE(heard_.Next(kUnreachable));
  bosdyn::api::SoftwareVersion version;
  version.set_major_version(3);
  sessions_->SetVersion(lidar, version, heard_.Result("version"));
  sessions_->Attach(lidar, heard_.Result("attach"));
  sessions_->Detach(lidar, heard_.Result("detach"));
  sessions_->Attach(lidar, heard_.Result("attach again"));
  EXPECT_EQ(robot_->Snapshot().Calls("UpdatePayloadVersion"), 0u);
  robot_->ReleaseAnswers();
  EXPECT_TRUE(heard_.Next("version ok"));
  EXPECT_TRUE(heard_.Next("attach ok"));
  EXPECT_TRUE(heard_.Next("detach ok"));
  EXPECT_TRUE(heard_.Next("attach again ok"));
  const auto seen = robot_->Snapshot();
  EXPECT_EQ(seen.Find(kGuid)->payload.version().major_version(), 3);
  EXPECT_TRUE(seen.Find(kGuid)->payload.is_enabled());
}

TEST_P(Recovery, ARequestWhoseAnswerWasLostIsSentAgain) {
  const SessionId lidar = Add(Connected(), Impatient());
  ASSERT_TRUE(heard_.Next(kWaiting));
  robot_->HoldAnswers();
  sessions_->SetVersion(lidar, {}, heard_.Result("version"));
  ASSERT_TRUE(robot_->WaitUntil(
      [](const auto& seen) {
        return seen.Calls("UpdatePayloadVersion") > 0 || seen.Calls("RegisterPayload") > 4;
      },
      kDeadline));
  robot_->CutConnections();
  robot_->ReleaseAnswers();
  EXPECT_TRUE(heard_.Next("version ok"));
}

TEST_P(Recovery, FromTooManyRequestsIsNoOutage) {
  const auto strict = StartRobot(true);  // ten calls a second, the rest is refused
  PacingOptions reckless = Fast();
  reckless.first_back_off = milliseconds(200);
  reckless.last_back_off = std::chrono::seconds(1);
  AddMany(sessions_->AddRobot("strict", ConnectedTo(*strict), reckless), 25, Often());
  EXPECT_TRUE(heard_.Await(kWaiting, 25));
  EXPECT_EQ(heard_.Count("unreachable"), 0);
  const auto calls = strict->Snapshot().Calls("RegisterPayload");
  EXPECT_GT(calls, 25u) << "some were refused";
  EXPECT_LT(calls, 150u) << "and not tried again and again";
}

TEST_P(Recovery, ARobotThatHangsDelaysNoOther) {
  FleetOptions few;
  few.most_calls_under_way = 4;
  sessions_ = std::make_unique<PayloadSessions>(runtime_, 1, few);
  robot_->HoldAnswers();
  AddMany(sessions_->AddRobot("hung", Connected(), Fast()), 10, Often());
  ASSERT_TRUE(robot_->WaitUntil([](const auto& seen) { return seen.held_answers == 4; }, kDeadline))
      << "all calls that the fleet may have under way";
  const auto other = StartRobot();
  const TimePoint start = SystemClock().Now();
  AddMany(sessions_->AddRobot("other", ConnectedTo(*other), Fast()), 10, Often());
  EXPECT_TRUE(heard_.Await(kWaiting, 10));
  EXPECT_LT(SystemClock().Now() - start, SessionOptions().call_timeout);
  EXPECT_EQ(robot_->Snapshot().held_answers, 4u) << "which are still under way";
}

INSTANTIATE_TEST_SUITE_P(Over, Recovery, ::testing::Values(Wire::kPlain, Wire::kTls),
                         testing::WireName);

}  // namespace
}  // namespace payload_manager
