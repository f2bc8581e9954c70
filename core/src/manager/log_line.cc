#include "manager/log_line.h"

#include <algorithm>
#include <cctype>

#include "payload_manager/base/text.h"

namespace payload_manager {
namespace {

constexpr std::size_t kLongestLine = 1000;
// Secrets are sought in little more than what is shown, not in megabytes.
constexpr std::size_t kLongestLook = 16 * 1024;
// So many characters of a secret's beginning give it away: a plugin may have cut it short.
constexpr std::size_t kTellTale = 16;

bool BelongsToAWord(unsigned char c) {
  return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
}

void Hide(const Secret& secret, std::string& line) {
  const std::string_view beginning = secret.Reveal().substr(0, kTellTale);
  if (beginning.empty()) return;
  for (std::size_t at = line.find(beginning); at != std::string::npos;
       at = line.find(beginning, at)) {
    const auto end =
        std::find_if_not(line.begin() + static_cast<std::ptrdiff_t>(at + beginning.size()),
                         line.end(), BelongsToAWord);
    line.replace(line.begin() + static_cast<std::ptrdiff_t>(at), end, "***");
  }
}

}  // namespace

std::string MakeLogLine(std::string_view text, const std::vector<Secret>& secrets) {
  std::string line(text.substr(0, kLongestLook));
  for (const Secret& secret : secrets) Hide(secret, line);
  if (line.size() > kLongestLine) line = line.substr(0, kLongestLine - 3) + "...";
  ReplaceControls(line);
  return line;
}

}  // namespace payload_manager
