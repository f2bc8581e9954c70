// What only real threads can show. Instants are checked with VirtualRuntime.
#include <gmock/gmock.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "payload_manager/base/completion_scope.h"
#include "payload_manager/runtime.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;

constexpr Duration kDeadline = seconds(20);

TEST(ThreadedRuntime, RunsTasksInOrderOnOneThreadAndCallbacksOnAnother) {
  ThreadedRuntime runtime;
  Event both;
  std::vector<int> order;
  std::thread::id scheduler;
  std::thread::id callback;
  for (int i = 0; i < 3; ++i) runtime.Post([&order, i] { order.push_back(i); });
  runtime.Post([&] {
    scheduler = std::this_thread::get_id();
    runtime.PostCallback([&] {
      callback = std::this_thread::get_id();
      both.Set();
    });
  });
  ASSERT_TRUE(runtime.Await(both, kDeadline));
  EXPECT_THAT(order, ElementsAre(0, 1, 2));
  EXPECT_NE(scheduler, callback);
  EXPECT_NE(scheduler, std::this_thread::get_id());
  EXPECT_NE(callback, std::this_thread::get_id());
}

TEST(ThreadedRuntime, ATimerNeverRunsBeforeItsInstant) {
  ThreadedRuntime runtime;
  Event ran;
  TimePoint at;
  const TimePoint due = runtime.Now() + milliseconds(20);
  runtime.Post([&] {
    runtime.StartTimer(due, [&] {
      at = runtime.Now();
      ran.Set();
    });
  });
  ASSERT_TRUE(runtime.Await(ran, kDeadline));
  EXPECT_GE(at, due);
}

// A scheduler thread that sleeps until a timer an hour away.
class SleepingRuntime : public ::testing::Test {
 protected:
  void SetUp() override {
    Event begun;
    runtime_.Post([&] {
      thread_ = gettid();
      runtime_.StartTimer(timer_, [] {});
      begun.Set();
    });
    ASSERT_TRUE(runtime_.Await(begun, kDeadline));
    AwaitSleep();
  }

  void AwaitSleep() const {
    const TimePoint deadline = runtime_.Now() + kDeadline;
    while (State() != 'S') ASSERT_LT(runtime_.Now(), deadline);
  }

  // So much happens on the callback thread that the scheduler had been up long ago if it were
  // woken.
  void PassTime() {
    for (int i = 0; i < 1000; ++i) {
      Event passed;
      runtime_.PostCallback([&] { passed.Set(); });
      ASSERT_TRUE(runtime_.Await(passed, kDeadline));
    }
  }

  ThreadedRuntime runtime_;
  const TimePoint timer_ = runtime_.Now() + hours(1);

 private:
  // The kernel's letter for what the scheduler thread does.
  char State() const {
    std::ifstream file("/proc/self/task/" + std::to_string(thread_) + "/stat");
    std::string line;
    std::getline(file, line);
    return line.at(line.rfind(')') + 2);
  }

  pid_t thread_ = 0;
};

TEST_F(SleepingRuntime, IsNotWokenForATaskThatMayWaitForTheTimer) {
  std::atomic<bool> may_run = false;
  std::atomic<bool> too_early = false;
  runtime_.PostBy(timer_, [&] { too_early = !may_run; });
  PassTime();
  may_run = true;
  Event other;
  runtime_.Post([&] { other.Set(); });
  ASSERT_TRUE(runtime_.Await(other, kDeadline)) << "any other task takes it along";
  EXPECT_FALSE(too_early);
}

TEST_F(SleepingRuntime, IsWokenForATaskThatMayNotWaitForTheTimer) {
  Event ran;
  runtime_.PostBy(timer_ - milliseconds(1), [&] { ran.Set(); });
  EXPECT_TRUE(runtime_.Await(ran, kDeadline));
}

TEST_F(SleepingRuntime, RunsTasksOfBothKindsInTheOrderOfPosting) {
  std::vector<int> order;
  Event last;
  runtime_.PostBy(timer_, [&] { order.push_back(1); });
  runtime_.PostBy(timer_, [&] { order.push_back(2); });
  runtime_.Post([&] { order.push_back(3); });
  runtime_.PostBy(timer_, [&] { order.push_back(4); });
  runtime_.Post([&] { last.Set(); });
  ASSERT_TRUE(runtime_.Await(last, kDeadline));
  EXPECT_THAT(order, ElementsAre(1, 2, 3, 4));
}

TEST_F(SleepingRuntime, DropsATaskThatMayWaitWhenItStops) {
  auto dropped = std::make_shared<int>();
  runtime_.PostBy(timer_, [dropped] { FAIL() << "stopped"; });
  EXPECT_TRUE(runtime_.Stop());
  EXPECT_EQ(dropped.use_count(), 1);
  EXPECT_FALSE(runtime_.PostBy(timer_, [] {}));
}

TEST(ThreadedRuntime, ATaskThatMayWaitRunsWithTheTimer) {
  ThreadedRuntime runtime;
  Event ran;
  runtime.Post([&] { runtime.StartTimer(runtime.Now() + milliseconds(20), [] {}); });
  runtime.PostBy(runtime.Now() + hours(1), [&] { ran.Set(); });
  EXPECT_TRUE(runtime.Await(ran, kDeadline));
}

