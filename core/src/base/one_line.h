// Makes what a stranger said fit for one line of a log or an error.
#pragma once

#include <string>

namespace payload_manager {

// Control characters become spaces, and more than `limit` bytes end in "...".
inline std::string OneLine(std::string text, std::size_t limit = 300) {
  if (text.size() > limit) text = text.substr(0, limit) + "...";
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

}  // namespace payload_manager
