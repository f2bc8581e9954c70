#include "store/seal.h"

#include <gtest/gtest.h>

namespace mock_robot::testing {
namespace {

// Or every state file of an earlier version would be taken for a damaged one. The first sixteen
// bytes of the SHA-256 of "i2:-7" "t4:text" "b2:\0\xff" "n0:" "t0:".
TEST(Sealer, SealsARowAsEarlierVersionsDid) {
  constexpr Seal kSeal = {'\x23', '\x57', '\xe1', '\xb4', '\xa4', '\xd1', '\xe3', '\xb2',
                          '\x63', '\xf5', '\x56', '\x38', '\xad', '\xa8', '\xfb', '\xa1'};
  Sealer sealer;
  for (int row = 0; row < 2; ++row) {
    sealer.Bind(std::int64_t{-7})
        .Bind(std::string_view("text"))
        .BindBytes(std::string_view("\0\xff", 2))
        .BindNull()
        .Bind(std::string_view());
    EXPECT_EQ(sealer.Finish(), kSeal) << row;
  }
}

TEST(Sealer, TellsKindsAndBoundariesApart) {
  Sealer sealer;
  const Seal text = sealer.Bind(std::string_view("ab")).Bind(std::string_view("c")).Finish();
  EXPECT_NE(sealer.Bind(std::string_view("a")).Bind(std::string_view("bc")).Finish(), text);
  EXPECT_NE(sealer.BindBytes("ab").Bind(std::string_view("c")).Finish(), text);
  sealer.Bind(std::string_view("ab")).Bind(std::string_view("c")).Break();
  EXPECT_NE(sealer.Finish(), text);
}

}  // namespace
}  // namespace mock_robot::testing
