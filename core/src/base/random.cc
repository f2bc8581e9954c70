#include "payload_manager/base/random.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace payload_manager {
namespace {

// The kernel's own, not OpenSSL's: that would set up its providers, two megabytes of them, in a
// process that may need nothing else of them.
class KernelRandom final : public RandomSource {
 public:
  void Fill(std::span<unsigned char> bytes) override {
    constexpr std::size_t kMostAtOnce = 256;
    while (!bytes.empty()) {
      const auto next = bytes.first(std::min(bytes.size(), kMostAtOnce));
      if (getentropy(next.data(), next.size()) != 0) std::abort();
      bytes = bytes.subspan(next.size());
    }
  }
};

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kUrlSafe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

RandomSource& SystemRandom() {
  static KernelRandom source;
  return source;
}

std::string MakeUuid(RandomSource& random) {
  std::array<unsigned char, 16> bytes{};
  random.Fill(bytes);
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);  // version 4
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);  // the RFC's variant
  std::string uuid;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) uuid += '-';
    uuid += kHex[bytes[i] >> 4];
    uuid += kHex[bytes[i] & 0x0f];
  }
  return uuid;
}

Secret MakePayloadSecret(RandomSource& random) {
  std::array<unsigned char, 16> bytes{};
  random.Fill(bytes);
  std::string text;
  unsigned accumulator = 0;
  int bits = 0;
  for (unsigned char byte : bytes) {
    accumulator = (accumulator << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += kUrlSafe[(accumulator >> bits) & 0x3f];
    }
  }
  if (bits > 0) text += kUrlSafe[(accumulator << (6 - bits)) & 0x3f];
  return Secret(text);
}

}  // namespace payload_manager
