#include "tools/mock_robot/scaled_clock.h"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"

namespace mock_robot::program {
namespace {

using payload_manager::testing::ManualClock;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(ScaledClock, RunsAsFastAsItIsTold) {
  ManualClock base;
  base.Advance(seconds(7));
  const ScaledClock fast(1000, base);
  const ScaledClock slow(0.25, base);
  const auto started = base.Now();
  const auto started_at = base.WallNow();
  EXPECT_EQ(fast.Now(), started);
  EXPECT_EQ(fast.WallNow(), started_at);
  base.Advance(milliseconds(43'200));
  EXPECT_EQ(fast.Now() - started, hours(12));
  EXPECT_EQ(fast.WallNow() - started_at, hours(12));
  EXPECT_EQ(slow.Now() - started, milliseconds(10'800));
}

TEST(ScaledClock, StandsStillAtZero) {
  ManualClock base;
  base.Advance(seconds(7));
  const ScaledClock still(0, base);
  const auto started = base.Now();
  const auto started_at = base.WallNow();
  base.Advance(hours(1000));
  EXPECT_EQ(still.Now(), started);
  EXPECT_EQ(still.WallNow(), started_at);
}

TEST(ScaledClock, NeitherStopsNorGoesBackInEightyDays) {
  ManualClock base;
  const ScaledClock fast(1000, base);
  auto before = fast.Now();
  for (int day = 0; day < 80; ++day) {
    base.Advance(hours(24));
    EXPECT_EQ(fast.Now() - before, 1000 * hours(24));
    before = fast.Now();
    base.Advance(nanoseconds(1));
    EXPECT_EQ(fast.Now() - before, nanoseconds(1000));
    before = fast.Now();
  }
}

}  // namespace
}  // namespace mock_robot::program
