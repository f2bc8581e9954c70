// What is kept of a password on the disk: hard to guess from, even for who has the file.
#pragma once

#include <array>
#include <string_view>

#include "payload_manager/base/random.h"

namespace mock_robot {

// scrypt (RFC 7914) of the password under a random salt, N = 4096, r = 8, p = 1: some 10 ms and
// 4 MB per guess, which a person who logs in does not notice. Threads: like any value.
class StretchedPassword {
 public:
  using Salt = std::array<unsigned char, 16>;
  using Digest = std::array<unsigned char, 32>;

  // Both take as long as a guess: never under a lock, never on a callback thread.
  StretchedPassword(std::string_view password, payload_manager::RandomSource& random);
  bool Matches(std::string_view candidate) const;

  // As it was kept.
  StretchedPassword(const Salt& salt, const Digest& digest) : salt_(salt), digest_(digest) {}
  const Salt& salt() const { return salt_; }
  const Digest& digest() const { return digest_; }

 private:
  Salt salt_;
  Digest digest_;
};

}  // namespace mock_robot
