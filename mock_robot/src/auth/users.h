// The robot's users: names, passwords and the lock-out after too many wrong ones.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/hashed_secret.h"
#include "auth/user_record.h"
#include "mock_robot/assumptions.h"
#include "payload_manager/base/clock.h"
#include "payload_manager/base/secret.h"

namespace mock_robot {

inline constexpr int kFailuresUntilLockOut = 6;
inline constexpr std::chrono::minutes kLockOut{1};

enum class LoginResult { kOk, kWrong, kLockedOut };

// Threads: none of its own and no locks; one caller at a time.
class UserTable {
 public:
  // So many failing names that are nobody's are remembered, the latest ones, whatever their length:
  // they come from outside and must not fill the memory. The count of a user who exists is kept
  // with the user, and nothing that is done to other names touches it.
  static constexpr std::size_t kMostUnknownNames = 1000;

  explicit UserTable(payload_manager::RandomSource& random, const Assumptions& assumptions = {})
      : random_(random), assumptions_(assumptions) {}

  // Adds a user or changes the password. A new password is a new epoch and ends a lock-out; the
  // old password once more changes nothing.
  void Set(std::string_view name, const payload_manager::Secret& password);
  void Remove(std::string_view name);

  // Users that are kept. Their passwords are kept stretched, which takes too long to compare under
  // a lock: who restored them knows no password until somebody proves it.

  // Takes over the users of an earlier table; for one that holds none yet.
  void Restore(const UserTableRecord& record);
  // What has to be compared with a password before Set can recognise it as the present one; nothing
  // if there is no such user, or the password is known by now.
  std::optional<StretchedPassword> Unproven(std::string_view name) const;
  // The same for Login, which looks at no password while the user is locked out: nothing, then.
  std::optional<StretchedPassword> Unproven(std::string_view name,
                                            payload_manager::WallTime now) const;
  // `password` was compared with `kept`, and it is the right one.
  void Prove(std::string_view name, const StretchedPassword& kept,
             const payload_manager::Secret& password);
  // As Set; `kept` is made of the same password. The user is then part of Describe.
  void Set(std::string_view name, const payload_manager::Secret& password,
           const StretchedPassword& kept);
  // The user as kept; nothing if there is none, or it is not kept.
  std::optional<UserRecord> Describe(std::string_view name) const;
  // Undoes a change: the user is as `before` says.
  void PutBack(const std::string& name, const std::optional<UserRecord>& before);
  // No epoch beyond this one was given yet.
  std::uint64_t last_epoch() const { return last_epoch_; }

  // Unknown names are counted and locked like known ones, so that the answers do not tell which
  // names exist, short of flooding the table. While locked, attempts are neither judged nor
  // counted. All of this unless assumed otherwise.
  LoginResult Login(std::string_view name, const payload_manager::Secret& password,
                    payload_manager::WallTime now);

  // Names the user's present password; nothing for an unknown user.
  std::optional<std::uint64_t> Epoch(std::string_view name) const;
  // Whether `epoch` is that of somebody's present password.
  bool IsPresent(std::uint64_t epoch) const;

  // How many names that are nobody's are remembered; at most kMostUnknownNames.
  std::size_t unknown_names() const { return unknown_.size(); }

 private:
  struct Failures {
    int in_a_row = 0;
    std::optional<payload_manager::WallTime> locked_until;
    payload_manager::WallTime latest;
  };
  struct User {
    std::optional<HashedSecret> password;  // nothing: restored, and not proven yet
    std::optional<StretchedPassword> kept;
    std::uint64_t epoch;
    Failures failures;

    bool Matches(const payload_manager::Secret& candidate) const {
      return password && password->Matches(candidate.Reveal());
    }
  };
  // The count of a name that is nobody's, made if there is none.
  Failures& FailuresOfUnknown(std::string_view name);

  payload_manager::RandomSource& random_;
  const Assumptions assumptions_;
  Failures everybody_;  // of all names, where they are assumed to count together
  std::uint64_t last_epoch_ = 0;
  std::map<std::string, User, std::less<>> users_;
  std::map<std::string, Failures> unknown_;  // by a digest of the name
};

}  // namespace mock_robot
