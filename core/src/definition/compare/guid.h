// GUIDs as robots match them.
#pragma once

#include <string>
#include <string_view>

namespace payload_manager {

// ASCII only: a GUID is a UUID in practice.
inline std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

inline bool SameGuid(std::string_view a, std::string_view b) {
  return LowerCase(a) == LowerCase(b);
}

}  // namespace payload_manager
