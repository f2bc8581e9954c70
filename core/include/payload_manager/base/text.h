// Comparing text that robots, vendors and files spell differently.
#pragma once

#include <algorithm>
#include <cctype>
#include <string_view>

namespace payload_manager {

// GUIDs are compared so. ASCII letters only.
inline bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

}  // namespace payload_manager
