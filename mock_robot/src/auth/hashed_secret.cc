#include "auth/hashed_secret.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

namespace mock_robot {

HashedSecret::HashedSecret(std::string_view secret, payload_manager::RandomSource& random) {
  random.Fill(salt_);
  digest_ = Digest(salt_, secret);
}

bool HashedSecret::Matches(std::string_view candidate) const {
  const Bytes digest = Digest(salt_, candidate);
  return CRYPTO_memcmp(digest.data(), digest_.data(), digest.size()) == 0;
}

HashedSecret::Bytes HashedSecret::Digest(const Bytes& salt, std::string_view secret) {
  Bytes digest;
  unsigned int size = digest.size();
  const auto* data = reinterpret_cast<const unsigned char*>(secret.data());
  if (HMAC(EVP_sha256(), salt.data(), static_cast<int>(salt.size()), data, secret.size(),
           digest.data(), &size) == nullptr) {
    // Only an exhausted or broken crypto library gets here; an unset digest would match by luck.
    std::abort();
  }
  return digest;
}

}  // namespace mock_robot
