#include "store/seal.h"

#include <openssl/sha.h>

#include <charconv>
#include <cstddef>
#include <cstring>

namespace mock_robot {
namespace {

// The digits of a number, without a string of their own.
class Decimal {
 public:
  template <typename Number>
  explicit Decimal(Number number) {
    end_ = std::to_chars(digits_.begin(), digits_.end(), number).ptr;
  }
  std::string_view text() const {
    return {digits_.data(), static_cast<std::size_t>(end_ - digits_.data())};
  }

 private:
  std::array<char, 20> digits_;
  const char* end_ = nullptr;
};

}  // namespace

// Kind and length come first, so that no two rows run together to the same bytes.
void Sealer::Add(char kind, std::string_view bytes) {
  bytes_ += kind;
  bytes_ += Decimal(bytes.size()).text();
  bytes_ += ':';
  bytes_ += bytes;
}

Sealer& Sealer::Bind(std::int64_t number) {
  Add('i', Decimal(number).text());
  return *this;
}

Sealer& Sealer::Bind(std::string_view text) {
  Add('t', text);
  return *this;
}

Sealer& Sealer::BindBytes(std::string_view bytes) {
  Add('b', bytes);
  return *this;
}

Sealer& Sealer::BindNull() {
  Add('n', {});
  return *this;
}

void Sealer::Break() { Add('?', {}); }

Seal Sealer::Finish() {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> whole;
  SHA256_CTX context;
// Every row comes by here, and OpenSSL's present interface would take three times as long.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  SHA256_Init(&context);
  SHA256_Update(&context, bytes_.data(), bytes_.size());
  SHA256_Final(whole.data(), &context);
#pragma GCC diagnostic pop
  bytes_.clear();
  Seal seal;
  std::memcpy(seal.data(), whole.data(), seal.size());
  return seal;
}

}  // namespace mock_robot
