// GUIDs as the robot compares them.
#pragma once

#include <algorithm>
#include <string_view>

namespace mock_robot {

// Regardless of ASCII case.
inline bool SameGuid(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace mock_robot
