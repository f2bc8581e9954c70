// The robot's users: names, passwords and the lock-out after too many wrong ones.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "auth/hashed_secret.h"
#include "payload_manager/base/clock.h"
#include "payload_manager/base/secret.h"

namespace mock_robot {

inline constexpr int kFailuresUntilLockOut = 6;
inline constexpr std::chrono::minutes kLockOut{1};

enum class LoginResult { kOk, kWrong, kLockedOut };

// Threads: none of its own and no locks; one caller at a time.
class UserTable {
 public:
  explicit UserTable(payload_manager::RandomSource& random) : random_(random) {}

  // Adds a user or changes the password. A new password is a new epoch and ends a lock-out; the
  // old password once more changes nothing.
  void Set(std::string_view name, const payload_manager::Secret& password);
  void Remove(std::string_view name);

  // Unknown names are counted and locked like known ones, so that the answers do not tell which
  // names exist. While locked, attempts are neither judged nor counted.
  LoginResult Login(std::string_view name, const payload_manager::Secret& password,
                    payload_manager::WallTime now);

  // Names the user's present password; nothing for an unknown user.
  std::optional<std::uint64_t> Epoch(std::string_view name) const;

 private:
  struct User {
    HashedSecret password;
    std::uint64_t epoch;
  };
  struct Failures {
    int in_a_row = 0;
    std::optional<payload_manager::WallTime> locked_until;
    payload_manager::WallTime latest;
  };
  void CountFailure(std::string_view name, payload_manager::WallTime now);

  payload_manager::RandomSource& random_;
  std::uint64_t last_epoch_ = 0;
  std::map<std::string, User, std::less<>> users_;
  std::map<std::string, Failures, std::less<>> failures_;
};

}  // namespace mock_robot
