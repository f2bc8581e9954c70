#include "auth/hashed_secret.h"

#include <gtest/gtest.h>

#include <algorithm>

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

TEST(HashedSecret, ASaltOfItsOwnHidesThatTwoSecretsAreOne) {
  const HashedSecret one("secret", payload_manager::SystemRandom());
  const HashedSecret other("secret", payload_manager::SystemRandom());
  EXPECT_NE(one.digest(), other.digest());
  EXPECT_TRUE(one.Matches("secret"));
  EXPECT_TRUE(other.Matches("secret"));
}

}  // namespace
}  // namespace mock_robot
