#include "session/robot_queue.h"

#include <gmock/gmock.h>

namespace payload_manager {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Failure kLost{FailureKind::kUnableToConnect, "connection refused"};

class RobotQueueTest : public ::testing::Test {
 protected:
  std::vector<std::uint64_t> GrantAll() {
    std::vector<std::uint64_t> granted;
    while (const auto next = queue_.Grant(now_)) granted.push_back(next->waiter);
    return granted;
  }
  void Enqueue(std::initializer_list<std::uint64_t> sessions) {
    for (const auto session : sessions) queue_.Enqueue(session, CallClass::kRegistration);
  }
  // Lets time pass until somebody's turn comes.
  void Wait() {
    ASSERT_TRUE(queue_.NextGrant());
    now_ = std::max(now_, *queue_.NextGrant());
  }

  TimePoint now_{std::chrono::hours(1)};
  RobotQueue queue_{PacingOptions{}, 1};
};

TEST_F(RobotQueueTest, OneProbeAtATimeWhileTheRobotIsOutOfReach) {
  Enqueue({1, 2, 3});
  EXPECT_TRUE(queue_.OutOfReach(4, kLost, now_)) << "that is news";
  Wait();
  EXPECT_THAT(GrantAll(), ElementsAre(1));
  EXPECT_EQ(queue_.NextGrant(), std::nullopt) << "the others wait for the probe";
  EXPECT_FALSE(queue_.OutOfReach(1, kLost, now_)) << "that is no news";
  Wait();
  EXPECT_THAT(GrantAll(), ElementsAre(2)) << "the next in line, not always the same";
}

TEST_F(RobotQueueTest, AnyAnswerLetsEverybodyGo) {
  queue_.OutOfReach(9, kLost, now_);
  Enqueue({1, 2, 3});
  Wait();
  GrantAll();
  EXPECT_TRUE(queue_.Answered(7, now_)) << "a late answer to a call from before";
  EXPECT_FALSE(queue_.Answered(1, now_));
  EXPECT_THAT(GrantAll(), ElementsAre(2, 3));
  EXPECT_EQ(queue_.outage(), std::nullopt);
}

TEST_F(RobotQueueTest, AProbeFromTheLastOutageIsNoneInTheNext) {
  queue_.OutOfReach(9, kLost, now_);
  Enqueue({1});
  Wait();
  ASSERT_THAT(GrantAll(), ElementsAre(1));
  EXPECT_TRUE(queue_.Answered(7, now_)) << "while the probe is under way";
  EXPECT_TRUE(queue_.OutOfReach(1, kLost, now_));
  Enqueue({2});
  Wait();
  EXPECT_THAT(GrantAll(), ElementsAre(2));
}

TEST_F(RobotQueueTest, KnowsWhetherItHasBeenAnsweredSinceACallWasSent) {
  const TimePoint sent = now_;
  EXPECT_FALSE(queue_.AnsweredSince(sent)) << "never";
  queue_.Answered(1, now_);
  EXPECT_FALSE(queue_.AnsweredSince(sent)) << "at the same instant: before or after?";
  now_ += milliseconds(1);
  queue_.Answered(1, now_);
  EXPECT_TRUE(queue_.AnsweredSince(sent));
  EXPECT_FALSE(queue_.AnsweredSince(now_));
  queue_.OutOfReach(1, kLost, now_ + milliseconds(1));
  EXPECT_FALSE(queue_.AnsweredSince(sent)) << "it is out of reach, whatever was before";
}

TEST_F(RobotQueueTest, ProbesComeWithinADoublingBoundUpToTheLast) {
  queue_.OutOfReach(1, kLost, now_);
  Duration bound = seconds(1);
  for (int i = 0; i < 10; ++i) {
    Enqueue({1});
    const TimePoint failed = now_;
    Wait();
    EXPECT_LT(now_ - failed, bound) << i;
    ASSERT_THAT(GrantAll(), ElementsAre(1));
    queue_.OutOfReach(1, kLost, now_);
    bound = std::min<Duration>(bound * 2, seconds(10));
  }
}

TEST_F(RobotQueueTest, TheBackOffStartsAnewOnlyOnceTheRobotHasSettled) {
  const auto longest_wait = [this] {
    Duration longest{0};
    for (int i = 0; i < 200; ++i) {  // each time it is back for one call
      queue_.OutOfReach(1, kLost, now_);
      Enqueue({1});
      longest = std::max(longest, *queue_.NextGrant() - now_);
      Wait();
      GrantAll();
      queue_.Ended();
      queue_.Answered(1, now_);
    }
    return longest;
  };
  EXPECT_GT(longest_wait(), seconds(8));
  now_ += seconds(60);
  queue_.OutOfReach(1, kLost, now_);
  Enqueue({1});
  EXPECT_LT(*queue_.NextGrant() - now_, seconds(1));
}

TEST_F(RobotQueueTest, AFailureThatWasUnderWayBeforeDoesNotDelayTheProbe) {
  queue_.OutOfReach(1, kLost, now_);
  Enqueue({3});
  const auto due = queue_.NextGrant();
  queue_.OutOfReach(2, kLost, now_ + milliseconds(1));
  EXPECT_EQ(queue_.NextGrant(), due);
}

TEST_F(RobotQueueTest, AProbeThatIsWithdrawnMakesRoomForAnother) {
  queue_.OutOfReach(9, kLost, now_);
  Enqueue({1, 2});
  Wait();
  ASSERT_THAT(GrantAll(), ElementsAre(1));
  queue_.Withdraw(1);
  EXPECT_THAT(GrantAll(), ElementsAre(2));
}

TEST_F(RobotQueueTest, OnlySoManyCallsAreUnderWayAtOnce) {
  PacingOptions pacing;
  pacing.registration_calls_per_second = 100;
  pacing.most_calls_under_way = 2;
  queue_ = RobotQueue(pacing, 1);
  Enqueue({1, 2, 3});
  EXPECT_THAT(GrantAll(), ElementsAre(1, 2));
  EXPECT_EQ(queue_.NextGrant(), std::nullopt) << "not before one has ended";
  queue_.Ended();
  EXPECT_THAT(GrantAll(), ElementsAre(3));
  EXPECT_EQ(queue_.under_way(), 2);
}

TEST_F(RobotQueueTest, OnlyProbesWaitForAConnectionAndEverySixthDoesNot) {
  Enqueue({1});
  GrantAll();
  EXPECT_FALSE(queue_.WaitsForConnection(1)) << "nothing is known to be wrong";
  queue_.OutOfReach(1, kLost, now_);
  std::vector<bool> waits;
  for (int probe = 0; probe < 12; ++probe) {
    Enqueue({1});
    Wait();
    GrantAll();
    waits.push_back(queue_.WaitsForConnection(1));
    EXPECT_FALSE(queue_.WaitsForConnection(2));
    queue_.OutOfReach(1, kLost, now_);
    queue_.Ended();
  }
  EXPECT_THAT(waits, ElementsAre(true, true, true, true, true, false,  //
                                 true, true, true, true, true, false));
}

TEST_F(RobotQueueTest, AProbeThatWaitedLongIsFollowedAtOnceAndOneThatDidNotSoon) {
  queue_.OutOfReach(1, kLost, now_);
  for (int probe = 1; probe <= 18; ++probe) {
    Enqueue({1});
    Wait();
    GrantAll();
    const bool waits = queue_.WaitsForConnection(1);
    if (waits) now_ += seconds(10);  // in vain
    queue_.OutOfReach(1, kLost, now_);
    queue_.Ended();
    Enqueue({1});
    EXPECT_LE(*queue_.NextGrant() - now_, waits ? Duration(0) : seconds(1)) << probe;
  }
}

TEST_F(RobotQueueTest, AnotherConnectionIsProbedAtOnceWithinThePace) {
  for (int i = 0; i < 5; ++i) {  // the back-off has grown
    queue_.OutOfReach(1, kLost, now_);
    Enqueue({1});
    Wait();
    GrantAll();
    queue_.Ended();
  }
  Enqueue({1, 2});
  queue_.ConnectionChanged(now_);
  EXPECT_THAT(GrantAll(), ElementsAre(1)) << "one probe, and now";
  queue_.OutOfReach(1, kLost, now_);
  EXPECT_LT(*queue_.NextGrant() - now_, seconds(1)) << "and the back-off starts anew";
}

TEST_F(RobotQueueTest, AnotherConnectionDoesNotMakeTheRobotTakeMore) {
  Enqueue({1, 2, 3, 4, 5, 6, 7, 8, 9});
  EXPECT_EQ(GrantAll().size(), 8u);
  queue_.ConnectionChanged(now_);
  EXPECT_THAT(GrantAll(), IsEmpty());
}

TEST_F(RobotQueueTest, TooManyRequestsHoldsEverybodyOff) {
  Enqueue({1, 2});
  queue_.TooManyRequests(now_);
  EXPECT_THAT(GrantAll(), IsEmpty());
  const TimePoint refused = now_;
  Wait();
  EXPECT_GT(now_, refused);
  EXPECT_LE(now_ - refused, seconds(1));
  EXPECT_THAT(GrantAll(), ElementsAre(1, 2));
}

TEST_F(RobotQueueTest, ManyCallsRefusedTogetherAreOneStepOfTheBackOff) {
  Duration longest{0};
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    queue_ = RobotQueue(PacingOptions{}, seed);
    Enqueue({1});
    for (int call = 0; call < 8; ++call) queue_.TooManyRequests(now_);
    longest = std::max(longest, *queue_.NextGrant() - now_);
  }
  EXPECT_LE(longest, seconds(1));
}

