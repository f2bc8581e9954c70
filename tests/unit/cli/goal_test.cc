#include "tools/payload_host/goal.h"

#include <gtest/gtest.h>

namespace payload_manager::payload_host {
namespace {

constexpr auto kRegistering = PayloadState::kRegistering;
constexpr auto kWaiting = PayloadState::kWaiting;
constexpr auto kAuthorized = PayloadState::kAuthorized;
constexpr auto kRejected = PayloadState::kCredentialsRejected;
constexpr auto kUnreachable = PayloadState::kUnreachable;
constexpr auto kInvalid = PayloadState::kDefinitionRejected;

struct Case {
  const char* what;
  Until until;
  bool any_refused;
  std::vector<PayloadState> states;
  bool settled;
  int exit_code;
};

class GoalTable : public ::testing::TestWithParam<Case> {};

TEST_P(GoalTable, SettlesAndConcludes) {
  const Case& test = GetParam();
  Goal goal(test.until, test.any_refused);
  int number = 0;
  for (const PayloadState state : test.states) {
    goal.OnState("acme." + std::to_string(++number), state);
  }
  EXPECT_EQ(goal.IsSettled(), test.settled);
  EXPECT_EQ(static_cast<int>(goal.Conclude()), test.exit_code);
}

INSTANTIATE_TEST_SUITE_P(
    Goal, GoalTable,
    ::testing::Values(
        Case{"NothingToWaitFor", Until::kStopped, true, {kRejected}, false, 0},
        Case{"AllRegistered", Until::kRegistered, false, {kWaiting, kAuthorized}, true, 0},
        Case{"OneStillRegistering", Until::kRegistered, false, {kWaiting, kRegistering}, false, 7},
        Case{
            "WaitingIsNotAuthorized", Until::kAuthorized, false, {kAuthorized, kWaiting}, false, 7},
        Case{"AllAuthorized", Until::kAuthorized, false, {kAuthorized, kAuthorized}, true, 0},
        Case{"RejectedCredentialsSettle",
             Until::kAuthorized,
             false,
             {kAuthorized, kRejected},
             true,
             5},
        Case{"RejectedBeatsTimedOut", Until::kAuthorized, false, {kRejected, kWaiting}, false, 5},
        Case{"RefusedBeatsRejected", Until::kAuthorized, true, {kRejected, kWaiting}, false, 9},
        Case{"RefusedBeatsDone", Until::kRegistered, true, {kWaiting}, true, 9},
        Case{"AnUnreachableRobotTimesOut", Until::kRegistered, false, {kUnreachable}, false, 7},
        Case{"ARejectedDefinitionTimesOut", Until::kRegistered, false, {kInvalid}, false, 7}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(Goal, AStateThatWasLeftCountsNoMore) {
  Goal goal(Until::kRegistered, false);
  goal.OnState("acme.lidar", kWaiting);
  goal.OnState("acme.lidar", kUnreachable);
  EXPECT_FALSE(goal.IsSettled());
}

}  // namespace
}  // namespace payload_manager::payload_host
