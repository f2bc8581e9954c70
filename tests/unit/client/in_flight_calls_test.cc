#include "rpc/in_flight_calls.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <thread>

namespace payload_manager {
namespace {

class InFlight : public testing::Test {
 protected:
  std::unique_ptr<CallTicket> Begin(std::stop_token caller = {}) {
    return Begin(std::move(caller), [this] { ++cancelled_; });
  }
  // Null when it is refused.
  std::unique_ptr<CallTicket> Begin(std::stop_token caller, std::function<void()> cancel) {
    auto ticket = std::make_unique<CallTicket>();
    if (!calls_->Begin(*ticket, std::move(caller), std::move(cancel))) return nullptr;
    return ticket;
  }
  std::shared_ptr<InFlightCalls> calls_ = std::make_shared<InFlightCalls>();
  std::atomic<int> cancelled_ = 0;
};

TEST_F(InFlight, CallsAreCancelledByTheirCaller) {
  std::stop_source stop;
  const auto mine = Begin(stop.get_token());
  const auto other = Begin();
  stop.request_stop();
  EXPECT_EQ(cancelled_, 1);
}

TEST_F(InFlight, ACallCancelledBeforeItBeganIsCancelledAtOnce) {
  std::stop_source stop;
  stop.request_stop();
  const auto call = Begin(stop.get_token());
  EXPECT_EQ(cancelled_, 1);
}

TEST_F(InFlight, ACallKnowsWhetherItsEndWasAskedFor) {
  std::stop_source stop;
  auto mine = Begin(stop.get_token());
  auto other = Begin();
  EXPECT_FALSE(mine->IsCancelled());
  stop.request_stop();
  mine->EndCancellation();
  EXPECT_TRUE(mine->IsCancelled());
  EXPECT_FALSE(other->IsCancelled());
  mine.reset();
  std::thread closing([&] { calls_->ShutDown(); });
  while (cancelled_ < 2) std::this_thread::yield();
  EXPECT_TRUE(other->IsCancelled());
  other.reset();
  closing.join();
}

TEST_F(InFlight, CancellationEndsWithTheCall) {
  std::stop_source stop;
  auto call = Begin(stop.get_token());
  call->EndCancellation();
  stop.request_stop();
  EXPECT_EQ(cancelled_, 0);
  call.reset();
  calls_->ShutDown();
  EXPECT_EQ(cancelled_, 0);
}

TEST_F(InFlight, ACallThatIsRearmedIsCancelledInItsNewWay) {
  std::stop_source stop;
  auto call = Begin(stop.get_token());
  call->EndCancellation();
  int rearmed = 0;
  call->Rearm([&] { ++rearmed; });
  EXPECT_EQ(rearmed, 0);
  stop.request_stop();
  EXPECT_EQ(rearmed, 1);
  EXPECT_EQ(cancelled_, 0);
  call->EndCancellation();
  call->Rearm([&] { ++rearmed; });
  EXPECT_EQ(rearmed, 2) << "it has been cancelled already";
}

TEST_F(InFlight, ShuttingDownCancelsAllAndWaitsForTheLast) {
  auto first = Begin();
  auto second = Begin();
  std::promise<void> returned;
  auto has_returned = returned.get_future();
  std::thread closing([&] {
    calls_->ShutDown();
    returned.set_value();
  });
  while (cancelled_ < 2) std::this_thread::yield();
  first.reset();
  EXPECT_EQ(has_returned.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  second.reset();
  EXPECT_EQ(has_returned.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  closing.join();
}

TEST_F(InFlight, AMovedTicketStandsForItsCallToTheEnd) {
  auto call = Begin();
  call->EndCancellation();
  auto last = std::make_unique<CallTicket>(std::move(*call));
  call.reset();
  std::thread closing([&] { calls_->ShutDown(); });
  while (Begin() != nullptr) std::this_thread::yield();
  EXPECT_EQ(cancelled_, 0);
  last.reset();
  closing.join();
}

TEST_F(InFlight, NothingBeginsAfterShuttingDown) {
  calls_->ShutDown();
  EXPECT_EQ(Begin(), nullptr);
  calls_->ShutDown();
}

TEST_F(InFlight, EndingACancellationWaitsForTheOneThatRuns) {
  std::stop_source stop;
  std::promise<void> running;
  std::atomic<bool> cancel_may_end = false;
  std::atomic<bool> cancel_ended = false;
  auto call = Begin(stop.get_token(), [&] {
    running.set_value();
    while (!cancel_may_end) std::this_thread::yield();
    cancel_ended = true;
  });
  std::thread canceller([&] { stop.request_stop(); });
  running.get_future().wait();
  std::thread releaser([&] { cancel_may_end = true; });
  call->EndCancellation();
  EXPECT_TRUE(cancel_ended);
  canceller.join();
  releaser.join();
}

}  // namespace
}  // namespace payload_manager
