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
  // Many payloads at a modest pace.
  void AddMany() {
    PacingOptions pacing = Fast();
    pacing.registration_calls_per_second = kPerSecond;
    spot_ = sessions_->AddRobot("spot", Connected(), pacing);
    SessionOptions options = Impatient();
    options.interval = kDeadline;
    options.slowest_token_poll = options.token_poll = kDeadline;
    for (int i = 0; i < kPayloads; ++i) {
      auto payload = std::make_shared<bosdyn::api::Payload>(Definition());
      payload->set_guid("11111111-2222-4333-8444-0000000000" + std::to_string(10 + i));
      ASSERT_TRUE(
          sessions_->Add(spot_, payload, Secret("secret"), options, heard_.Observer()).ok());
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
  AddMany();
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

INSTANTIATE_TEST_SUITE_P(Over, Recovery, ::testing::Values(Wire::kPlain, Wire::kTls),
                         testing::WireName);

}  // namespace
}  // namespace payload_manager
