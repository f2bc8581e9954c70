#include "rpc/call_metadata.h"

#include <algorithm>
#include <string_view>

namespace payload_manager {
namespace {

constexpr std::string_view kAuthorization = "authorization";

bool IsKey(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

bool IsBinary(std::string_view key) { return key.ends_with("-bin"); }

bool IsText(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](unsigned char c) { return c >= 0x20 && c <= 0x7e; });
}

Failed<Failure> Refuse(const Exchange& exchange, const std::string& why) {
  return Failed{Failure{FailureKind::kInvalidArgument, Describe(exchange, why)}};
}

}  // namespace

Outcome<Done> CheckTokenMayTravel(const Exchange& exchange, const Secret& token, TokenRule rule) {
  if (token.empty() || !exchange.insecure || rule == TokenRule::kAlsoOverPlain) return Done{};
  return Refuse(exchange,
                "not sent: a token does not travel over a plain connection unless "
                "ConnectionOptions::token_over_plain allows it");
}

Outcome<Done> MakeMetadata(const Exchange& exchange, const Metadata& added, const Secret& token,
                           const AddMetadata& add) {
  bool authorized = token.empty();
  for (const auto& entry : added) {
    if (!IsKey(entry.first)) {
      return Refuse(exchange, "not sent: '" + Presentable(exchange, entry.first) +
                                  "' is no metadata key (lower-case letters, digits and -_.)");
    }
    if (!IsBinary(entry.first) && !IsText(entry.second)) {
      return Refuse(exchange, "not sent: the value of metadata '" + entry.first +
                                  "' holds characters that are not printable ASCII");
    }
    authorized = authorized || entry.first == kAuthorization;
    add(entry.first, entry.second);
  }
  if (authorized) return Done{};
  if (!IsText(token.Reveal())) {
    return Refuse(exchange, "not sent: the token holds characters that no token has");
  }
  add(std::string(kAuthorization), "Bearer " + std::string(token.Reveal()));
  return Done{};
}

std::vector<Secret> SecretsIn(const Metadata& added) {
  std::vector<Secret> secrets;
  for (const auto& [key, value] : added) {
    if (key != kAuthorization && !IsBinary(key)) continue;
    secrets.emplace_back(value);
    const auto scheme_end = value.find(' ');
    if (key == kAuthorization && scheme_end != std::string::npos) {
      secrets.emplace_back(std::string_view(value).substr(scheme_end + 1));
    }
  }
  return secrets;
}

}  // namespace payload_manager
