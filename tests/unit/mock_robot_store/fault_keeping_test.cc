// What faults on demand change of what a robot keeps, and when that is told.
#include "tests/unit/mock_robot_store/robot_keeping_fixture.h"

namespace mock_robot::testing {
namespace {

using FaultKeeping = RobotKeeping;

// What a fault did at once, and whether it has been told.
struct Told {
  explicit Told(Robot& robot, Fault fault) {
    const auto injected = robot.faults().Inject(std::move(fault));
    EXPECT_TRUE(injected.ok());
    robot.WhenKept(*injected, [this](const payload_manager::Checked<FaultId>& id) {
      told.set_value(id.ok() ? std::string() : id.error().message);
    });
  }
  bool waits() { return why.wait_for(std::chrono::seconds(0)) == std::future_status::timeout; }

  std::promise<std::string> told;
  std::future<std::string> why = told.get_future();
};

TEST_F(FaultKeeping, SaysThatAFaultHasExpiredTheTokensWhenThatIsOnTheDisk) {
  EXPECT_TRUE(Register("a")->kept.get());
  robot_->Await(robot_->Authorize("a", {}));
  const std::string token = Token("a");
  disk_->Stall();
  Told expired(*robot_, {.what = fault::ExpireTokens()});
  EXPECT_TRUE(expired.waits());
  disk_->Fail();
  disk_->GoOn();
  EXPECT_THAT(expired.why.get(), ::testing::HasSubstr("the disk is full"));
  EXPECT_THAT(robot_->faults().List(), ::testing::IsEmpty());
  EXPECT_EQ(List(token)->status, CallStatus::kOk);
  disk_->Fail(false);
  Told again(*robot_, {.what = fault::ExpireTokens()});
  EXPECT_EQ(again.why.get(), "");
  EXPECT_EQ(robot_->faults().List().size(), 1u);
  EXPECT_EQ(List(token)->status, CallStatus::kUnauthenticated);
}

TEST_F(FaultKeeping, SaysThatAFaultHasRebootedTheRobotWhenWhatThatTookIsOffTheDisk) {
  MockRobotOptions options = Options();
  options.assumptions.reboot_keeps_authorization = false;
  StartAgain(options);
  EXPECT_TRUE(Register("a")->kept.get());
  robot_->Await(robot_->Authorize("a", {}));
  disk_->Stall();
  Told rebooted(*robot_, {.what = fault::Reboot()});
  EXPECT_TRUE(rebooted.waits());
  EXPECT_TRUE(disk_->payloads().at("a").authorized);
  disk_->GoOn();
  EXPECT_EQ(rebooted.why.get(), "");
  EXPECT_FALSE(disk_->payloads().at("a").authorized);
}

TEST_F(FaultKeeping, TellsOfFaultsThatStruckWhenWhatTheyDidIsOnTheDisk) {
  ASSERT_TRUE(robot_->faults().Inject({.times = 1, .what = fault::ExpireTokens()}).ok());
  disk_->Stall();
  const auto verdict = robot_->faults().Judge({FindRpc("GetRobotId"), {}, {}});
  ASSERT_TRUE(verdict.has_value());
  std::promise<bool> call_goes_on;
  std::promise<bool> listed;
  robot_->WhenKept(verdict->until_kept, [&](bool kept) { call_goes_on.set_value(kept); });
  robot_->WhenKept(robot_->EverythingSoFar(), [&](bool kept) { listed.set_value(kept); });
  std::future<bool> goes_on = call_goes_on.get_future();
  std::future<bool> is_listed = listed.get_future();
  EXPECT_EQ(goes_on.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  EXPECT_EQ(is_listed.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  disk_->GoOn();
  EXPECT_TRUE(goes_on.get());
  EXPECT_TRUE(is_listed.get());
}

}  // namespace
}  // namespace mock_robot::testing
