#include "mock_robot/gtest/mock_robot_test.h"
#include "tests/integration/mock_robot/robot_under_test.h"

namespace mock_robot {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::kGuid;
using ::testing::Not;

class MockRobotFixture : public MockRobotTest {
 protected:
  MockRobotFixture() : MockRobotTest(testing::PlainOptions()) {}

  void RegisterOne() {
    testing::WireClient client(robot().address(), "");
    ASSERT_TRUE(testing::Register(client).ok());
  }
};

TEST_F(MockRobotFixture, TellsTheStatesOfAPayloadApart) {
  EXPECT_THAT(robot(), Not(IsRegistered(kGuid)));
  EXPECT_THAT(robot(), Not(IsWaiting(kGuid)));
  RegisterOne();
  EXPECT_THAT(robot(), AllOf(IsRegistered(kGuid), IsWaiting(kGuid), Not(IsAuthorized(kGuid)),
                             Not(IsAttached(kGuid)), Not(HasVersion(kGuid, "1.2.3"))));
  ASSERT_TRUE(robot().Authorize(kGuid).ok());
  EXPECT_THAT(robot(), AllOf(IsAuthorized(kGuid), Not(IsWaiting(kGuid))));
  EXPECT_THAT(robot(), IsAuthorizedWith(kGuid, ""));
  EXPECT_THAT(robot(), Not(IsAuthorizedWith(kGuid, "front")));
  ASSERT_TRUE(robot().Forget(kGuid).ok());
  EXPECT_THAT(robot(), Not(IsRegistered(kGuid)));
}

TEST_F(MockRobotFixture, MatchersIgnoreTheCaseOfAGuidAsTheRobotDoes) {
  RegisterOne();
  std::string shouted = kGuid;
  for (char& c : shouted) c = static_cast<char>(std::toupper(c));
  EXPECT_THAT(robot(), IsRegistered(shouted));
}

TEST_F(MockRobotFixture, AMismatchSaysHowThePayloadStandsInstead) {
  RegisterOne();
  ::testing::StringMatchResultListener listener;
  EXPECT_FALSE(ExplainMatchResult(IsAttached(kGuid), robot(), &listener));
  EXPECT_EQ(listener.str(), "where it is waiting for authorization, not attached, version unknown");
  EXPECT_EQ(::testing::DescribeMatcher<const MockRobot&>(IsAttached("x")),
            "has a payload x that is attached");
}

TEST_F(MockRobotFixture, EventuallyReturnsOnceTheRobotMatches) {
  RegisterOne();
  ASSERT_TRUE(robot().Authorize(kGuid).ok());
  EXPECT_TRUE(Eventually(robot(), AllOf(IsRegistered(kGuid), IsAuthorized(kGuid))));
}

TEST_F(MockRobotFixture, EventuallySaysWhatItWaitedForInVain) {
  const auto result = Eventually(robot(), IsAuthorized(kGuid), std::chrono::milliseconds(1));
  EXPECT_FALSE(result);
  EXPECT_THAT(result.message(), HasSubstr("has a payload " + kGuid + " that is authorized"));
  EXPECT_THAT(result.message(), HasSubstr("which has no payload of this GUID"));
}

}  // namespace
}  // namespace mock_robot
