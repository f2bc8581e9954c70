#include "tools/cli/protobuf_log.h"

#include <gtest/gtest.h>

namespace payload_manager::cli {
namespace {

constexpr char kNoText[] =
    "String field 'bosdyn.api.Payload.name' contains invalid UTF-8 data when parsing a protocol "
    "buffer. Use the 'bytes' type if you intend to send raw bytes. ";
constexpr TimePoint kStart{std::chrono::hours(1)};

TEST(ProtobufLines, NameTheFieldWhoseTextIsNone) {
  ProtobufLines lines;
  EXPECT_EQ(lines.Line(ProtobufLevel::kError, "/src/wire_format_lite.cc", 618, kNoText, kStart),
            "Protobuf: text that is no UTF-8 in bosdyn.api.Payload.name");
}

TEST(ProtobufLines, AreOneInTenSecondsWhoeverSendsNonsense) {
  ProtobufLines lines;
  EXPECT_TRUE(lines.Line(ProtobufLevel::kError, "a.cc", 1, kNoText, kStart));
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(lines.Line(ProtobufLevel::kError, "a.cc", 1, kNoText,
                            kStart + ProtobufLines::kPause - std::chrono::milliseconds(1)));
  }
  EXPECT_EQ(
      lines.Line(ProtobufLevel::kError, "a.cc", 1, kNoText, kStart + ProtobufLines::kPause),
      "Protobuf: text that is no UTF-8 in bosdyn.api.Payload.name; 1000 such lines were left out "
      "before");
  EXPECT_EQ(
      lines.Line(ProtobufLevel::kError, "a.cc", 1, kNoText, kStart + 2 * ProtobufLines::kPause),
      "Protobuf: text that is no UTF-8 in bosdyn.api.Payload.name");
}

TEST(ProtobufLines, HoldNothingOfAMessagesContent) {
  ProtobufLines lines;
  EXPECT_EQ(lines.Line(ProtobufLevel::kError, "/src/text_format.cc", 307,
                       "Error parsing text-format: 1:9: Expected string, got: my-secret", kStart),
            "Protobuf: an error at text_format.cc:307");
}

TEST(ProtobufLines, LeaveNotesOut) {
  ProtobufLines lines;
  EXPECT_FALSE(lines.Line(ProtobufLevel::kNote, "a.cc", 1, "noted", kStart));
  EXPECT_TRUE(lines.Line(ProtobufLevel::kError, "a.cc", 1, kNoText, kStart));
}

TEST(ProtobufLines, AlwaysTellWhyTheProcessEnds) {
  ProtobufLines lines;
  EXPECT_TRUE(lines.Line(ProtobufLevel::kError, "a.cc", 1, kNoText, kStart));
  EXPECT_EQ(lines.Line(ProtobufLevel::kFatal, "b.cc", 2, "CHECK failed:\nx", kStart),
            "Protobuf: CHECK failed: x (b.cc:2)");
}

}  // namespace
}  // namespace payload_manager::cli
