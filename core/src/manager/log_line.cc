#include "manager/log_line.h"

#include <algorithm>

namespace payload_manager {
namespace {

constexpr std::size_t kLongestLine = 1000;
// Secrets are sought in little more than what is shown, not in megabytes.
constexpr std::size_t kLongestLook = 16 * 1024;

}  // namespace

std::string MakeLogLine(std::string_view text, const std::vector<Secret>& secrets) {
  std::string line(text.substr(0, kLongestLook));
  for (const Secret& secret : secrets) {
    if (secret.empty()) continue;
    for (std::size_t at = line.find(secret.Reveal()); at != std::string::npos;
         at = line.find(secret.Reveal(), at)) {
      line.replace(at, secret.size(), "***");
    }
  }
  if (line.size() > kLongestLine) line = line.substr(0, kLongestLine - 3) + "...";
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return line;
}

}  // namespace payload_manager
