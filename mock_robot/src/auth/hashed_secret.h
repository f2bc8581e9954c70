// What is kept of a secret: enough to recognise it, not enough to tell it.
#pragma once

#include <array>
#include <string_view>

#include "payload_manager/base/random.h"

namespace mock_robot {

// HMAC-SHA-256 of the secret under a random salt. Good against a leak of memory or a log, and no
// more is needed here: a mock keeps no secret of value, so no slow key derivation.
class HashedSecret {
 public:
  using Bytes = std::array<unsigned char, 32>;

  HashedSecret(std::string_view secret, payload_manager::RandomSource& random);

  // As it was kept.
  HashedSecret(const Bytes& salt, const Bytes& digest) : salt_(salt), digest_(digest) {}
  const Bytes& salt() const { return salt_; }
  const Bytes& digest() const { return digest_; }

  // Takes the same time for every candidate of the same length.
  bool Matches(std::string_view candidate) const;

 private:
  static Bytes Digest(const Bytes& salt, std::string_view secret);

  Bytes salt_;
  Bytes digest_;
};

}  // namespace mock_robot
