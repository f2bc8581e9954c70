#include "schedule/back_off.h"

#include <gmock/gmock.h>

namespace payload_manager {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;

std::vector<Duration> Waits(BackOff& back_off, int count) {
  std::vector<Duration> waits;
  for (int i = 0; i < count; ++i) waits.push_back(back_off.Next());
  return waits;
}

TEST(BackOff, DoublesFromTheFirstToTheLast) {
  BackOff back_off(seconds(1), seconds(10));
  EXPECT_THAT(Waits(back_off, 6), ElementsAre(seconds(1), seconds(2), seconds(4), seconds(8),
                                              seconds(10), seconds(10)));
}

TEST(BackOff, BeginsAnewAfterAReset) {
  BackOff back_off(seconds(1), seconds(10));
  Waits(back_off, 3);
  back_off.Reset();
  EXPECT_EQ(back_off.Next(), seconds(1));
}

TEST(BackOff, NeverExceedsTheLastEvenAtFirst) {
  BackOff back_off(seconds(1), milliseconds(300));
  EXPECT_THAT(Waits(back_off, 2), ElementsAre(milliseconds(300), milliseconds(300)));
}

TEST(BackOff, FullJitterStaysBetweenNothingAndTheExactWait) {
  Jitter jitter(1);
  Duration least = seconds(1);
  Duration most{0};
  for (int i = 0; i < 1000; ++i) {
    const Duration wait = jitter.UpTo(seconds(1));
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_GE(least, Duration(0));
  EXPECT_LT(least, milliseconds(20));
  EXPECT_GT(most, milliseconds(980));
  EXPECT_LT(most, seconds(1));
}

TEST(Jitter, SpreadsEvenlyAroundTheMiddle) {
  Jitter jitter(7);
  for (int i = 0; i < 1000; ++i) {
    const Duration wait = jitter.Around(seconds(10), 0.1);
    EXPECT_GE(wait, seconds(9));
    EXPECT_LT(wait, seconds(11));
  }
}

TEST(Jitter, IsTheSameForTheSameSeed) {
  Jitter a(42);
  Jitter b(42);
  Jitter c(43);
  EXPECT_EQ(a.UpTo(seconds(1)), b.UpTo(seconds(1)));
  EXPECT_NE(a.UpTo(seconds(1)), c.UpTo(seconds(1)));
}

}  // namespace
}  // namespace payload_manager
