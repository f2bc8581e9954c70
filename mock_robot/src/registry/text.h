// Text that comes from outside, counted, shortened for people and compared.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mock_robot {

// Characters of UTF-8, not bytes.
std::size_t CountCharacters(std::string_view text);

// The first `most` characters, and an ellipsis where there are more.
std::string Shortened(std::string_view text, std::size_t most);

constexpr char LowerCaseOf(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// With ASCII letters in lower case: how GUIDs are kept.
std::string LowerCase(std::string_view text);

}  // namespace mock_robot
