#include "payload_manager/base/secret.h"

#include <openssl/crypto.h>

#include <utility>

namespace payload_manager {

Secret::Secret(Secret&& other) noexcept : characters_(std::move(other.characters_)) {
  other.Wipe();  // a short string is copied by the move, and stays behind
}

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    Wipe();
    characters_ = other.characters_;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    Wipe();
    characters_ = std::move(other.characters_);
    other.Wipe();
  }
  return *this;
}

Secret::~Secret() { Wipe(); }

bool Secret::ConstantTimeEquals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void Secret::Wipe() {
  // Up to the capacity: a short string moved out of keeps its characters behind a size of zero.
  characters_.resize(characters_.capacity());
  OPENSSL_cleanse(characters_.data(), characters_.size());
  characters_.clear();
}

}  // namespace payload_manager
