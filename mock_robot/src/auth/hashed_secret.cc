#include "auth/hashed_secret.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <array>

namespace mock_robot {
namespace {

using Bytes = HashedSecret::Bytes;

std::string_view View(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// SHA-256 of a block's worth of key, each byte combined with `pad`, and of `text` behind it.
Bytes HashUnder(const Bytes& key, unsigned char pad, std::string_view text) {
  std::array<unsigned char, SHA256_CBLOCK> block;
  block.fill(pad);
  for (std::size_t i = 0; i < key.size(); ++i) block[i] ^= key[i];
  Bytes hash;
  SHA256_CTX context;
// Every heartbeat comes by here. OpenSSL's present interface allocates and locks for each step,
// which takes ten times as long as the hashing itself.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  SHA256_Init(&context);
  SHA256_Update(&context, block.data(), block.size());
  SHA256_Update(&context, text.data(), text.size());
  SHA256_Final(hash.data(), &context);
#pragma GCC diagnostic pop
  OPENSSL_cleanse(&context, sizeof context);
  return hash;
}

}  // namespace

HashedSecret::HashedSecret(std::string_view secret, payload_manager::RandomSource& random) {
  random.Fill(salt_);
  digest_ = Digest(salt_, secret);
}

bool HashedSecret::Matches(std::string_view candidate) const {
  const Bytes digest = Digest(salt_, candidate);
  return CRYPTO_memcmp(digest.data(), digest_.data(), digest.size()) == 0;
}

// HMAC (RFC 2104) with SHA-256; the salt is shorter than a block.
HashedSecret::Bytes HashedSecret::Digest(const Bytes& salt, std::string_view secret) {
  constexpr unsigned char kInnerPad = 0x36;
  constexpr unsigned char kOuterPad = 0x5c;
  return HashUnder(salt, kOuterPad, View(HashUnder(salt, kInnerPad, secret)));
}

}  // namespace mock_robot