TEST(ThreadedRuntime, AnEarlierTimerOvertakesALaterOne) {
  ThreadedRuntime runtime;
  Event ran;
  runtime.Post([&] {
    runtime.StartTimer(runtime.Now() + hours(1), [] {});
    const TimerId cancelled = runtime.StartTimer(runtime.Now(), [] { FAIL() << "cancelled"; });
    runtime.CancelTimer(cancelled);
  });
  runtime.Post([&] { runtime.StartTimer(runtime.Now(), [&] { ran.Set(); }); });
  EXPECT_TRUE(runtime.Await(ran, kDeadline));
}

TEST(ThreadedRuntime, StopDropsTimersAndRefusesWork) {
  ThreadedRuntime runtime;
  Event posted;
  auto dropped = std::make_shared<int>();
  runtime.Post([&runtime, &posted, dropped] {
    runtime.StartTimer(runtime.Now() + hours(1), [dropped] {});
    posted.Set();
  });
  ASSERT_TRUE(runtime.Await(posted, kDeadline));
  EXPECT_TRUE(runtime.Stop());
  EXPECT_EQ(dropped.use_count(), 1);
  EXPECT_FALSE(runtime.Post([] {}));
  EXPECT_FALSE(runtime.PostCallback([] {}));
  EXPECT_TRUE(runtime.Stop()) << "a second stop finds everything ended";
}

TEST(ThreadedRuntime, StopLetsThePostedCallbacksRun) {
  ThreadedRuntime runtime;
  std::atomic<int> ran = 0;
  for (int i = 0; i < 100; ++i) runtime.PostCallback([&] { ++ran; });
  EXPECT_TRUE(runtime.Stop(kDeadline));
  EXPECT_EQ(ran, 100);
}

TEST(ThreadedRuntime, StopSaysSoWhenACallbackDoesNotReturnWithinTheGrace) {
  ThreadedRuntime runtime;
  Event entered;
  std::promise<void> release;
  std::atomic<bool> second = false;
  runtime.PostCallback([&] {
    entered.Set();
    release.get_future().wait();
  });
  runtime.PostCallback([&] { second = true; });
  ASSERT_TRUE(runtime.Await(entered, kDeadline));
  EXPECT_FALSE(runtime.Stop(milliseconds(10)));
  release.set_value();
  EXPECT_TRUE(runtime.Stop(kDeadline));
  EXPECT_FALSE(second) << "what had not begun within the grace is dropped";
}

TEST(ThreadedRuntime, ACallbackThatOutlivesTheRuntimeTouchesNothingOfIt) {
  std::promise<void> release;
  std::promise<void> returned;
  {
    auto runtime = std::make_unique<ThreadedRuntime>();
    Event entered;
    runtime->PostCallback([&] {
      entered.Set();
      release.get_future().wait();
      returned.set_value();
    });
    ASSERT_TRUE(runtime->Await(entered, kDeadline));
    EXPECT_FALSE(runtime->Stop(Duration(0)));
  }
  release.set_value();
  EXPECT_EQ(returned.get_future().wait_for(kDeadline), std::future_status::ready);
}

TEST(ThreadedRuntime, StopOnACallbackIsARequest) {
  ThreadedRuntime runtime;
  Event asked;
  bool on_own_thread = false;
  bool stopped = true;
  bool awaited = true;
  Event never;
  runtime.PostCallback([&] {
    on_own_thread = runtime.OnOwnThread();
    awaited = runtime.Await(never, std::nullopt);
    stopped = runtime.Stop();
    asked.Set();
  });
  ASSERT_TRUE(runtime.Await(asked, kDeadline));
  EXPECT_TRUE(on_own_thread);
  EXPECT_FALSE(awaited);
  EXPECT_FALSE(stopped);
  EXPECT_TRUE(runtime.Stop());
}

TEST(ThreadedRuntime, WaitsForEverWhereThatIsTheLimit) {
  ThreadedRuntime runtime;
  const auto take_a_while = [&runtime] {
    const TimePoint end = runtime.Now() + milliseconds(20);
    while (runtime.Now() < end) std::this_thread::yield();
  };
  Event done;
  runtime.PostCallback([&] {
    take_a_while();
    done.Set();
  });
  EXPECT_TRUE(runtime.Await(done, Duration::max()));
  runtime.PostCallback(take_a_while);
  EXPECT_TRUE(runtime.Stop(Duration::max()));
}

TEST(ThreadedRuntime, StopInACompletionIsARequest) {
  ThreadedRuntime runtime;
  Event release;
  runtime.PostCallback([&] { release.WaitInRealTime(kDeadline); });
  {
    const CompletionScope scope;
    EXPECT_FALSE(runtime.Stop(kDeadline)) << "the callback has not returned, and is not waited for";
  }
  EXPECT_FALSE(runtime.Post([] {}));
  release.Set();
  EXPECT_TRUE(runtime.Stop(kDeadline));
}

TEST(ThreadedRuntime, MayBeDestroyedOnItsOwnThreads) {
  for (const bool on_scheduler : {true, false}) {
    auto destroyed = std::make_shared<Event>();
    auto runtime = std::make_shared<ThreadedRuntime>();
    Runtime& same = *runtime;
    auto go = std::make_shared<Event>();
    auto task = [destroyed, go, runtime]() mutable {
      go->WaitInRealTime(kDeadline);
      runtime.reset();
      destroyed->Set();
    };
    runtime.reset();
    if (on_scheduler) {
      same.Post(std::move(task));
    } else {
      same.PostCallback(std::move(task));
    }
    go->Set();
    EXPECT_TRUE(destroyed->WaitInRealTime(kDeadline));
  }
}

}  // namespace
}  // namespace payload_manager
