#include "auth/token.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "auth/base64url.h"

namespace mock_robot {
namespace {

using nlohmann::json;
using payload_manager::WallTime;

constexpr std::size_t kHalf = 32;  // bytes of each of ES256's two integers
constexpr std::size_t kLongestDerSignature = 72;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;
struct FreeSignature {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using Signature = std::unique_ptr<ECDSA_SIG, FreeSignature>;

// Signing with a good key fails only when the crypto library itself is exhausted or broken.
void Require(bool condition) {
  if (!condition) std::abort();
}

// The only header we issue and therefore the only one we accept: the algorithm is not up to
// whoever presents a token.
const std::string& Header() {
  static const std::string header = EncodeBase64Url(R"({"alg":"ES256","typ":"JWT"})");
  return header;
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string SignEs256(EVP_PKEY* key, std::string_view input) {
  const Context context(EVP_MD_CTX_new());
  std::array<unsigned char, kLongestDerSignature> der;
  std::size_t size = der.size();
  Require(context != nullptr &&
          EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
          EVP_DigestSign(context.get(), der.data(), &size, Bytes(input), input.size()) == 1);
  const unsigned char* position = der.data();
  const Signature signature(d2i_ECDSA_SIG(nullptr, &position, static_cast<long>(size)));
  Require(signature != nullptr);
  std::string raw(2 * kHalf, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  Require(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, kHalf) == kHalf &&
          BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + kHalf, kHalf) == kHalf);
  return raw;
}

bool VerifyEs256(EVP_PKEY* key, std::string_view input, std::string_view raw) {
  if (raw.size() != 2 * kHalf) return false;
  const Signature signature(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(Bytes(raw), kHalf, nullptr);
  BIGNUM* s = BN_bin2bn(Bytes(raw) + kHalf, kHalf, nullptr);
  Require(signature != nullptr && r != nullptr && s != nullptr);
  Require(ECDSA_SIG_set0(signature.get(), r, s) == 1);  // owns r and s from here
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  const Context context(EVP_MD_CTX_new());
  const bool good = size > 0 && context != nullptr &&
                    EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
                    EVP_DigestVerify(context.get(), der, static_cast<std::size_t>(size),
                                     Bytes(input), input.size()) == 1;
  OPENSSL_free(der);
  // A refusal leaves its reasons in this thread's queue, where TLS would take them for its own.
  if (!good) ERR_clear_error();
  return good;
}

std::int64_t ToSeconds(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

void TokenSigner::FreeKey::operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }

TokenSigner::TokenSigner(std::string robot)
    : TokenSigner(std::move(robot), Key(EVP_EC_gen("P-256"))) {}
TokenSigner::TokenSigner(std::string robot, const payload_manager::Secret& key)
    : TokenSigner(std::move(robot), Read(key)) {}
TokenSigner::TokenSigner(std::string robot, Key key)
    : robot_(std::move(robot)), key_(std::move(key)) {
  Require(key_ != nullptr);
  constexpr auto kMostDigits = std::numeric_limits<std::uint64_t>::max();
  longest_ = Sign({TokenOwner::kPayload, kMostDigits, WallTime::min(), WallTime::min()}).size();
}
TokenSigner::~TokenSigner() = default;
TokenSigner::TokenSigner(TokenSigner&&) noexcept = default;

payload_manager::Secret TokenSigner::MakeKey() {
  const Key key(EVP_EC_gen("P-256"));
  unsigned char* der = nullptr;
  const int size = key == nullptr ? -1 : i2d_PrivateKey(key.get(), &der);
  Require(size > 0);
  const auto* characters = reinterpret_cast<const char*>(der);
  payload_manager::Secret made(std::string_view(characters, static_cast<std::size_t>(size)));
  OPENSSL_clear_free(der, static_cast<std::size_t>(size));
  return made;
}

bool TokenSigner::IsKey(const payload_manager::Secret& key) { return Read(key) != nullptr; }

TokenSigner::Key TokenSigner::Read(const payload_manager::Secret& key) {
  const unsigned char* position = Bytes(key.Reveal());
  const unsigned char* const end = position + key.size();
  Key read(d2i_PrivateKey(EVP_PKEY_EC, nullptr, &position, static_cast<long>(key.size())));
  struct FreeKeyContext {
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  };
  const std::unique_ptr<EVP_PKEY_CTX, FreeKeyContext> context(
      read == nullptr ? nullptr : EVP_PKEY_CTX_new(read.get(), nullptr));
  char group[32] = "";
  const bool good = context != nullptr && position == end &&
                    EVP_PKEY_get_group_name(read.get(), group, sizeof group, nullptr) == 1 &&
                    std::string_view(group) == "prime256v1" &&
                    EVP_PKEY_pairwise_check(context.get()) == 1;
  if (!good) ERR_clear_error();
  return good ? std::move(read) : nullptr;
}

payload_manager::Secret TokenSigner::Sign(const TokenClaims& claims) const {
  const bool user = claims.owner == TokenOwner::kUser;
  const json body = {{"iss", robot_},
                     {"aud", robot_},
                     {"sub", (user ? "user-" : "payload-") + std::to_string(claims.epoch)},
                     {"iat", ToSeconds(claims.issued)},
                     {"exp", ToSeconds(claims.expires)},
                     {"per", user ? "user" : "payload"},
                     {"epoch", claims.epoch}};
  // The robot's name ought to be UTF-8; `replace` only rules out a throw.
  const std::string text = body.dump(-1, ' ', false, json::error_handler_t::replace);
  const std::string input = Header() + "." + EncodeBase64Url(text);
  return payload_manager::Secret(input + "." + EncodeBase64Url(SignEs256(key_.get(), input)));
}

std::optional<TokenClaims> TokenSigner::Verify(std::string_view token, WallTime now) const {
  if (token.size() > longest_) return std::nullopt;
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == std::string_view::npos || first == last || token.substr(0, first) != Header()) {
    return std::nullopt;
  }
  const std::optional<std::string> text =
      DecodeBase64Url(token.substr(first + 1, last - first - 1));
  const std::optional<std::string> signature = DecodeBase64Url(token.substr(last + 1));
  if (!text || !signature || !VerifyEs256(key_.get(), token.substr(0, last), *signature)) {
    return std::nullopt;
  }
  // Signed with a key that only this object has: from here on the content is our own.
  const json body = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object() || body.value("iss", "") != robot_ || body.value("aud", "") != robot_) {
    return std::nullopt;
  }
  const auto at = [&body](const char* claim) {
    return WallTime(std::chrono::seconds(body.value(claim, std::int64_t{0})));
  };
  TokenClaims claims;
  claims.owner = body.value("per", "") == "user" ? TokenOwner::kUser : TokenOwner::kPayload;
  claims.epoch = body.value("epoch", std::uint64_t{0});
  claims.issued = at("iat");
  claims.expires = at("exp");
  if (now >= claims.expires) return std::nullopt;
  return claims;
}

}  // namespace mock_robot
