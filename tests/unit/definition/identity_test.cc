#include "payload_manager/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace payload_manager {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(PayloadId, IsVendorDotProduct) {
  for (const char* good : {"acme.lamp", "Acme-1.lamp_2.v3", "a.b", "0.0"}) {
    EXPECT_TRUE(CheckPayloadId(good).ok()) << good;
  }
  EXPECT_TRUE(CheckPayloadId("a." + std::string(98, 'b')).ok());
}

TEST(PayloadId, IsASafeFileNameAndNothingElse) {
  for (const char* bad : {"", "lamp", ".lamp", "acme.", "acme..lamp", "..", "acme/lamp.x", "a.b\n",
                          "acme.l\xc3\xa4mpchen", "acme .lamp"}) {
    EXPECT_FALSE(CheckPayloadId(bad).ok()) << bad;
  }
  EXPECT_FALSE(CheckPayloadId(std::string("a.b\0c", 5)).ok());
  EXPECT_FALSE(CheckPayloadId("a." + std::string(99, 'b')).ok());
}

TEST(Identities, OfTwoWithOneIdTheSecondIsRefused) {
  const auto answers = CheckIdentities(
      {{"acme.lamp", "", "a.so"}, {"acme.lidar", "", "b.so"}, {"acme.lamp", "", "c.so"}});
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_FALSE(answers[0]);
  EXPECT_FALSE(answers[1]);
  ASSERT_TRUE(answers[2]);
  EXPECT_THAT(answers[2]->message,
              AllOf(HasSubstr("c.so"), HasSubstr("acme.lamp"), HasSubstr("a.so")));
}

TEST(Identities, OfTwoWithOneGuidTheSecondIsRefusedWhateverTheCase) {
  for (const auto& [first, second] : {std::pair("abc-123", "ABC-123"), {"ABC-123", "abc-123"}}) {
    const auto answers =
        CheckIdentities({{"acme.lamp", first, "a.so"}, {"acme.lidar", second, "b.so"}});
    EXPECT_FALSE(answers[0]);
    ASSERT_TRUE(answers[1]);
    EXPECT_THAT(answers[1]->message,
                AllOf(HasSubstr("b.so"), HasSubstr(second), HasSubstr("a.so")));
  }
}

TEST(Identities, AnEmptyGuidIsNobodys) {
  const auto answers = CheckIdentities({{"acme.lamp", "", "a.so"}, {"acme.lidar", "", "b.so"}});
  EXPECT_FALSE(answers[0]);
  EXPECT_FALSE(answers[1]);
}

TEST(Identities, ARefusedOneDoesNotBlockOthers) {
  // The second is refused for its id; its GUID stays free for the third.
  const auto answers = CheckIdentities(
      {{"acme.lamp", "g1", "a.so"}, {"acme.lamp", "g2", "b.so"}, {"acme.lidar", "g2", "c.so"}});
  EXPECT_FALSE(answers[0]);
  EXPECT_TRUE(answers[1]);
  EXPECT_FALSE(answers[2]);
}

TEST(Identities, AnswersAreOneLineWhateverTheFilesAreCalled) {
  const auto answers = CheckIdentities({{"acme.lamp", "guid-1", "a\nforged.so"},
                                        {"acme.lamp", "guid-2", "b\x1b[2J.so"},
                                        {"acme.lidar", "guid-1", "c\n.so"}});
  for (const std::size_t refused : {1, 2}) {
    ASSERT_TRUE(answers[refused]);
    EXPECT_EQ(answers[refused]->message.find_first_of("\n\x1b"), std::string::npos)
        << answers[refused]->message;
  }
}

}  // namespace
}  // namespace payload_manager
