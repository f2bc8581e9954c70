// Text that robots, vendors and files bring: compared, and made fit for people to read.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace payload_manager {

// GUIDs are compared so. ASCII letters only.
bool EqualIgnoringCase(std::string_view a, std::string_view b);

// Makes control characters harmless, so that a stranger's text can neither look like lines of ours
// nor steer a terminal: those of ASCII, and U+0080 to U+009F in UTF-8, which some terminals obey as
// well. Each byte of one becomes `with`.
void ReplaceControls(std::string& text, char with = ' ');

// The text without control characters; of more than `limit` bytes the first, and "...".
std::string OneLine(std::string text, std::size_t limit = 300);

}  // namespace payload_manager
