#include "registry/ipv4.h"

#include <arpa/inet.h>

namespace mock_robot {

bool IsIpv4(const std::string& text) {
  in_addr address{};
  return text.find('\0') == std::string::npos && inet_pton(AF_INET, text.c_str(), &address) == 1;
}

}  // namespace mock_robot
