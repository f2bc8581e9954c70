#include "mock_robot/users_file.h"

#include "payload_manager/base/files.h"

namespace mock_robot {

using payload_manager::Checked;
using payload_manager::Failed;
using payload_manager::Problem;
using payload_manager::Secret;

Checked<Users> ParseUsers(std::string_view text) {
  Users users;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) continue;

    const std::string where = "line " + std::to_string(number);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == line.size()) {
      return Failed{Problem{where + " is not of the form name:password"}};
    }
    const Secret password(line.substr(colon + 1));
    if (!users.emplace(line.substr(0, colon), password).second) {
      return Failed{Problem{where + " names a user for the second time"}};
    }
  }
  return users;
}

Checked<Users> ReadUsersFile(const std::filesystem::path& file) {
  const auto text = payload_manager::ReadPrivateFile(file);
  if (!text) return Failed{text.error()};
  auto users = ParseUsers(*text);
  if (!users) return Failed{Problem{file.string() + ": " + users.error().message}};
  return users;
}

}  // namespace mock_robot
