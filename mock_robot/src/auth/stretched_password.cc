#include "auth/stretched_password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstdint>
#include <cstdlib>

namespace mock_robot {
namespace {

constexpr std::uint64_t kCost = 4096;  // N
constexpr std::uint64_t kBlock = 8;    // r
constexpr std::uint64_t kLanes = 1;    // p
constexpr std::uint64_t kMostMemory = 16u << 20;

StretchedPassword::Digest Stretch(std::string_view password, const StretchedPassword::Salt& salt) {
  StretchedPassword::Digest digest;
  // OpenSSL takes a null pointer for "only check the parameters".
  const char* characters = password.empty() ? "" : password.data();
  if (EVP_PBE_scrypt(characters, password.size(), salt.data(), salt.size(), kCost, kBlock, kLanes,
                     kMostMemory, digest.data(), digest.size()) != 1) {
    std::abort();  // only without memory; an unset digest would match by luck
  }
  return digest;
}

}  // namespace

StretchedPassword::StretchedPassword(std::string_view password,
                                     payload_manager::RandomSource& random) {
  random.Fill(salt_);
  digest_ = Stretch(password, salt_);
}

bool StretchedPassword::Matches(std::string_view candidate) const {
  const Digest digest = Stretch(candidate, salt_);
  return CRYPTO_memcmp(digest.data(), digest_.data(), digest.size()) == 0;
}

}  // namespace mock_robot
