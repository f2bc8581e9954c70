// Network addresses as people write them: `HOST`, `HOST:PORT`, `[v6]`, `[v6]:PORT`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "payload_manager/base/outcome.h"

namespace payload_manager {

struct Address {
  std::string host;  // a name, an IPv4 address or an IPv6 address without brackets
  std::uint16_t port = 0;

  // `host:port`, with brackets around an IPv6 host.
  std::string ToString() const;
  // Whether it is 127.0.0.0/8, ::1 or the name `localhost`.
  bool IsLoopback() const;
  friend bool operator==(const Address&, const Address&) = default;
};

// The problem names what is wrong with `text`, not which flag it came from.
Checked<Address> ParseAddress(std::string_view text, std::uint16_t default_port);

}  // namespace payload_manager
