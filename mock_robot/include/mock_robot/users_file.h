// The file that names the users of a mock robot.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "payload_manager/base/outcome.h"
#include "payload_manager/base/secret.h"

namespace mock_robot {

using Users = std::map<std::string, payload_manager::Secret, std::less<>>;

// Lines `name:password`; everything after the first colon is the password. Empty lines are skipped.
// A problem names the line and never quotes it.
payload_manager::Checked<Users> ParseUsers(std::string_view text);

// The same from a file that nobody but its owner may read. A problem names the file. Blocks on the
// disk.
payload_manager::Checked<Users> ReadUsersFile(const std::filesystem::path& file);

}  // namespace mock_robot
