// The command that moves a mock robot's clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/cli/fake_environment.h"

namespace payload_manager::payloadctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MockAdvance : public ::testing::Test {
 protected:
  int Run(const std::string& seconds) {
    return static_cast<int>(
        payloadctl::Run({"mock", "advance", seconds, "--admin", "127.0.0.1:41002"}, env_));
  }

  FakeEnvironment env_;
};

TEST_F(MockAdvance, MovesTheClockByTheSecondsGivenAndSaysWhatTimeItIs) {
  EXPECT_EQ(Run("43199.5"), 0);
  EXPECT_THAT(env_.admin.calls, ElementsAre("advance 43199500000000 ns"));
  EXPECT_EQ(env_.output(), "moved ahead by 43199.5 s, to 2026-05-04T03:02:01Z\n");
}

TEST_F(MockAdvance, MovesNothingByWhatIsNoTimeAndNamesTheArgument) {
  for (const char* wrong : {"soon", "0", "1e12", "nan"}) {
    EXPECT_EQ(Run(wrong), 2) << wrong;
    EXPECT_THAT(env_.errors(), HasSubstr("payloadctl: SECONDS: '" + std::string(wrong) + "'"));
  }
  EXPECT_THAT(env_.admin.calls, IsEmpty());
}

TEST_F(MockAdvance, TellsWhenTheDiskFailedForWhatCameDue) {
  env_.admin.answer = AdminAnswer{::mock_robot::v1::RESULT_NOT_KEPT, "the disk is full"};
  EXPECT_EQ(Run("5"), 1);
  EXPECT_EQ(env_.errors(), "payloadctl: the disk is full\n");
}

}  // namespace
}  // namespace payload_manager::payloadctl
