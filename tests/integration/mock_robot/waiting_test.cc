// Holding and letting go while everything else goes on.
#include <atomic>
#include <future>
#include <mutex>

#include "tests/integration/mock_robot/fault_fixture.h"

namespace mock_robot::testing {
namespace {

class Holding : public OnDemand {};

TEST_F(Holding, OneGuidLeavesTheOthersAlone) {
  robot_->HoldAnswers({.guid = kGuid});
  CallUnderWay call(client_);
  ASSERT_TRUE(robot_->WaitUntil(OneIsHeld));
  EXPECT_TRUE(Register(client_, "another").ok());
  robot_->ReleaseAnswers();
  EXPECT_TRUE(call.Join().ok());
}

TEST_F(Holding, TwiceIsReleasedOnce) {
  robot_->HoldAnswers();
  robot_->HoldAnswers();
  EXPECT_EQ(robot_->Faults().size(), 1u);
  CallUnderWay call(client_);
  ASSERT_TRUE(robot_->WaitUntil(OneIsHeld));
  robot_->ReleaseAnswers();
  EXPECT_TRUE(call.Join().ok());
  EXPECT_TRUE(robot_->Faults().empty());
}

TEST_F(Holding, EndsWithTheRobotEvenIfCallsHaveYetToTakeEffect) {
  Inject({.effect = Effect::kNone, .what = fault::Hang()});
  Inject({.effect = Effect::kTaken, .what = fault::Hang()});
  CallUnderWay call(client_);
  ASSERT_TRUE(robot_->WaitUntil(OneIsHeld));
  robot_->Stop(std::chrono::seconds(5));
  EXPECT_TRUE(call.Join().ok());
  EXPECT_TRUE(IsRegistered());
}

// Not only at the end of its patience.
TEST(Watching, SeesWhenSoftwareIsStagedAndUnstaged) {
  const auto robot = StartRobot();
  bosdyn::api::StagedSoftwarePackage package;
  package.mutable_version_info()->set_package_name("acme");
  const auto watch = [&](std::size_t staged, const std::function<void()>& change) {
    std::promise<void> looked;
    std::once_flag once;
    auto seen = std::async(std::launch::async, [&] {
      return robot->WaitUntil(
          [&](const RobotSnapshot& snapshot) {
            std::call_once(once, [&] { looked.set_value(); });
            return snapshot.software.size() == staged;
          },
          std::chrono::minutes(1));
    });
    looked.get_future().wait();
    change();
    EXPECT_EQ(seen.wait_for(std::chrono::seconds(20)), std::future_status::ready);
    EXPECT_TRUE(seen.get());
  };
  watch(1, [&] { EXPECT_TRUE(robot->StageSoftware(package).ok()); });
  watch(0, [&] { EXPECT_TRUE(robot->UnstageSoftware("acme").ok()); });
}

// Everything that can be done to faults, while calls run and until the robot has stopped.
TEST(FaultsUnderLoad, NeverLoseACall) {
  const auto robot = StartRobot();
  std::atomic<bool> over = false;
  std::atomic<int> answered = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      WireClient client(robot->address(), "");
      WireOptions options;
      options.deadline = std::chrono::seconds(10);
      while (!over) {
        EXPECT_NE(Register(client, "guid-" + std::to_string(i), options).code, "DEADLINE_EXCEEDED");
        ++answered;
      }
    });
  }
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&, i] {
      const payload_manager::Duration moment = std::chrono::microseconds(300);
      const Fault kinds[] = {
          {.calls = {.guid = "guid-0"}, .what = fault::Hang()},
          {.effect = Effect::kNone, .what = fault::Hang()},
          {.times = 3, .what = fault::Latency{.at_most = moment}},
          {.probability = 0.5, .effect = Effect::kTaken, .what = fault::Latency{moment}},
          {.times = 1, .what = fault::Reset()},
          {.calls = {.guid = "guid-1"}, .what = fault::HeaderError()},
          {.what = fault::ClockSkew{std::chrono::hours(1)}},
          {.times = 1, .what = fault::ExpireTokens()},
      };
      for (std::size_t n = static_cast<std::size_t>(i); !over; ++n) {
        const auto id = robot->Inject(kinds[n % std::size(kinds)]);
        robot->WaitUntil([](const RobotSnapshot& s) { return s.held_answers != 0; },
                         std::chrono::milliseconds(2));
        if (!id.ok()) continue;
        robot->ReleaseFault(*id);
        robot->Faults();
        if (n % 16 == 0) robot->RemoveFaults();
        robot->RemoveFault(*id);
      }
    });
  }
  robot->WaitUntil([&](const RobotSnapshot&) { return answered >= 200; });
  EXPECT_GE(answered, 200);
  robot->Stop();
  over = true;
}

}  // namespace
}  // namespace mock_robot::testing
