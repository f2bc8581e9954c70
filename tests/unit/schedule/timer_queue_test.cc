#include "schedule/timer_queue.h"

#include <gtest/gtest.h>

namespace payload_manager {
namespace {

using std::chrono::seconds;

TimePoint At(int second) { return TimePoint(seconds(second)); }

std::string RunDue(TimerQueue& queue, TimePoint now, std::string& log) {
  while (auto task = queue.TakeDue(now)) task();
  return std::exchange(log, "");
}

TEST(TimerQueue, GivesTasksInTheOrderOfTheirInstants) {
  TimerQueue queue;
  std::string log;
  queue.Add(At(3), [&] { log += 'c'; });
  queue.Add(At(1), [&] { log += 'a'; });
  queue.Add(At(2), [&] { log += 'b'; });
  EXPECT_EQ(queue.NextDue(), At(1));
  EXPECT_EQ(RunDue(queue, At(3), log), "abc");
  EXPECT_EQ(queue.NextDue(), std::nullopt);
}

TEST(TimerQueue, EqualInstantsComeInTheOrderOfAdding) {
  TimerQueue queue;
  std::string log;
  for (char name = 'a'; name <= 'z'; ++name) queue.Add(At(1), [&log, name] { log += name; });
  EXPECT_EQ(RunDue(queue, At(1), log), "abcdefghijklmnopqrstuvwxyz");
}

TEST(TimerQueue, NothingIsDueBeforeItsInstant) {
  TimerQueue queue;
  queue.Add(At(1), [] {});
  EXPECT_FALSE(queue.TakeDue(At(1) - Duration(1)));
  EXPECT_TRUE(queue.TakeDue(At(1)));
}

TEST(TimerQueue, ACancelledTaskNeverRunsAndPastTimersAreIgnored) {
  TimerQueue queue;
  std::string log;
  const TimerId a = queue.Add(At(1), [&] { log += 'a'; });
  const TimerId b = queue.Add(At(1), [&] { log += 'b'; });
  queue.Cancel(a);
  queue.Cancel(a);
  queue.Cancel(TimerId::kNone);
  EXPECT_EQ(RunDue(queue, At(1), log), "b");
  queue.Cancel(b);
  EXPECT_EQ(queue.size(), 0u);
}

}  // namespace
}  // namespace payload_manager
