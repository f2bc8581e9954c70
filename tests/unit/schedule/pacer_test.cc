#include "schedule/pacer.h"

#include <gmock/gmock.h>

namespace payload_manager {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;

TimePoint At(int millisecond) { return TimePoint(milliseconds(millisecond)); }

std::vector<std::uint64_t> GrantAll(Pacer& pacer, TimePoint now) {
  std::vector<std::uint64_t> granted;
  while (const auto next = pacer.Grant(now)) granted.push_back(next->waiter);
  return granted;
}

TEST(Pacer, LetsCallersGoInTheOrderTheyCame) {
  Pacer pacer({10, 5});
  for (const std::uint64_t waiter : {3, 1, 2}) pacer.Enqueue(waiter, CallClass::kRegistration);
  EXPECT_THAT(GrantAll(pacer, At(0)), ElementsAre(3, 1, 2));
  EXPECT_EQ(pacer.NextGrant(), std::nullopt);
}

TEST(Pacer, NoSecondHoldsMoreThanTheLimitWhereverItStarts) {
  Pacer pacer({3, 5});
  for (std::uint64_t waiter = 1; waiter <= 20; ++waiter) {
    pacer.Enqueue(waiter, CallClass::kRegistration);
  }
  EXPECT_THAT(GrantAll(pacer, At(0)), ElementsAre(1, 2, 3));
  EXPECT_EQ(pacer.NextGrant(), At(1000));
  EXPECT_THAT(GrantAll(pacer, At(999)), ElementsAre());
  EXPECT_THAT(GrantAll(pacer, At(1000)), ElementsAre(4));
  EXPECT_EQ(pacer.NextGrant(), At(1200)) << "there would be five within 1.2 s";
  EXPECT_THAT(GrantAll(pacer, At(1200)), ElementsAre(5, 6));
  std::deque<int> last_second = {1000, 1200, 1200};
  for (int now = 1201; now < 5000; now += 7) {
    for ([[maybe_unused]] const auto waiter : GrantAll(pacer, At(now))) last_second.push_back(now);
    while (!last_second.empty() && last_second.front() <= now - 1000) last_second.pop_front();
    ASSERT_LE(last_second.size(), 3u) << "at " << now;
  }
}

// The instants of the first `count` grants when everybody always wants more.
std::vector<TimePoint> Greedy(int per_second, int count) {
  Pacer pacer({per_second, 1});
  std::vector<TimePoint> granted;
  TimePoint now = At(0);
  for (std::uint64_t waiter = 1; granted.size() < static_cast<std::size_t>(count); ++waiter) {
    pacer.Enqueue(waiter, CallClass::kRegistration);
    now = std::max(now, pacer.NextGrant().value_or(now));
    if (pacer.Grant(now)) granted.push_back(now);
  }
  return granted;
}

TEST(Pacer, ALongerWindowHoldsAQuarterMoreSoThatDelaysDoNotPileCallsUp) {
  // Per second, and the most in any 1.2 s: what a robot sees in a second, however late within
  // 200 ms each call arrives.
  for (const auto& [per_second, most] : {std::pair{8, 10}, {4, 5}, {20, 25}, {1, 2}}) {
    const std::vector<TimePoint> granted = Greedy(per_second, 50 * per_second);
    const auto ahead = static_cast<std::size_t>(most);
    for (std::size_t i = 0; i + ahead < granted.size(); ++i) {
      ASSERT_GE(granted[i + ahead] - granted[i], milliseconds(1200))
          << per_second << " a second, call " << i;
    }
  }
}

TEST(Pacer, TheRateInTheLongRunIsTheLimit) {
  for (int per_second = 1; per_second <= 30; ++per_second) {
    const std::vector<TimePoint> granted = Greedy(per_second, 100 * per_second + 1);
    EXPECT_LE(granted.back() - granted.front(), milliseconds(100'400)) << per_second;
  }
}

TEST(Pacer, WhoeverComesAfterAPauseIsLetGoAtOnceUpToTheLimit) {
  Pacer pacer({8, 4});
  for (std::uint64_t waiter = 1; waiter <= 8; ++waiter) {
    pacer.Enqueue(waiter, CallClass::kRegistration);
  }
  EXPECT_EQ(GrantAll(pacer, At(0)).size(), 8u);
  for (std::uint64_t waiter = 1; waiter <= 8; ++waiter) {
    pacer.Enqueue(waiter, CallClass::kRegistration);
  }
  EXPECT_EQ(GrantAll(pacer, At(1200)).size(), 8u);
}

TEST(Pacer, AnExhaustedServiceHoldsNobodyWhoWantsAnother) {
  Pacer pacer({1, 1});
  pacer.Enqueue(1, CallClass::kRegistration);
  pacer.Enqueue(2, CallClass::kRegistration);
  pacer.Enqueue(3, CallClass::kAuth);
  EXPECT_THAT(GrantAll(pacer, At(0)), ElementsAre(1, 3));
  EXPECT_THAT(GrantAll(pacer, At(1000)), ElementsAre(2));
}

TEST(Pacer, AListIsNotLimitedAndGoesAfterTheRegistrationCallsThatCameBefore) {
  Pacer pacer({1, 1});
  pacer.Enqueue(1, CallClass::kRegistration);
  pacer.Enqueue(2, CallClass::kRegistration);
  pacer.Enqueue(3, CallClass::kList);
  pacer.Enqueue(4, CallClass::kList);
  pacer.Enqueue(5, CallClass::kRegistration);
  EXPECT_THAT(GrantAll(pacer, At(0)), ElementsAre(1));
  EXPECT_EQ(pacer.NextGrant(), At(1000));
  EXPECT_THAT(GrantAll(pacer, At(1000)), ElementsAre(2, 3, 4));
  EXPECT_THAT(GrantAll(pacer, At(2000)), ElementsAre(5));
}

TEST(Pacer, AListDoesNotWaitForTheAuthService) {
  Pacer pacer({1, 1});
  pacer.Enqueue(1, CallClass::kAuth);
  pacer.Enqueue(2, CallClass::kAuth);
  pacer.Enqueue(3, CallClass::kList);
  EXPECT_THAT(GrantAll(pacer, At(0)), ElementsAre(1, 3));
}

TEST(Pacer, OneWhoAsksTwiceKeepsItsPlaceAndHasOnlyOne) {
  Pacer pacer({10, 5});
  pacer.Enqueue(1, CallClass::kRegistration);
  pacer.Enqueue(2, CallClass::kRegistration);
  pacer.Enqueue(1, CallClass::kRegistration);
  EXPECT_THAT(GrantAll(pacer, At(0)), ElementsAre(1, 2));
}

TEST(Pacer, OneWhoWithdrawsGivesItsPlaceUp) {
  Pacer pacer({10, 5});
  pacer.Enqueue(1, CallClass::kRegistration);
  pacer.Enqueue(2, CallClass::kAuth);
  pacer.Withdraw(1);
  pacer.Withdraw(7);
  EXPECT_THAT(GrantAll(pacer, At(0)), ElementsAre(2));
}

TEST(Pacer, AHoldStopsEverybody) {
  Pacer pacer({10, 5});
  pacer.Enqueue(1, CallClass::kRegistration);
  pacer.Enqueue(2, CallClass::kList);
  pacer.HoldUntil(At(2500));
  pacer.HoldUntil(At(2000));
  EXPECT_EQ(pacer.NextGrant(), At(2500));
  EXPECT_THAT(GrantAll(pacer, At(2499)), ElementsAre());
  EXPECT_THAT(GrantAll(pacer, At(2500)), ElementsAre(1, 2));
}

}  // namespace
}  // namespace payload_manager