TEST_F(RobotQueueTest, ARefusalAfterTheHoldIsAnotherStep) {
  Duration longest{0};
  for (int refusal = 0; refusal < 50; ++refusal) {
    Enqueue({1});
    queue_.TooManyRequests(now_);
    const TimePoint refused = now_;
    Wait();
    longest = std::max(longest, now_ - refused);
    GrantAll();
    queue_.Ended();
  }
  EXPECT_GT(longest, seconds(8));
  EXPECT_LE(longest, seconds(10));
}

TEST_F(RobotQueueTest, TheFirstProbeOfAnotherConnectionDoesNotWaitForIt) {
  queue_.OutOfReach(1, kLost, now_);
  Enqueue({1});
  Wait();
  ASSERT_THAT(GrantAll(), ElementsAre(1));
  ASSERT_TRUE(queue_.WaitsForConnection(1));
  queue_.Ended();
  queue_.Withdraw(1);
  queue_.ConnectionChanged(now_);
  Enqueue({1});
  ASSERT_THAT(GrantAll(), ElementsAre(1));
  EXPECT_FALSE(queue_.WaitsForConnection(1)) << "only so it can tell what is wrong there";
  queue_.OutOfReach(1, kLost, now_);
  queue_.Ended();
  Enqueue({1});
  Wait();
  ASSERT_THAT(GrantAll(), ElementsAre(1));
  EXPECT_TRUE(queue_.WaitsForConnection(1)) << "the next ones do";
}

TEST_F(RobotQueueTest, ABackOffWithoutAnEndIsTakenForALongOne) {
  PacingOptions pacing;
  pacing.first_back_off = pacing.last_back_off = Duration::max();
  queue_ = RobotQueue(pacing, 1);
  for (int i = 0; i < 20; ++i) {
    queue_.OutOfReach(1, kLost, now_);
    Enqueue({1});
    EXPECT_GT(*queue_.NextGrant(), now_);
    queue_.Answered(1, now_);
  }
}

}  // namespace
}  // namespace payload_manager
