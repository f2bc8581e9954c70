#include "base/one_line.h"

#include <gtest/gtest.h>

namespace payload_manager {
namespace {

TEST(OneLine, TurnsControlCharactersIntoSpaces) {
  EXPECT_EQ(OneLine("a\nb\tc\x1b[31m\x7f"), "a b c [31m ");
}

TEST(OneLine, TurnsTheControlCharactersOfEightBitTerminalsIntoSpaces) {
  EXPECT_EQ(OneLine("a\xc2\x9b"
                    "31m"),
            "a  31m");
}

TEST(OneLine, LeavesOtherTextBeyondAsciiAlone) {
  EXPECT_EQ(OneLine("Dr\xc3\xa4ger \xe2\x86\x92 \xc2\xb5"), "Dr\xc3\xa4ger \xe2\x86\x92 \xc2\xb5");
}

TEST(OneLine, CutsWhatIsTooLong) { EXPECT_EQ(OneLine("abcdef", 3), "abc..."); }

}  // namespace
}  // namespace payload_manager
