#include "auth/rate_limit.h"

namespace mock_robot {
namespace {

using payload_manager::WallTime;
using std::chrono::milliseconds;

TEST(RateLimit, AdmitsSoManyCallsInAnySecond) {
  RateLimit limit(3);
  const WallTime start{};
  EXPECT_TRUE(limit.Admit(start));
  EXPECT_TRUE(limit.Admit(start + milliseconds(600)));
  EXPECT_TRUE(limit.Admit(start + milliseconds(999)));
  EXPECT_FALSE(limit.Admit(start + milliseconds(999)));
  EXPECT_TRUE(limit.Admit(start + milliseconds(1000)));
  EXPECT_FALSE(limit.Admit(start + milliseconds(1599)));
  EXPECT_TRUE(limit.Admit(start + milliseconds(1600)));
}

TEST(RateLimit, DoesNotCountWhatItRefuses) {
  RateLimit limit(1);
  const WallTime start{};
  EXPECT_TRUE(limit.Admit(start));
  for (int i = 1; i < 1000; ++i) EXPECT_FALSE(limit.Admit(start + milliseconds(i)));
  EXPECT_TRUE(limit.Admit(start + milliseconds(1000)));
}

}  // namespace
}  // namespace mock_robot
