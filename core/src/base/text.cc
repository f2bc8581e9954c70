#include "payload_manager/base/text.h"

#include <algorithm>
#include <cctype>

namespace payload_manager {

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

void ReplaceControls(std::string& text, char with) {
  unsigned char before = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool second_half = before == 0xc2 && byte >= 0x80 && byte <= 0x9f;
    if (second_half) text[i - 1] = with;
    if (byte < 0x20 || byte == 0x7f || second_half) text[i] = with;
    before = byte;
  }
}

std::string OneLine(std::string text, std::size_t limit) {
  if (text.size() > limit) text = text.substr(0, limit) + "...";
  ReplaceControls(text);
  return text;
}

}  // namespace payload_manager
