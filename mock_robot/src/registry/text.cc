#include "registry/text.h"

#include <algorithm>

namespace mock_robot {
namespace {

// Every character of UTF-8 has one byte that is not of the form 10xxxxxx: its first.
bool Begins(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

}  // namespace

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = LowerCaseOf(c);
  return lower;
}

std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), Begins));
}

std::string Shortened(std::string_view text, std::size_t most) {
  std::size_t begun = 0;
  const auto too_far = [&](char byte) { return Begins(byte) && ++begun > most; };
  const auto end = std::find_if(text.begin(), text.end(), too_far);
  std::string shortened(text.begin(), end);
  if (end != text.end()) shortened += "\u2026";
  return shortened;
}

}  // namespace mock_robot
