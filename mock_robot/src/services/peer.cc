#include "services/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

namespace mock_robot {

std::string PeerAddress(std::string_view grpc_peer) {
  constexpr std::string_view kVersion4 = "ipv4:";
  constexpr std::string_view kVersion6 = "ipv6:";
  if (grpc_peer.substr(0, kVersion4.size()) == kVersion4) {
    return std::string(grpc_peer.substr(kVersion4.size()));
  }
  if (grpc_peer.substr(0, kVersion6.size()) != kVersion6) return std::string(grpc_peer);
  std::string address(grpc_peer.substr(kVersion6.size()));
  for (const auto& [escaped, character] : {std::pair{"%5B", "["}, std::pair{"%5D", "]"}}) {
    const auto at = address.find(escaped);
    if (at != std::string::npos) address.replace(at, std::strlen(escaped), character);
  }
  return address;
}

std::string PeerAddress(const sockaddr_storage& name) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (name.ss_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, &name, sizeof address);
    if (!inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size())) return {};
    return std::string(text.data()) + ':' + std::to_string(ntohs(address.sin_port));
  }
  if (name.ss_family == AF_INET6) {
    sockaddr_in6 address{};
    std::memcpy(&address, &name, sizeof address);
    if (!inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size())) return {};
    return '[' + std::string(text.data()) + "]:" + std::to_string(ntohs(address.sin6_port));
  }
  return {};
}

}  // namespace mock_robot
