#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/definition.h"

namespace payload_manager {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// What a refused definition says.
std::string ProblemOf(std::string_view bytes, DefinitionEncoding encoding) {
  const auto parsed = ParseDefinition(bytes, encoding, "lamp");
  return parsed ? "it was accepted" : parsed.error().message;
}

TEST(ParseDefinition, ReadsAllThreeEncodings) {
  bosdyn::api::Payload payload;
  payload.set_name("lamp");
  for (const auto& [bytes, encoding] : std::vector<std::pair<std::string, DefinitionEncoding>>{
           {"name: 'lamp' # a comment", DefinitionEncoding::kText},
           {"{\"name\": \"lamp\"}", DefinitionEncoding::kJson},
           {payload.SerializeAsString(), DefinitionEncoding::kBinary}}) {
    const auto parsed = ParseDefinition(bytes, encoding);
    ASSERT_TRUE(parsed.ok()) << parsed.error().message;
    EXPECT_EQ(parsed->name(), "lamp");
  }
}

TEST(ParseDefinition, TextErrorsNameSourceLineAndColumn) {
  EXPECT_THAT(ProblemOf("name: 'lamp'\n  wattage: 60", DefinitionEncoding::kText),
              AllOf(StartsWith("lamp: line 2, column 10:"), HasSubstr("wattage")));
}

TEST(ParseDefinition, RefusesMisspelledFieldsInJson) {
  EXPECT_THAT(ProblemOf("{\"nmae\": \"lamp\"}", DefinitionEncoding::kJson),
              AllOf(StartsWith("lamp: "), HasSubstr("nmae")));
}

TEST(ParseDefinition, KeepsUnknownFieldsOfBinaryBecauseTheyMayBeNewer) {
  const std::string field_4000_is_1 = "\x80\xfa\x01\x01";
  const auto parsed = ParseDefinition(field_4000_is_1, DefinitionEncoding::kBinary);
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(parsed->SerializeAsString(), field_4000_is_1);
}

TEST(ParseDefinition, RefusesGarbageInEachEncodingWithOneLine) {
  for (const auto encoding :
       {DefinitionEncoding::kText, DefinitionEncoding::kJson, DefinitionEncoding::kBinary}) {
    EXPECT_THAT(ProblemOf("\xff\xff{[\n\x01garbage", encoding),
                AllOf(StartsWith("lamp: "), Not(HasSubstr("\n"))));
  }
}

TEST(ParseDefinition, RefusesStringsThatAreNotUtf8) {
  EXPECT_THAT(ProblemOf("name: '\\377'", DefinitionEncoding::kText),
              AllOf(StartsWith("lamp: "), HasSubstr("UTF-8")));
  // Overlong, surrogate, beyond Unicode, cut short.
  for (const char* bad : {"\\xc0\\xaf", "\\xed\\xa0\\x80", "\\xf4\\x90\\x80\\x80", "\\xe2\\x82"}) {
    EXPECT_THAT(ProblemOf("name: '" + std::string(bad) + "'", DefinitionEncoding::kText),
                HasSubstr("UTF-8"));
  }
  const auto good =
      ParseDefinition("name: '\xc3\xa4 \xe2\x82\xac \xf0\x9f\xa4\x96'", DefinitionEncoding::kText);
  EXPECT_TRUE(good.ok()) << good.error().message;
  EXPECT_THAT(ProblemOf("\x12\x01\xff", DefinitionEncoding::kBinary), StartsWith("lamp: "));
}

TEST(ParseDefinition, RefusesMoreThanFourMebibytes) {
  EXPECT_THAT(ProblemOf(std::string(4 * 1024 * 1024 + 1, ' '), DefinitionEncoding::kText),
              HasSubstr("4 MiB"));
}

TEST(ParseDefinitionFile, TakesTheEncodingFromTheExtension) {
  for (const char* name : {"a.textproto", "a.txtpb", "a.pbtxt"}) {
    EXPECT_EQ(EncodingOfFile(name), DefinitionEncoding::kText) << name;
  }
  EXPECT_EQ(EncodingOfFile("a.json"), DefinitionEncoding::kJson);
  EXPECT_EQ(EncodingOfFile("a.binpb"), DefinitionEncoding::kBinary);
  EXPECT_EQ(EncodingOfFile("a.pb"), DefinitionEncoding::kBinary);
  const auto parsed = ParseDefinitionFile("lamp.yaml");
  ASSERT_FALSE(parsed.ok());
  EXPECT_THAT(parsed.error().message, AllOf(StartsWith("lamp.yaml: "), HasSubstr("extension")));
}

TEST(ParseDefinitionFile, NamesTheFileInEveryProblem) {
  const auto missing = ParseDefinitionFile("no/such/lamp.json");
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr("no/such/lamp.json"));

  const auto path = std::filesystem::path(::testing::TempDir()) / "parse_test_lamp.textproto";
  std::ofstream(path) << "name: ";
  const auto wrong = ParseDefinitionFile(path);
  std::filesystem::remove(path);
  ASSERT_FALSE(wrong.ok());
  EXPECT_THAT(wrong.error().message, StartsWith(path.string() + ": line 1, column "));
}

}  // namespace
}  // namespace payload_manager
