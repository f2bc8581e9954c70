#include "payload_manager/base/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace payload_manager {
namespace {

using ::testing::MatchesRegex;

// Hands out the bytes it was given, over and over.
class ScriptedRandom final : public RandomSource {
 public:
  explicit ScriptedRandom(std::vector<unsigned char> script) : script_(std::move(script)) {}
  void Fill(std::span<unsigned char> bytes) override {
    for (unsigned char& byte : bytes) byte = script_[next_++ % script_.size()];
  }

 private:
  std::vector<unsigned char> script_;
  std::size_t next_ = 0;
};

TEST(MakeUuid, KeepsEveryRandomBitButVersionAndVariant) {
  ScriptedRandom zeros({0x00});
  EXPECT_EQ(MakeUuid(zeros), "00000000-0000-4000-8000-000000000000");
  ScriptedRandom ones({0xff});
  EXPECT_EQ(MakeUuid(ones), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  ScriptedRandom count({0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef});
  EXPECT_EQ(MakeUuid(count), "01234567-89ab-4def-8123-456789abcdef");
}

TEST(MakeUuid, HasTheShapeOfVersionFourInLowerCase) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(MakeUuid(SystemRandom()),
                MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                             "[0-9a-f]{12}"));
  }
}

TEST(MakeUuid, GivesEachCallerAnother) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(MakeUuid(SystemRandom()));
  EXPECT_EQ(seen.size(), 100u);
}

TEST(MakePayloadSecret, IsSixteenBytesOfUrlSafeBase64WithoutPadding) {
  ScriptedRandom zeros({0x00});
  EXPECT_EQ(MakePayloadSecret(zeros).Reveal(), "AAAAAAAAAAAAAAAAAAAAAA");
  // The last character stands for two bits only; 62 and 63 are the characters that make it
  // URL-safe.
  ScriptedRandom ones({0xff});
  EXPECT_EQ(MakePayloadSecret(ones).Reveal(), "_____________________w");
  ScriptedRandom dashes({0xfb, 0xef, 0xbe});
  EXPECT_EQ(MakePayloadSecret(dashes).Reveal(), "---------------------w");
}

TEST(MakePayloadSecret, FollowsTheDocumentedAlphabet) {
  ScriptedRandom text(
      {'S', 'p', 'o', 't', ' ', 'p', 'a', 'y', 'l', 'o', 'a', 'd', ' ', 'k', 'e', 'y'});
  EXPECT_EQ(MakePayloadSecret(text).Reveal(), "U3BvdCBwYXlsb2FkIGtleQ");
}

TEST(MakePayloadSecret, GivesEachCallerAnother) {
  const Secret first = MakePayloadSecret(SystemRandom());
  const Secret second = MakePayloadSecret(SystemRandom());
  EXPECT_EQ(first.size(), 22u);
  EXPECT_FALSE(first == second);
}

TEST(SystemRandom, FillsTheWholeSpan) {
  // A byte that stays zero in 20 draws of a sound source would come up once in 10^48.
  std::vector<unsigned char> touched(64, 0);
  for (int draw = 0; draw < 20; ++draw) {
    std::vector<unsigned char> bytes(touched.size(), 0);
    SystemRandom().Fill(bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i) touched[i] |= bytes[i];
  }
  EXPECT_EQ(std::count(touched.begin(), touched.end(), 0), 0);
}

}  // namespace
}  // namespace payload_manager
