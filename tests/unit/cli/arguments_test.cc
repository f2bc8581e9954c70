#include "tools/cli/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace payload_manager::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::vector<Flag> kFlags{
    {"robot", "ADDR", "Which robot."},
    {"robots-name", "NAME", "A name that begins as another."},
    {"insecure", "", "No TLS."},
    {"plugin", "FILE", "A plugin.", true},
};

Checked<Arguments> Parse(std::vector<std::string> line) { return ParseArguments(line, kFlags); }

TEST(Arguments, FlagsMayStandBeforeBetweenAndAfterTheWords) {
  const auto arguments = Parse({"--robot", "spot", "mock", "--insecure", "list", "--plugin=a.so"});
  ASSERT_TRUE(arguments.ok()) << arguments.error().message;
  EXPECT_THAT(arguments->words(), ElementsAre("mock", "list"));
  EXPECT_EQ(arguments->Get("robot"), "spot");
  EXPECT_TRUE(arguments->Has("insecure"));
  EXPECT_EQ(arguments->Get("plugin"), "a.so");
}

TEST(Arguments, AFlagThatWasNotGivenHasNoValue) {
  const auto arguments = Parse({});
  ASSERT_TRUE(arguments.ok());
  EXPECT_FALSE(arguments->Has("robot"));
  EXPECT_EQ(arguments->Get("robot"), std::nullopt);
  EXPECT_THAT(arguments->All("plugin"), IsEmpty());
  EXPECT_THAT(arguments->words(), IsEmpty());
}

TEST(Arguments, ARepeatableFlagKeepsItsOrder) {
  const auto arguments = Parse({"--plugin", "b", "--plugin", "a"});
  ASSERT_TRUE(arguments.ok()) << arguments.error().message;
  EXPECT_THAT(arguments->All("plugin"), ElementsAre("b", "a"));
}

TEST(Arguments, AfterTwoDashesEverythingIsAWord) {
  const auto arguments = Parse({"list", "--", "--robot", "-x"});
  ASSERT_TRUE(arguments.ok()) << arguments.error().message;
  EXPECT_THAT(arguments->words(), ElementsAre("list", "--robot", "-x"));
}

TEST(Arguments, ASingleDashIsAWord) {
  const auto arguments = Parse({"-"});
  ASSERT_TRUE(arguments.ok()) << arguments.error().message;
  EXPECT_THAT(arguments->words(), ElementsAre("-"));
}

struct BadLine {
  const char* what;
  std::vector<std::string> line;
  const char* problem;
};

class BadArguments : public ::testing::TestWithParam<BadLine> {};

TEST_P(BadArguments, AreOneLineThatNamesTheFlag) {
  const auto arguments = Parse(GetParam().line);
  ASSERT_FALSE(arguments.ok());
  EXPECT_EQ(arguments.error().message, GetParam().problem);
}

INSTANTIATE_TEST_SUITE_P(
    Arguments, BadArguments,
    ::testing::Values(
        BadLine{"UnknownFlag", {"--robt", "x"}, "unknown flag --robt"},
        BadLine{"UnknownFlagWithValue", {"--robt=x"}, "unknown flag --robt"},
        BadLine{"UnknownShortFlag", {"-r"}, "unknown flag -r"},
        BadLine{"AbbreviatedFlag", {"--robo", "x"}, "unknown flag --robo"},
        BadLine{"ValueMissingAtTheEnd", {"--robot"}, "--robot: needs a value"},
        BadLine{"ValueMissingBeforeAFlag", {"--robot", "--insecure"}, "--robot: needs a value"},
        BadLine{"EmptyValue", {"--robot="}, "--robot: needs a value"},
        BadLine{"EmptyWordAsValue", {"--robot", ""}, "--robot: needs a value"},
        BadLine{"ValueForASwitch", {"--insecure=yes"}, "--insecure: takes no value"},
        BadLine{"FlagGivenTwice", {"--robot", "a", "--robot", "b"}, "--robot: given twice"},
        BadLine{"SwitchGivenTwice", {"--insecure", "--insecure"}, "--insecure: given twice"}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(Seconds, MayHaveDecimals) {
  EXPECT_EQ(*ParseSeconds("interval", "10"), std::chrono::seconds(10));
  EXPECT_EQ(*ParseSeconds("interval", "0.25"), std::chrono::milliseconds(250));
}

TEST(Seconds, AreRefusedWithTheFlagsName) {
  for (const char* text : {"", "0", "-1", "ten", "1s", "nan", "inf", "1e300", " 1", "0.0001"}) {
    const auto seconds = ParseSeconds("interval", text);
    ASSERT_FALSE(seconds.ok()) << text;
    EXPECT_THAT(seconds.error().message, HasSubstr("--interval: '" + std::string(text) + "'"));
  }
}

TEST(FlagDescriptions, WrapLongTextsBelowEachOther) {
  const std::vector<Flag> flags{{"a", "FILE", std::string(60, 'x') + ' ' + std::string(60, 'y')}};
  EXPECT_EQ(DescribeFlags(flags), "  --a FILE" + std::string(20, ' ') + std::string(60, 'x') +
                                      '\n' + std::string(30, ' ') + std::string(60, 'y') + '\n');
}

}  // namespace
}  // namespace payload_manager::cli
