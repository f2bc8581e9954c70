#include "payload_manager/payload_manager.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "bosdyn/api/payload.pb.h"
#include "manager/plugin_host.h"
#include "payload_manager/base/completion_scope.h"
#include "tests/integration/manager/manager_fixture.h"
#include "tests/support/temporary_folder.h"

namespace payload_manager {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST_F(Manager, RunsAPluginFromRegistrationToAttachment) {
  PayloadManager& manager = StartManager();
  const auto reports = manager.AddPlugins("spot", {kPlugins / "lidar.so"});
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_THAT(reports[0].payload_ids, ElementsAre(kLidar));
  EXPECT_THAT(reports[0].refusals, IsEmpty());
  ASSERT_TRUE(watch_.WaitForState(kLidar, PayloadState::kWaiting));
  robot_->Authorize(GuidOf(kLidar), "rear");
  ASSERT_TRUE(watch_.WaitForState(kLidar, PayloadState::kAuthorized));
  // The plugin asks for that when it hears of its token.
  EXPECT_TRUE(robot_->WaitUntil([this](const auto& robot) {
    const auto* payload = robot.Find(GuidOf(kLidar));
    return payload != nullptr && payload->payload.is_enabled();
  }));
  EXPECT_TRUE(watch_.WaitForNote("plugin: attached"));
  EXPECT_TRUE(manager.Shutdown());
  EXPECT_EQ(manager.Payloads()[0].state, PayloadState::kRemoved);
}

TEST_F(Manager, ShowsAllThatIsKnownOfAPayload) {
  PayloadManager& manager = StartManager();
  manager.AddPlugins("spot", {kPlugins / "lidar.so"});
  ASSERT_TRUE(watch_.WaitForState(kLidar, PayloadState::kWaiting));
  const PayloadSnapshot waiting = manager.Payloads()[0].snapshot;
  EXPECT_EQ(waiting.robot, "spot");
  EXPECT_EQ(waiting.guid, GuidOf(kLidar));
  EXPECT_GE(waiting.attempts, 1u);
  EXPECT_EQ(waiting.failure, std::nullopt);
  robot_->Stop();
  ASSERT_TRUE(watch_.WaitForState(kLidar, PayloadState::kUnreachable));
  const PayloadSnapshot lost = manager.Payloads()[0].snapshot;
  EXPECT_GT(lost.since, waiting.since);
  EXPECT_TRUE(lost.failure);
  EXPECT_TRUE(manager.Shutdown());
  EXPECT_EQ(manager.Payloads()[0].snapshot.state, PayloadState::kRemoved);
}

TEST_F(Manager, FollowsARobotToAnotherAddress) {
  PayloadManager& manager = StartManager();
  manager.AddPlugins("spot", {kPlugins / "lidar.so"});
  ASSERT_TRUE(watch_.WaitForState(kLidar, PayloadState::kWaiting));
  robot_->Stop();
  ASSERT_TRUE(watch_.WaitForState(kLidar, PayloadState::kUnreachable));
  const auto moved = StartRobot();
  ASSERT_TRUE(manager.UpdateConnection("spot", ConnectTo(*moved)).ok());
  EXPECT_TRUE(watch_.WaitForState(kLidar, PayloadState::kWaiting));
  EXPECT_TRUE(moved->Snapshot().Find(GuidOf(kLidar)) != nullptr);
  EXPECT_THAT(manager.UpdateConnection("nobody", ConnectTo(*moved)).error().message,
              HasSubstr("no robot 'nobody'"));
  EXPECT_THAT(manager.UpdateConnection("spot", nullptr).error().message,
              HasSubstr("no connection"));
  EXPECT_TRUE(manager.Shutdown());
  EXPECT_THAT(manager.UpdateConnection("spot", ConnectTo(*moved)).error().message,
              HasSubstr("shut down"));
}

TEST_F(Manager, AnswersWhateverAPluginAsks) {
  StartManager().AddPlugins("spot", {kZoo / "parrot.so"});
  // "10 of 0 for 1": DONE for its request 1; 9 is ERROR.
  EXPECT_TRUE(watch_.WaitForNote("10 of 0 for 1:"));
  EXPECT_TRUE(watch_.WaitForNote("9 of 0 for 4: definition changed: "));
  EXPECT_TRUE(watch_.WaitForNote("9 of 0 for 8: "));
  EXPECT_TRUE(manager_->Shutdown());
  EXPECT_TRUE(watch_.WaitForNote("closed"));
}

TEST_F(Manager, ARefusedPluginKeepsNobodyFromRunning) {
  const auto reports = StartManager().AddPlugins(
      "spot", {kZoo / "wrong_magic.so", kPlugins / "gas_sensor.so", kZoo / "none.so",
               kZoo / "misspelled.so", kPlugins / "gas_sensor.so", kPlugins / "lidar.so"});
  ASSERT_THAT(reports, SizeIs(6));
  for (const std::size_t refused : {0, 2, 3, 4}) {
    EXPECT_THAT(reports[refused].payload_ids, IsEmpty());
    ASSERT_THAT(reports[refused].refusals, SizeIs(1)) << refused;
    EXPECT_THAT(reports[refused].refusals[0].reason,
                HasSubstr(reports[refused].plugin_file.string()));
  }
  EXPECT_EQ(reports[4].refusals[0].payload_id, kGas);
  EXPECT_TRUE(watch_.WaitForState(kGas, PayloadState::kWaiting));
  EXPECT_TRUE(watch_.WaitForState(kLidar, PayloadState::kWaiting));
  EXPECT_THAT(manager_->Payloads(), SizeIs(2));
}

TEST_F(Manager, StrictStartsNothingOfACallInWhichOneIsRefused) {
  options_.strict = true;
  PayloadManager& manager = StartManager();
  const auto reports = manager.AddPlugins("spot", {kPlugins / "lidar.so", kZoo / "wrong_magic.so"});
  EXPECT_THAT(reports[0].payload_ids, IsEmpty());
  EXPECT_THAT(manager.Payloads(), IsEmpty());
  EXPECT_TRUE(manager.Shutdown());
  EXPECT_EQ(robot_->Snapshot().Calls("RegisterPayload"), 0u);
}

TEST_F(Manager, OneManagerServesManyRobots) {
  const auto second = StartRobot();
  PayloadManager& manager = StartManager();
  ASSERT_TRUE(manager.AddRobot({"spot-2", ConnectTo(*second)}).ok());
  EXPECT_FALSE(manager.AddRobot({"spot-2", ConnectTo(*second)}).ok());
  EXPECT_FALSE(manager.AddRobot({"a/b", ConnectTo(*second)}).ok());
  manager.AddPlugins("spot", {kPlugins / "gas_sensor.so"});
  manager.AddPlugins("spot-2", {kPlugins / "gas_sensor.so"});
  EXPECT_TRUE(watch_.WaitForState(kGas, PayloadState::kWaiting, "spot"));
  EXPECT_TRUE(watch_.WaitForState(kGas, PayloadState::kWaiting, "spot-2"));
  const auto payloads = manager.Payloads();
  ASSERT_THAT(payloads, SizeIs(2));
  EXPECT_NE(payloads[0].guid, payloads[1].guid);
}

TEST_F(Manager, APluginThatBlocksStandsStillAlone) {
  PayloadManager& manager = StartManager();
  manager.AddPlugins("spot", {kStuck, kPlugins / "lidar.so"});
  ASSERT_TRUE(watch_.WaitForState("acme.stuck", PayloadState::kWaiting));
  ASSERT_TRUE(watch_.WaitForState(kLidar, PayloadState::kWaiting));
  robot_->Authorize(GuidOf(kLidar));
  EXPECT_TRUE(watch_.WaitForNote("plugin: attached"));
  const TimePoint before = SystemClock().Now();
  EXPECT_FALSE(manager.Shutdown(std::chrono::milliseconds(200)));
  EXPECT_LT(SystemClock().Now() - before, std::chrono::seconds(5));
  EXPECT_TRUE(watch_.WaitForNote("closing after"));  // the lidar was closed all the same
}

TEST_F(Manager, APluginThatDoesNotOpenIsNotWaitedForLonger) {
  const auto host = PluginHost::Start(kStuckInOpen, [](const PluginCall&) {});
  EXPECT_FALSE(host->WaitUntilOpen(SystemClock().Now() + std::chrono::milliseconds(50)));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(host->WaitUntilOpen(TimePoint::max(), stop.get_token()));
  EXPECT_FALSE(host->Close(std::chrono::milliseconds(10)));
}

TEST_F(Manager, APluginStillInItsOpenIsNotForgottenByShutdown) {
  PayloadManager& manager = StartManager();
  const auto reports = manager.AddPlugins("spot", {kStuckInOpen, kPlugins / "lidar.so"}, {},
                                          SystemClock().Now() + std::chrono::milliseconds(300));
  for (const PluginReport& report : reports) {
    EXPECT_THAT(report.payload_ids, IsEmpty());
    EXPECT_THAT(report.refusals, IsEmpty());
  }
  EXPECT_FALSE(manager.Shutdown(std::chrono::milliseconds(200)));
}

TEST_F(Manager, AStopEndsTheWaitForPluginsAndStartsNone) {
  PayloadManager& manager = StartManager();
  std::stop_source stop;
  auto reports = std::async(std::launch::async, [&] {
    return manager.AddPlugins("spot", {kPlugins / "lidar.so", kStuckInOpen}, stop.get_token());
  });
  stop.request_stop();
  EXPECT_THAT(reports.get(), SizeIs(2));
  EXPECT_THAT(manager.Payloads(), IsEmpty());
  EXPECT_FALSE(manager.Shutdown(std::chrono::milliseconds(200)));
}

TEST_F(Manager, StrictMakesNoIdentitiesWhenALaterPayloadIsRefused) {
  const testing::TemporaryFolder folder;
  options_.state_dir = folder.path();
  options_.strict = true;
  PayloadManager& manager = StartManager();
  const auto reports =
      manager.AddPlugins("spot", {kPlugins / "gas_sensor.so", kPlugins / "gas_sensor.so"});
  EXPECT_THAT(reports[0].refusals, IsEmpty());
  EXPECT_THAT(reports[1].refusals, SizeIs(1));
  EXPECT_TRUE(fs::is_empty(*options_.state_dir));
}

TEST_F(Manager, APluginThatFloodsTheLogStopsWithTheRest) {
  StartManager().AddPlugins("spot", {kZoo / "busy.so", kPlugins / "lidar.so"});
  EXPECT_TRUE(watch_.WaitForState(kLidar, PayloadState::kWaiting));
  EXPECT_TRUE(watch_.WaitForNote("busy"));
  EXPECT_TRUE(manager_->Shutdown(std::chrono::seconds(10)));
}

TEST_F(Manager, ATokenDoesNotReachTheLog) {
  StartManager().AddPlugins("spot", {kPlugins / "lidar.so"});
  ASSERT_TRUE(watch_.WaitForState(kLidar, PayloadState::kWaiting));
  robot_->Authorize(GuidOf(kLidar));
  ASSERT_TRUE(watch_.WaitForNote("plugin: attached"));
  EXPECT_TRUE(manager_->Shutdown());
  EXPECT_THAT(watch_.Notes(), Not(HasSubstr("eyJ")));
}

TEST_F(Manager, NothingIsAcceptedOrToldAfterShutdown) {
  PayloadManager& manager = StartManager();
  manager.AddPlugins("spot", {kPlugins / "lidar.so"});
  ASSERT_TRUE(watch_.WaitForState(kLidar, PayloadState::kWaiting));
  EXPECT_TRUE(manager.Shutdown());
  const std::size_t heard = watch_.Heard();
  EXPECT_TRUE(manager.Shutdown());
  EXPECT_FALSE(manager.AddRobot({"spot-2", ConnectTo(*robot_)}).ok());
  const auto reports = manager.AddPlugins("spot", {kPlugins / "gas_sensor.so"});
  EXPECT_THAT(reports[0].refusals[0].reason, HasSubstr("shut down"));
  robot_->Authorize(manager.Payloads()[0].guid);
  EXPECT_EQ(watch_.Heard(), heard);
}

TEST_F(Manager, ShutdownOnACallbackThreadIsOnlyARequest) {
  std::promise<bool> returned;
  std::atomic<bool> asked = false;
  options_.on_change = [&](const PayloadChange&) {
    if (!asked.exchange(true)) returned.set_value(manager_->Shutdown());
  };
  StartManager().AddPlugins("spot", {kPlugins / "lidar.so"});
  auto result = returned.get_future();
  ASSERT_EQ(result.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_FALSE(result.get());
  EXPECT_TRUE(manager_->Shutdown());
}

TEST_F(Manager, ShutdownInACompletionIsOnlyARequest) {
  StartManager().AddPlugins("spot", {kPlugins / "lidar.so"});
  {
    const CompletionScope scope;
    EXPECT_FALSE(manager_->Shutdown());
  }
  EXPECT_FALSE(manager_->AddRobot({"spot-2", ConnectTo(*robot_)}).ok());
  EXPECT_TRUE(manager_->Shutdown(Duration::max())) << "any grace may be given";
}

bool IsLoaded(const fs::path& library) {
  void* const found = ::dlopen(library.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (found != nullptr) ::dlclose(found);
  return found != nullptr;
}

TEST_F(Manager, NoPluginIsLoadedAfterShutdownThoughSomeAreJustBeingAdded) {
  const fs::path gas = kPlugins / "gas_sensor.so";
  for (int round = 0; round < 10; ++round) {  // each shuts down a little later
    PayloadManager& manager = StartManager();
    std::atomic<bool> begun = false;
    auto reports = std::async(std::launch::async, [&] {
      begun = true;
      return manager.AddPlugins("spot", std::vector<fs::path>(100, gas));
    });
    while (!begun) std::this_thread::yield();
    const TimePoint due = SystemClock().Now() + round * std::chrono::microseconds(500);
    while (SystemClock().Now() < due) std::this_thread::yield();
    ASSERT_TRUE(manager.Shutdown(std::chrono::seconds(60)));
    bool loaded = false;
    do {
      loaded = loaded || IsLoaded(gas);
    } while (reports.wait_for(Duration(0)) != std::future_status::ready);
    ASSERT_FALSE(loaded) << "round " << round;
    manager_.reset();
  }
}

TEST_F(Manager, AChangedDefinitionWeighsAndIsCalledWhatItSaysNow) {
  PayloadManager& manager = StartManager();
  manager.AddPlugins("spot", {kZoo / "grows.so"});
  ASSERT_TRUE(watch_.WaitForNote("has grown"));
  EXPECT_EQ(manager.Payloads()[0].name, "grown animal");
  manager.AddPlugins("spot", {kPlugins / "gas_sensor.so"});
  EXPECT_TRUE(watch_.WaitForNote("is 0.55 kg, which makes 14.15 kg on this robot"));
}

TEST_F(Manager, ShutdownDoesNotWaitForARobotThatIsSilent) {
  robot_->HoldAnswers();
  StartManager().AddPlugins("spot", {kPlugins / "lidar.so"});
  ASSERT_TRUE(robot_->WaitUntil([](const auto& robot) { return robot.held_answers > 0; }));
  const TimePoint before = SystemClock().Now();
  EXPECT_TRUE(manager_->Shutdown());
  EXPECT_LT(SystemClock().Now() - before, std::chrono::seconds(3));
}

}  // namespace
}  // namespace payload_manager
