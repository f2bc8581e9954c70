#include "tests/support/fleet_story/story_token.h"

#include <array>
#include <charconv>

namespace payload_manager::testing {

std::string StoryToken::ToString() const {
  return guid + ' ' + std::to_string(epoch) + ' ' + std::to_string(issued.count()) + ' ' +
         std::to_string(number);
}

std::optional<StoryToken> StoryToken::Parse(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  std::array<std::uint64_t, 3> numbers{};
  const char* at = text.data() + space;
  const char* const end = text.data() + text.size();
  for (std::uint64_t& number : numbers) {
    if (at == end || *at != ' ') return std::nullopt;
    const auto read = std::from_chars(at + 1, end, number);
    if (read.ec != std::errc()) return std::nullopt;
    at = read.ptr;
  }
  if (at != end) return std::nullopt;
  return StoryToken{std::string(text.substr(0, space)), numbers[0],
                    Duration(static_cast<Duration::rep>(numbers[1])), numbers[2]};
}

}  // namespace payload_manager::testing
