#include "auth/hashed_secret.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <string>

namespace mock_robot {
namespace {

// RFC 4231, test case 1. HMAC pads a short key with zeros, so that a whole salt can hold it.
TEST(HashedSecret, IsHmacSha256UnderItsSalt) {
  HashedSecret::Bytes salt{};
  std::fill_n(salt.begin(), 20, static_cast<unsigned char>(0x0b));
  const HashedSecret::Bytes digest{0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8, 0xaf,
                                   0xce, 0xaf, 0x0b, 0xf1, 0x2b, 0x88, 0x1d, 0xc2, 0x00, 0xc9, 0x83,
                                   0x3d, 0xa7, 0x26, 0xe9, 0x37, 0x6c, 0x2e, 0x32, 0xcf, 0xf7};
  const HashedSecret kept(salt, digest);
  EXPECT_TRUE(kept.Matches("Hi There"));
  EXPECT_TRUE(kept.Matches("Hi There"));  // the machinery is used again
  EXPECT_FALSE(kept.Matches("Hi there"));
  EXPECT_FALSE(kept.Matches(""));
}

// Around the lengths at which the hash takes another block, and none at all.
TEST(HashedSecret, IsWhatOpenSslMakesOfSecretsOfAnyLength) {
  HashedSecret::Bytes salt;
  for (std::size_t i = 0; i < salt.size(); ++i) salt[i] = static_cast<unsigned char>(i * 37);
  for (const std::size_t length : {0, 1, 32, 55, 56, 63, 64, 65, 119, 120, 1000}) {
    const std::string secret(length, 's');
    HashedSecret::Bytes digest;
    unsigned size = 0;
    HMAC(EVP_sha256(), salt.data(), static_cast<int>(salt.size()),
         reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest.data(),
         &size);
    ASSERT_EQ(size, digest.size());
    EXPECT_TRUE(HashedSecret(salt, digest).Matches(secret)) << length;
    EXPECT_FALSE(HashedSecret(salt, digest).Matches(secret + "s")) << length;
  }
}

TEST(HashedSecret, ASaltOfItsOwnHidesThatTwoSecretsAreOne) {
  const HashedSecret one("secret", payload_manager::SystemRandom());
  const HashedSecret other("secret", payload_manager::SystemRandom());
  EXPECT_NE(one.digest(), other.digest());
  EXPECT_TRUE(one.Matches("secret"));
  EXPECT_TRUE(other.Matches("secret"));
}

}  // namespace
}  // namespace mock_robot
