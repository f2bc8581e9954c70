#include "tools/payload_host/goal.h"

#include <gtest/gtest.h>

#include <tuple>

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
  const Ending ending = test.settled ? Ending::kSettled : Ending::kTimedOut;
  EXPECT_EQ(static_cast<int>(goal.Conclude(ending)), test.exit_code);
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
        Case{"ARejectedDefinitionSettles", Until::kRegistered, false, {kInvalid}, true, 1},
        Case{"TimedOutBeatsARejectedDefinition",
             Until::kAuthorized,
             false,
             {kInvalid, kWaiting},
             false,
             7}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(Goal, AStateThatWasLeftCountsNoMore) {
  Goal goal(Until::kRegistered, false);
  goal.OnState("acme.lidar", kWaiting);
  goal.OnState("acme.lidar", kUnreachable);
  EXPECT_FALSE(goal.IsSettled());
}

TEST(Goal, AStopEndsLikeTheEndExceptThatUnsettledIsNoTimeout) {
  for (const auto& [refused, state, code] :
       {std::tuple(true, kRejected, 9), std::tuple(false, kRejected, 5),
        std::tuple(false, kAuthorized, 0), std::tuple(false, kWaiting, 1)}) {
    Goal goal(Until::kAuthorized, refused);
    goal.OnState("acme.lidar", state);
    EXPECT_EQ(static_cast<int>(goal.Conclude(Ending::kStopped)), code);
  }
}

TEST(Goal, AStartThatWasGivenUpIsNeverSettled) {
  const Goal goal(Until::kRegistered, false, false);
  EXPECT_FALSE(goal.IsSettled());
  EXPECT_EQ(static_cast<int>(goal.Conclude(Ending::kTimedOut)), 7);
  EXPECT_EQ(static_cast<int>(goal.Conclude(Ending::kStopped)), 1);
}

}  // namespace
}  // namespace payload_manager::payload_host
