#include "auth/hashed_secret.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstdlib>

namespace mock_robot {
namespace {

// HMAC with SHA-256, ready for a key. Threads: one at a time.
class Mac {
 public:
  Mac() {
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()};
    EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    context_ = EVP_MAC_CTX_new(algorithm);
    EVP_MAC_free(algorithm);
    if (context_ == nullptr || EVP_MAC_CTX_set_params(context_, parameters) != 1) std::abort();
  }
  ~Mac() { EVP_MAC_CTX_free(context_); }
  Mac(const Mac&) = delete;
  Mac& operator=(const Mac&) = delete;

  EVP_MAC_CTX* get() const { return context_; }

 private:
  EVP_MAC_CTX* context_ = nullptr;
};

}  // namespace

HashedSecret::HashedSecret(std::string_view secret, payload_manager::RandomSource& random) {
  random.Fill(salt_);
  digest_ = Digest(salt_, secret);
}

bool HashedSecret::Matches(std::string_view candidate) const {
  const Bytes digest = Digest(salt_, candidate);
  return CRYPTO_memcmp(digest.data(), digest_.data(), digest.size()) == 0;
}

HashedSecret::Bytes HashedSecret::Digest(const Bytes& salt, std::string_view secret) {
  // Every heartbeat comes by here: looking the algorithm up each time would cost more than it does.
  thread_local const Mac mac;
  Bytes digest;
  std::size_t size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(secret.data());
  if (EVP_MAC_init(mac.get(), salt.data(), salt.size(), nullptr) != 1 ||
      EVP_MAC_update(mac.get(), data, secret.size()) != 1 ||
      EVP_MAC_final(mac.get(), digest.data(), &size, digest.size()) != 1) {
    // Only an exhausted or broken crypto library gets here; an unset digest would match by luck.
    std::abort();
  }
  return digest;
}

}  // namespace mock_robot
