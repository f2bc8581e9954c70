// Makes what a stranger said fit for one line of a log or an error.
#pragma once

#include <string>

namespace payload_manager {

// Control characters (of ASCII, and U+0080 to U+009F in UTF-8, which some terminals obey as well)
// become spaces, and more than `limit` bytes end in "...".
inline std::string OneLine(std::string text, std::size_t limit = 300) {
  if (text.size() > limit) text = text.substr(0, limit) + "...";
  unsigned char before = 0;
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool second_half = before == 0xc2 && byte >= 0x80 && byte <= 0x9f;
    if (second_half) *(&c - 1) = ' ';
    if (byte < 0x20 || byte == 0x7f || second_half) c = ' ';
    before = byte;
  }
  return text;
}

}  // namespace payload_manager
