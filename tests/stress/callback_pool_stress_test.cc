#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "payload_manager/runtime.h"
#include "session/callback_pool.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Duration kDeadline = seconds(30);

TEST(CallbackPoolStress, AThousandQuickPiecesNeedTwoThreadsAndLeaveOne) {
  CallbackPool pool(hours(1));
  EXPECT_EQ(pool.threads().now, 0u);
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> done = 0;
    Event posted;
    Event all;
    for (int i = 0; i < 1000; ++i) {
      ASSERT_TRUE(pool.Run([&] {
        posted.WaitInRealTime(kDeadline);
        if (++done == 1000) all.Set();
      }));
    }
    posted.Set();
    ASSERT_TRUE(all.WaitInRealTime(kDeadline));
  }
  EXPECT_LE(pool.threads().most, 2u);
  const TimePoint deadline = SystemClock().Now() + kDeadline;
  while (pool.threads().now > 1 && SystemClock().Now() < deadline) std::this_thread::yield();
  EXPECT_EQ(pool.threads().now, 1u);
}

TEST(CallbackPoolStress, ThoseThatHangKeepNoOtherWaiting) {
  CallbackPool pool;
  Event go_on;
  std::atomic<int> hanging = 0;
  Event all_ended;
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(pool.Run([&] {
      ++hanging;
      go_on.WaitInRealTime(kDeadline);
      if (--hanging == 0) all_ended.Set();
    }));
  }
  Event reached;
  ASSERT_TRUE(pool.Run([&] { reached.Set(); }));
  EXPECT_TRUE(reached.WaitInRealTime(kDeadline));
  EXPECT_EQ(hanging, 10);
  go_on.Set();
  EXPECT_TRUE(all_ended.WaitInRealTime(kDeadline));
}

TEST(CallbackPoolStress, MayBeDestroyedByItsOwnWorkAndByOthers) {
  for (int round = 0; round < 200; ++round) {
    auto pool = std::make_shared<CallbackPool>(Duration(0));
    CallbackPool* const runs = pool.get();
    const auto ended = std::make_shared<Event>();
    std::atomic<bool> owns = false;
    ASSERT_TRUE(runs->Run([last = pool, ended, &owns]() mutable {
      while (!owns) std::this_thread::yield();
      last.reset();
      ended->Set();
    }));
    if (round % 2 == 0) pool.reset();
    owns = true;
    ASSERT_TRUE(ended->WaitInRealTime(kDeadline));
  }
}

}  // namespace
}  // namespace payload_manager
