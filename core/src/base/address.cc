#include "payload_manager/base/address.h"

#include <arpa/inet.h>

#include <charconv>

namespace payload_manager {
namespace {

Failed<Problem> Bad(std::string_view text, const char* why) {
  return Failed{Problem{"'" + std::string(text) + "' is not an address: " + why}};
}

}  // namespace

std::string Address::ToString() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool Address::IsLoopback() const {
  return host == "localhost" || host == "::1" || (host.starts_with("127.") && [this] {
           in_addr parsed{};
           return inet_pton(AF_INET, host.c_str(), &parsed) == 1;
         }());
}

Checked<Address> ParseAddress(std::string_view text, std::uint16_t default_port) {
  std::string_view host = text;
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return Bad(text, "the bracket is never closed");
    host = text.substr(1, close - 1);
    const std::string_view rest = text.substr(close + 1);
    in6_addr parsed{};
    if (inet_pton(AF_INET6, std::string(host).c_str(), &parsed) != 1) {
      return Bad(text, "there is no IPv6 address in the brackets");
    }
    if (!rest.empty() && rest.front() != ':') return Bad(text, "only :PORT may follow the bracket");
    has_port = !rest.empty();
    if (has_port) port = rest.substr(1);
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    if (text.find(':', colon + 1) != std::string_view::npos) {
      return Bad(text, "an IPv6 address goes in brackets, as in [::1]:443");
    }
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    has_port = true;
  }
  if (host.empty()) return Bad(text, "the host is missing");
  if (host.find_first_of(" \t\r\n/@") != std::string_view::npos) {
    return Bad(text, "use HOST[:PORT] or [v6]:PORT");
  }
  Address address{std::string(host), default_port};
  if (has_port) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (error != std::errc() || end != port.data() + port.size()) {
      return Bad(text, "the port is not a number from 0 to 65535");
    }
  }
  return address;
}

}  // namespace payload_manager
