// What becomes of calls and their answers when all are cancelled.
#include "session/open_calls.h"

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <string>

#include "tests/support/virtual_runtime.h"

namespace payload_manager {
namespace {

using ::testing::ElementsAre;
using testing::VirtualRuntime;

class OpenCallsTest : public ::testing::Test {
 protected:
  Runtime::Task Hear(const std::string& answer) {
    return [this, answer] { heard_.push_back(answer); };
  }

  VirtualRuntime runtime_;
  OpenCalls calls_{runtime_};
  std::vector<std::string> heard_;
};

TEST_F(OpenCallsTest, AfterAllWereCancelledOnlyAnswersThatSomebodyWaitsForAreHeard) {
  const auto before = calls_.Begin();
  const auto nobodys = calls_.Begin();
  const auto somebodys = calls_.Begin();
  const auto holding_up = calls_.Begin();
  calls_.End(before->number, Hear("before"));
  calls_.CancelAll();
  EXPECT_TRUE(calls_.Await(somebodys->number));
  calls_.HoldUp(holding_up->number, nullptr);
  calls_.End(nobodys->number, Hear("nobody's"));
  calls_.End(somebodys->number, Hear("somebody's"));
  EXPECT_FALSE(calls_.none_left().IsSet());
  calls_.End(holding_up->number, Hear("holding up"));
  EXPECT_TRUE(calls_.none_left().IsSet());
  runtime_.Settle();
  EXPECT_THAT(heard_, ElementsAre("before", "somebody's", "holding up"));
}

TEST_F(OpenCallsTest, AnEndedCallCannotBeAwaited) {
  const auto call = calls_.Begin();
  EXPECT_TRUE(calls_.Await(call->number));
  calls_.End(call->number, Hear("answer"));
  EXPECT_FALSE(calls_.Await(call->number));
}

TEST_F(OpenCallsTest, WhoeverHelpsCancellingEachCallIsCancelledOnce) {
  constexpr std::size_t kCalls = 50;
  std::vector<OpenCalls::Begun> begun;
  std::vector<std::unique_ptr<std::stop_callback<std::function<void()>>>> watched;
  std::size_t cancelled = 0;
  for (std::size_t i = 0; i < kCalls; ++i) {
    begun.push_back(*calls_.Begin());
    watched.push_back(
        std::make_unique<std::stop_callback<std::function<void()>>>(begun.back().cancellation, [&] {
          if (++cancelled == 1) calls_.CancelAll();  // as another thread might at that moment
        }));
  }
  calls_.CancelAll();
  EXPECT_EQ(cancelled, kCalls);
  EXPECT_EQ(calls_.Begin(), std::nullopt);
  for (const OpenCalls::Begun& call : begun) {
    EXPECT_TRUE(call.cancellation.stop_requested());
    calls_.End(call.number, Hear("cancelled"));
  }
  EXPECT_TRUE(calls_.none_left().IsSet());
}

}  // namespace
}  // namespace payload_manager
