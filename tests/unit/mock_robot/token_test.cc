#include "auth/token.h"

#include <openssl/err.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "auth/base64url.h"

namespace mock_robot {
namespace {

using payload_manager::WallTime;
using std::chrono::hours;
using std::chrono::seconds;

constexpr WallTime kNow{seconds(1'770'000'000)};

class Token : public testing::Test {
 protected:
  TokenClaims Claims() const { return {TokenOwner::kPayload, 7, kNow, kNow + kTokenLifetime}; }
  std::string Sign() const { return std::string(signer_.Sign(Claims()).Reveal()); }
  // The three parts of a token.
  static std::vector<std::string> Parts(const std::string& token) {
    const std::size_t first = token.find('.');
    const std::size_t last = token.rfind('.');
    return {token.substr(0, first), token.substr(first + 1, last - first - 1),
            token.substr(last + 1)};
  }

  TokenSigner signer_{"robot-one"};
};

TEST_F(Token, SaysWhatWasSigned) {
  const auto claims = signer_.Verify(Sign(), kNow);
  ASSERT_TRUE(claims.has_value());
  EXPECT_EQ(claims->owner, TokenOwner::kPayload);
  EXPECT_EQ(claims->epoch, 7u);
  EXPECT_EQ(claims->issued, kNow);
  EXPECT_EQ(claims->expires, kNow + hours(12));
}

TEST_F(Token, IsAJwtWithTheClaimsClientsKnow) {
  const auto parts = Parts(Sign());
  EXPECT_EQ(DecodeBase64Url(parts[0]), R"({"alg":"ES256","typ":"JWT"})");
  const auto body = nlohmann::json::parse(DecodeBase64Url(parts[1]).value());
  EXPECT_EQ(body["iss"], "robot-one");
  EXPECT_EQ(body["aud"], "robot-one");
  EXPECT_TRUE(body.contains("sub"));
  EXPECT_EQ(body["exp"].get<long>() - body["iat"].get<long>(), 12 * 3600);
  EXPECT_TRUE(body.contains("per"));
  EXPECT_EQ(DecodeBase64Url(parts[2])->size(), 64u);
}

TEST_F(Token, ExpiresAfterTwelveHours) {
  const std::string token = Sign();
  EXPECT_TRUE(signer_.Verify(token, kNow + hours(12) - seconds(1)));
  EXPECT_FALSE(signer_.Verify(token, kNow + hours(12)));
}

TEST_F(Token, IsGoodForItsRobotOnlyEvenIfAnotherHasTheSameName) {
  EXPECT_FALSE(TokenSigner("robot-one").Verify(Sign(), kNow));
}

TEST_F(Token, DoesNotSurviveAnyChangedCharacter) {
  const std::string token = Sign();
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(signer_.Verify(changed, kNow)) << i;
  }
}

TEST_F(Token, ThatIsRefusedLeavesNothingInOpenSslsErrorQueue) {
  const auto parts = Parts(Sign());
  for (const char byte : {'\0', '\xff', '\x01'}) {
    const std::string signature = EncodeBase64Url(std::string(64, byte));
    EXPECT_FALSE(signer_.Verify(parts[0] + "." + parts[1] + "." + signature, kNow));
    EXPECT_EQ(ERR_peek_error(), 0u);
  }
}

TEST_F(Token, CannotChooseItsOwnAlgorithm) {
  const auto parts = Parts(Sign());
  const std::string none = EncodeBase64Url(R"({"alg":"none","typ":"JWT"})");
  EXPECT_FALSE(signer_.Verify(none + "." + parts[1] + ".", kNow));
  EXPECT_FALSE(signer_.Verify(none + "." + parts[1] + "." + parts[2], kNow));
}

TEST_F(Token, OfAnyOtherBytesIsRefused) {
  const auto parts = Parts(Sign());
  const std::string zero = EncodeBase64Url(std::string(64, '\0'));
  const std::string ones = EncodeBase64Url(std::string(64, '\xff'));
  for (const std::string& token :
       {std::string(), std::string("."), std::string(".."), std::string("None"),
        std::string(100'000, '.'), std::string("\0\xff.\x80.", 5), parts[0],
        parts[0] + "." + parts[1], parts[0] + "." + parts[1] + ".",
        parts[0] + "." + parts[1] + "." + zero, parts[0] + "." + parts[1] + "." + ones,
        parts[0] + "." + parts[1] + "." + parts[2] + "=",
        parts[0] + "." + parts[1] + "." + parts[2] + ".", parts[0] + ".." + parts[2]}) {
    EXPECT_FALSE(signer_.Verify(token, kNow)) << token.substr(0, 200);
  }
}

TEST_F(Token, IsRecognisedHoweverLongTheRobotsNameOrHighTheEpoch) {
  const TokenSigner signer(std::string(10'000, '"'));
  TokenClaims claims = Claims();
  claims.epoch = std::numeric_limits<std::uint64_t>::max();
  const auto read = signer.Verify(signer.Sign(claims).Reveal(), kNow);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->epoch, claims.epoch);
}

TEST_F(Token, NamesItsPermissionAndItsOwner) {
  const auto body_of = [this](TokenOwner owner) {
    TokenClaims claims = Claims();
    claims.owner = owner;
    const std::string token(signer_.Sign(claims).Reveal());
    return nlohmann::json::parse(DecodeBase64Url(Parts(token)[1]).value());
  };
  EXPECT_EQ(body_of(TokenOwner::kUser)["per"], "user");
  EXPECT_EQ(body_of(TokenOwner::kUser)["sub"], "user-7");
  EXPECT_EQ(body_of(TokenOwner::kPayload)["per"], "payload");
  EXPECT_EQ(body_of(TokenOwner::kPayload)["sub"], "payload-7");
}

TEST(Base64Url, DecodesWhatItEncodes) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(DecodeBase64Url(EncodeBase64Url(bytes)), bytes);
    bytes += static_cast<char>(i * 37);
  }
  EXPECT_EQ(EncodeBase64Url("\xfb\xff"), "-_8");
}

TEST(Base64Url, HasOneSpellingForEachText) {
  EXPECT_EQ(DecodeBase64Url("-_8"), "\xfb\xff");
  for (const char* text : {"-_9", "-_8=", "+/8", "A", "-_ 8", "QQ\n"}) {
    EXPECT_EQ(DecodeBase64Url(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace mock_robot
