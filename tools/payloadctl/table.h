// Columns for people.
#pragma once

#include <string>
#include <vector>

namespace payload_manager::payloadctl {

// Rows of text, aligned; the first row is the heading. Control characters, which a hostile robot
// could use to write over the terminal, become '?'.
std::string FormatTable(std::vector<std::vector<std::string>> rows);

}  // namespace payload_manager::payloadctl
