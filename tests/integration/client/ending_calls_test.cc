// Deadlines, cancellation and closing a connection under calls in flight.
#include <atomic>
#include <thread>
#include <vector>

#include "tests/integration/client/client_fixture.h"

namespace payload_manager::testing {
namespace {

namespace api = bosdyn::api;
using ::testing::HasSubstr;

class EndingCalls : public AgainstScriptedRobot {
 protected:
  EndingCalls() {
    robot_.Parks("GetPayloadAuthToken");
    robot_.Parks("GetServiceEntry");
  }
  static CallOptions ForEver(std::stop_token cancellation) {
    CallOptions options;
    options.timeout = std::nullopt;
    options.cancellation = std::move(cancellation);
    return options;
  }
};

TEST_F(EndingCalls, ADeadlineEndsACallThatIsNotAnswered) {
  CallOptions options;
  options.timeout = std::chrono::milliseconds(50);
  const auto waited = connection_->GetPayloadAuthToken(mine_, options);
  EXPECT_EQ(KindOf(waited), Name(FailureKind::kTimedOut));
  EXPECT_THAT(waited.error().message, HasSubstr("GetPayloadAuthToken: timed out"));
  Awaited<Secret> awaited;
  connection_->GetPayloadAuthTokenAsync(mine_, options, awaited.completion());
  EXPECT_EQ(KindOf(awaited.Get()), Name(FailureKind::kTimedOut));
}

// The robot is told the deadline, and may be the first to find it over.
TEST_F(EndingCalls, ARobotThatEndsACallAMomentBeforeItsDeadlineTimesItOut) {
  CallOptions options;
  options.timeout = std::chrono::milliseconds(50);
  robot_.Fails("GetPayloadAuthToken", 4, "Deadline Exceeded");
  EXPECT_EQ(KindOf(connection_->GetPayloadAuthToken(mine_, options)), Name(FailureKind::kTimedOut));
  EXPECT_EQ(KindOf(connection_->GetPayloadAuthToken(mine_, Soon())),
            Name(FailureKind::kFailedDuringExecution));
}

TEST_F(EndingCalls, ATimeoutOfZeroOrLessIsOverAtOnce) {
  CallOptions options;
  options.timeout = Duration(0);
  EXPECT_EQ(KindOf(connection_->GetPayloadAuthToken(mine_, options)), Name(FailureKind::kTimedOut));
  options.timeout = Duration::min();
  EXPECT_EQ(KindOf(connection_->GetPayloadAuthToken(mine_, options)), Name(FailureKind::kTimedOut));
}

TEST_F(EndingCalls, AHugeTimeoutIsNone) {
  std::stop_source stop;
  CallOptions options = ForEver(stop.get_token());
  options.timeout = Duration::max();
  Awaited<Secret> awaited;
  connection_->GetPayloadAuthTokenAsync(mine_, options, awaited.completion());
  EXPECT_TRUE(robot_.WaitForCall("GetPayloadAuthToken"));
  stop.request_stop();
  EXPECT_EQ(KindOf(awaited.Get()), Name(FailureKind::kCancelled));
}

TEST_F(EndingCalls, AListingsDeadlineCoversTheDirectoryToo) {
  CallOptions options;
  options.timeout = std::chrono::milliseconds(50);
  EXPECT_EQ(KindOf(connection_->ListPayloads(Secret(), options)), Name(FailureKind::kTimedOut));
  EXPECT_TRUE(robot_.Seen("ListPayloads").empty());
}

TEST_F(EndingCalls, CancellationEndsAnAsynchronousCallInMidCall) {
  std::stop_source stop;
  Awaited<Secret> awaited;
  connection_->GetPayloadAuthTokenAsync(mine_, ForEver(stop.get_token()), awaited.completion());
  ASSERT_TRUE(robot_.WaitForCall("GetPayloadAuthToken"));
  EXPECT_FALSE(awaited.IsThere());
  stop.request_stop();
  EXPECT_EQ(KindOf(awaited.Get()), Name(FailureKind::kCancelled));
  EXPECT_TRUE(robot_.WaitForGivenUp("GetPayloadAuthToken"));
}

TEST_F(EndingCalls, ThreadsThatWaitAtTheSameTimeGetTheEndsOfTheirOwnCalls) {
  constexpr int kThreads = 12;  // more than a connection keeps places for
  constexpr int kRounds = 20;
  std::atomic<int> as_expected = 0;
  const auto call = [&](bool cancelled) {
    std::stop_source stop;
    if (cancelled) stop.request_stop();
    CallOptions options = ForEver(stop.get_token());
    if (!cancelled) options.timeout = std::chrono::milliseconds(2);
    const auto outcome = connection_->GetPayloadAuthToken(mine_, options);
    const auto kind = cancelled ? FailureKind::kCancelled : FailureKind::kTimedOut;
    if (!outcome.ok() && outcome.error().kind == kind) ++as_expected;
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < kRounds; ++round) call((i + round) % 2 == 0);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(as_expected, kThreads * kRounds);
}

TEST_F(EndingCalls, CancellationEndsABlockingCallInMidCall) {
  std::stop_source stop;
  std::thread canceller([&] {
    EXPECT_TRUE(robot_.WaitForCall("GetPayloadAuthToken"));
    stop.request_stop();
  });
  EXPECT_EQ(KindOf(connection_->GetPayloadAuthToken(mine_, ForEver(stop.get_token()))),
            Name(FailureKind::kCancelled));
  canceller.join();
}

TEST_F(EndingCalls, CancellationBeforehandSendsNothing) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(KindOf(connection_->GetPayloadAuthToken(mine_, ForEver(stop.get_token()))),
            Name(FailureKind::kCancelled));
  Awaited<Secret> awaited;
  connection_->GetPayloadAuthTokenAsync(mine_, ForEver(stop.get_token()), awaited.completion());
  EXPECT_EQ(KindOf(awaited.Get()), Name(FailureKind::kCancelled));
  EXPECT_TRUE(robot_.Seen().empty());
}

TEST_F(EndingCalls, CancellationAfterTheEndIsHarmless) {
  robot_.Answers("GetPayloadAuthToken", WithStatus<api::GetPayloadAuthTokenResponse>(3));
  std::stop_source stop;
  for (int round = 0; round < 20; ++round) {
    Awaited<Secret> awaited;
    connection_->GetPayloadAuthTokenAsync(mine_, ForEver(stop.get_token()), awaited.completion());
    EXPECT_EQ(KindOf(awaited.Get()), Name(FailureKind::kPayloadNotAuthorized));
  }
  stop.request_stop();
}

TEST_F(EndingCalls, CancellationMayRaceWithTheAnswer) {
  robot_.Answers("GetPayloadAuthToken", WithStatus<api::GetPayloadAuthTokenResponse>(3));
  for (int round = 0; round < 200; ++round) {
    std::stop_source stop;
    Awaited<Secret> awaited;
    connection_->GetPayloadAuthTokenAsync(mine_, ForEver(stop.get_token()), awaited.completion());
    for (int spin = 0; spin < round; ++spin) std::this_thread::yield();
    stop.request_stop();
    const std::string kind = KindOf(awaited.Get());
    EXPECT_TRUE(kind == Name(FailureKind::kCancelled) ||
                kind == Name(FailureKind::kPayloadNotAuthorized))
        << kind;
  }
}

TEST_F(EndingCalls, ACompletionMayStartTheNextCall) {
  robot_.Answers("GetPayloadAuthToken", WithStatus<api::GetPayloadAuthTokenResponse>(3));
  Awaited<Secret> last;
  connection_->GetPayloadAuthTokenAsync(
      mine_, Soon(), [&, done = last.completion()](const Outcome<Secret>&) {
        connection_->GetPayloadAuthTokenAsync(mine_, Soon(), done);
      });
  EXPECT_EQ(KindOf(last.Get()), Name(FailureKind::kPayloadNotAuthorized));
  EXPECT_EQ(robot_.Seen("GetPayloadAuthToken").size(), 2U);
}

TEST_F(EndingCalls, ClosingCancelsAllAndReturnsWhenEveryCompletionHasRun) {
  constexpr int kCalls = 20;
  std::atomic<int> cancelled = 0;
  std::atomic<int> listings = 0;
  for (int call = 0; call < kCalls; ++call) {
    connection_->GetPayloadAuthTokenAsync(mine_, ForEver({}),
                                          [&cancelled](const Outcome<Secret>& outcome) {
                                            // As slow as a completion may get before the scheduler
                                            // looks elsewhere.
                                            for (int spin = 0; spin < 100; ++spin)
                                              std::this_thread::yield();
                                            if (KindOf(outcome) == Name(FailureKind::kCancelled))
                                              ++cancelled;
                                          });
    connection_->ListPayloadsAsync(
        Secret(), ForEver({}),
        [&listings](const Outcome<api::ListPayloadsResponse>&) { ++listings; });
  }
  ASSERT_TRUE(robot_.WaitForCall("GetPayloadAuthToken", kCalls));
  connection_.reset();
  EXPECT_EQ(cancelled, kCalls);
  EXPECT_EQ(listings, kCalls);
}

TEST_F(EndingCalls, ClosingACallThatHasNotConnectedYetIsPrompt) {
  auto unreachable = MustConnect(Plain(1));
  CallOptions options = ForEver({});
  options.wait_for_ready = true;
  Awaited<Secret> awaited;
  unreachable->GetPayloadAuthTokenAsync(mine_, options, awaited.completion());
  unreachable.reset();
  EXPECT_TRUE(awaited.IsThere());
  EXPECT_EQ(KindOf(awaited.Get()), Name(FailureKind::kCancelled));
}

TEST_F(EndingCalls, ACallStartedByACompletionWhileClosingIsRefused) {
  RobotConnection* const connection = connection_.get();
  Awaited<Secret> second;
  connection->GetPayloadAuthTokenAsync(
      mine_, ForEver({}), [&, done = second.completion()](const Outcome<Secret>&) {
        connection->GetPayloadAuthTokenAsync(mine_, ForEver({}), done);
      });
  ASSERT_TRUE(robot_.WaitForCall("GetPayloadAuthToken"));
  connection_.reset();
  EXPECT_EQ(KindOf(second.Get()), Name(FailureKind::kShutDown));
}

}  // namespace
}  // namespace payload_manager::testing
