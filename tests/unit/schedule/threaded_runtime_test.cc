// What only real threads can show. Instants are checked with VirtualRuntime.
#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <thread>

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
