#include "tests/support/virtual_runtime.h"

#include <gmock/gmock.h>

namespace payload_manager::testing {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::ElementsAre;

TEST(VirtualRuntime, RunsEachTimerAtItsExactInstant) {
  VirtualRuntime runtime;
  std::vector<Duration> instants;
  const TimePoint start = runtime.Now();
  for (const int hour : {5, 1, 3}) {
    runtime.StartTimer(start + hours(hour), [&] { instants.push_back(runtime.Elapsed()); });
  }
  runtime.RunUntil(hours(4));
  EXPECT_THAT(instants, ElementsAre(hours(1), hours(3)));
  EXPECT_EQ(runtime.Elapsed(), hours(4));
}

TEST(VirtualRuntime, AwaitLetsTimePassUntilTheEvent) {
  VirtualRuntime runtime;
  Event event;
  runtime.StartTimer(runtime.Now() + seconds(3), [&] { event.Set(); });
  EXPECT_FALSE(runtime.Await(event, seconds(2)));
  EXPECT_EQ(runtime.Elapsed(), seconds(2));
  EXPECT_TRUE(runtime.Await(event, seconds(2)));
  EXPECT_EQ(runtime.Elapsed(), seconds(3));
}

TEST(VirtualRuntime, ACallbackMayTakeTimeWhileTheSchedulerGoesOn) {
  VirtualRuntime runtime;
  std::vector<std::string> log;
  runtime.PostCallback([&] {
    runtime.SpendInCallback(seconds(5));
    log.push_back("first ends");
  });
  runtime.PostCallback([&] { log.push_back("second"); });
  runtime.StartTimer(runtime.Now() + seconds(2), [&] { log.push_back("timer"); });
  runtime.RunUntil(seconds(10));
  EXPECT_THAT(log, ElementsAre("timer", "first ends", "second"));
}

TEST(VirtualRuntime, PutsOffWhatMayWaitUntilItWakesAnyway) {
  VirtualRuntime runtime;
  runtime.PutOffWhatMayWait();
  std::vector<std::string> log;
  const auto say = [&log](const char* what) { return [&log, what] { log.emplace_back(what); }; };
  runtime.PostBy(runtime.Now() + seconds(9), say("no timer to wait for"));
  runtime.Settle();
  EXPECT_THAT(log, ElementsAre("no timer to wait for"));
  log.clear();

  runtime.StartTimer(runtime.Now() + seconds(5), say("timer"));
  runtime.PostBy(runtime.Now() + seconds(4), say("before the timer"));
  runtime.Settle();
  EXPECT_THAT(log, ElementsAre("before the timer"));
  log.clear();

  runtime.PostBy(runtime.Now() + seconds(5), say("with the timer"));
  runtime.RunFor(seconds(4));
  EXPECT_THAT(log, ElementsAre());
  runtime.RunFor(seconds(1));
  EXPECT_THAT(log, ElementsAre("with the timer", "timer"));
  log.clear();

  runtime.StartTimer(runtime.Now() + seconds(5), say("timer"));
  runtime.PostBy(runtime.Now() + seconds(5), say("with the other"));
  runtime.Post(say("other"));
  runtime.Settle();
  EXPECT_THAT(log, ElementsAre("with the other", "other"));
}

TEST(VirtualRuntime, ItsOwnThreadsCannotWait) {
  VirtualRuntime runtime;
  Event never;
  bool awaited = true;
  runtime.Post([&] { awaited = runtime.OnOwnThread() && runtime.Await(never, std::nullopt); });
  runtime.Settle();
  EXPECT_FALSE(awaited);
  EXPECT_FALSE(runtime.OnOwnThread());
}

}  // namespace
}  // namespace payload_manager::testing
