// Everything that outlives the process about the robot's users, and how it changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "auth/stretched_password.h"

namespace mock_robot {

// A value. Failed attempts and lock-outs are not part of it: a restart ends them.
struct UserRecord {
  std::string name;
  StretchedPassword password;
  std::uint64_t epoch = 0;  // of the present password
};

struct UserTableRecord {
  std::vector<UserRecord> users;
  std::uint64_t last_epoch = 0;  // none up to this one is ever given again
};

}  // namespace mock_robot
