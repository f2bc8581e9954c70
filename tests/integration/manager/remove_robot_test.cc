// A robot that goes while the others stay.
#include <gmock/gmock.h>

#include <future>

#include "payload_manager/base/completion_scope.h"
#include "tests/integration/manager/manager_fixture.h"
#include "tests/support/temporary_folder.h"

namespace payload_manager {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RemoveRobot : public Manager {};

TEST_F(RemoveRobot, EndsItsPayloadsAndItsPluginsAndDisturbsNoOther) {
  const auto second = StartRobot();
  PayloadManager& manager = StartManager();
  ASSERT_TRUE(manager.AddRobot({"spot-2", ConnectTo(*second)}).ok());
  manager.AddPlugins("spot", {kPlugins / "gas_sensor.so"});
  manager.AddPlugins("spot-2", {kPlugins / "gas_sensor.so", kPlugins / "lidar.so"});
  ASSERT_TRUE(watch_.WaitForState(kGas, PayloadState::kWaiting, "spot-2"));
  ASSERT_TRUE(watch_.WaitForState(kLidar, PayloadState::kWaiting, "spot-2"));
  EXPECT_THAT(manager.Payloads(), SizeIs(3));
  EXPECT_TRUE(manager.RemoveRobotAndWait("spot-2", seconds(20)));
  EXPECT_TRUE(watch_.WaitForNote("closing after")) << "the lidar says so when it is closed";
  ASSERT_THAT(manager.Payloads(), SizeIs(1));
  EXPECT_EQ(manager.Payloads()[0].robot, "spot");
  EXPECT_FALSE(manager.RemoveRobot("spot-2")) << "it is gone";
  EXPECT_THAT(manager.AddPlugins("spot-2", {kPlugins / "lidar.so"})[0].refusals[0].reason,
              HasSubstr("no robot 'spot-2'"));
  EXPECT_EQ(second->Snapshot().payloads.size(), 2u) << "nothing is unregistered";

  ASSERT_TRUE(watch_.WaitForState(kGas, PayloadState::kWaiting, "spot"));
  robot_->Authorize(manager.Payloads()[0].guid);
  EXPECT_TRUE(watch_.WaitForState(kGas, PayloadState::kAuthorized, "spot"));
  EXPECT_TRUE(manager.Shutdown(seconds(20)));
}

TEST_F(RemoveRobot, ItMayBeAddedAgainAtOnceAndHasItsPayloadsIdentities) {
  const testing::TemporaryFolder folder;
  options_.state_dir = folder.path();
  PayloadManager& manager = StartManager();
  manager.AddPlugins("spot", {kPlugins / "lidar.so"});
  ASSERT_TRUE(watch_.WaitForState(kLidar, PayloadState::kWaiting));
  const std::string guid = GuidOf(kLidar);
  EXPECT_TRUE(manager.RemoveRobot("spot"));
  ASSERT_TRUE(manager.AddRobot({"spot", ConnectTo(*robot_)}).ok());
  EXPECT_THAT(manager.Payloads(), IsEmpty());
  robot_->Authorize(guid);
  EXPECT_THAT(manager.AddPlugins("spot", {kPlugins / "lidar.so"})[0].payload_ids,
              ElementsAre(kLidar));
  EXPECT_EQ(GuidOf(kLidar), guid);
  EXPECT_TRUE(watch_.WaitForState(kLidar, PayloadState::kAuthorized));
  EXPECT_TRUE(manager.Shutdown(seconds(20)));
  fs::remove_all(*options_.state_dir);
}

TEST_F(RemoveRobot, LetsGoOfTheConnection) {
  PayloadManager& manager = StartManager();
  std::weak_ptr<RobotConnection> connection;
  {
    const auto ours = ConnectTo(*robot_);
    connection = ours;
    ASSERT_TRUE(manager.AddRobot({"spot-2", ours}).ok());
  }
  manager.AddPlugins("spot-2", {kPlugins / "lidar.so"});
  ASSERT_TRUE(watch_.WaitForState(kLidar, PayloadState::kWaiting, "spot-2"));
  EXPECT_TRUE(manager.RemoveRobotAndWait("spot-2", seconds(20)));
  EXPECT_TRUE(connection.expired());
}

TEST_F(RemoveRobot, DoesNotWaitForOneThatIsSilent) {
  robot_->HoldAnswers();
  PayloadManager& manager = StartManager();
  manager.AddPlugins("spot", {kPlugins / "lidar.so"});
  ASSERT_TRUE(robot_->WaitUntil([](const auto& robot) { return robot.held_answers > 0; }));
  const TimePoint before = SystemClock().Now();
  EXPECT_TRUE(manager.RemoveRobotAndWait("spot", seconds(20)));
  EXPECT_LT(SystemClock().Now() - before, seconds(5));
}

TEST_F(RemoveRobot, SaysWhenAPluginIsStillBusyAndLeavesItToShutdown) {
  PayloadManager& manager = StartManager();
  manager.AddPlugins("spot", {kStuckInOpen}, {}, SystemClock().Now() + milliseconds(100));
  EXPECT_FALSE(manager.RemoveRobotAndWait("spot", milliseconds(200)));
  EXPECT_FALSE(manager.RemoveRobot("spot")) << "the robot is gone all the same";
  EXPECT_FALSE(manager.Shutdown(milliseconds(200)));
}

TEST_F(RemoveRobot, EndsTheLoadingOfItsPlugins) {
  PayloadManager& manager = StartManager();
  auto reports = std::async(std::launch::async, [&] {
    return manager.AddPlugins("spot", {kStuckInOpen, kPlugins / "lidar.so"});
  });
  ASSERT_TRUE(watch_.WaitForNote("opening"));
  EXPECT_TRUE(manager.RemoveRobot("spot"));
  for (const PluginReport& report : reports.get()) {
    EXPECT_THAT(report.payload_ids, IsEmpty());
    ASSERT_THAT(report.refusals, SizeIs(1));
    EXPECT_EQ(report.refusals[0].reason,
              report.plugin_file.string() + ": the robot was removed meanwhile");
  }
  EXPECT_THAT(manager.Payloads(), IsEmpty());
}

TEST_F(RemoveRobot, InACompletionIsOnlyARequest) {
  PayloadManager& manager = StartManager();
  manager.AddPlugins("spot", {kStuckInOpen}, {}, SystemClock().Now() + milliseconds(100));
  const TimePoint before = SystemClock().Now();
  {
    const CompletionScope in_a_completion;
    EXPECT_FALSE(manager.RemoveRobotAndWait("spot", seconds(10)));
  }
  EXPECT_LT(SystemClock().Now() - before, seconds(5));
  EXPECT_FALSE(manager.RemoveRobot("spot"));
}

TEST_F(RemoveRobot, TakesAnyLimit) {
  PayloadManager& manager = StartManager();
  manager.AddPlugins("spot", {kPlugins / "lidar.so"});
  EXPECT_TRUE(manager.RemoveRobotAndWait("spot", Duration::max()));
}

TEST_F(RemoveRobot, OnACallbackThreadIsOnlyARequest) {
  std::promise<bool> returned;
  options_.on_change = [&](const PayloadChange& change) {
    if (change.new_state == PayloadState::kWaiting) {
      returned.set_value(manager_->RemoveRobotAndWait("spot", seconds(20)));
    }
  };
  StartManager().AddPlugins("spot", {kPlugins / "lidar.so"});
  auto result = returned.get_future();
  ASSERT_EQ(result.wait_for(seconds(20)), std::future_status::ready);
  EXPECT_FALSE(result.get());
  EXPECT_THAT(manager_->Payloads(), IsEmpty());
  EXPECT_TRUE(manager_->Shutdown(seconds(20)));
  EXPECT_FALSE(manager_->RemoveRobot("spot"));
}

}  // namespace
}  // namespace payload_manager
