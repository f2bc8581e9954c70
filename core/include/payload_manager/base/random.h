// Where randomness comes from, and the identities made of it.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "payload_manager/base/secret.h"

namespace payload_manager {

// Threads: every member may be called from any thread.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  // Fills `bytes` with random bytes; never fails (the process stops if the machine has none).
  virtual void Fill(std::span<unsigned char> bytes) = 0;
};

// The operating system's cryptographic source. Lives for ever.
RandomSource& SystemRandom();

// A version 4 UUID in lower case, `xxxxxxxx-xxxx-4xxx-[89ab]xxx-xxxxxxxxxxxx` (RFC 4122).
std::string MakeUuid(RandomSource& random);

// 16 random bytes in URL-safe base64 without padding, as the documented Python client makes them.
Secret MakePayloadSecret(RandomSource& random);

}  // namespace payload_manager
