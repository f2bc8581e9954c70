#include "payload_manager/base/text.h"

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

TEST(ReplaceControls, SaysWhatStandsInTheirPlace) {
  std::string text = "a\nb";
  ReplaceControls(text, '?');
  EXPECT_EQ(text, "a?b");
}

TEST(EqualIgnoringCase, ComparesAsciiLettersOnly) {
  EXPECT_TRUE(EqualIgnoringCase("0B8F-x", "0b8f-X"));
  EXPECT_FALSE(EqualIgnoringCase("0b8f", "0b8f-x"));
  EXPECT_FALSE(EqualIgnoringCase("a", "b"));
}

}  // namespace
}  // namespace payload_manager
