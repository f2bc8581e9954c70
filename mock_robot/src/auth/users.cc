#include "auth/users.h"

#include <algorithm>

namespace mock_robot {
using payload_manager::WallTime;

namespace {

// Names come from outside; more than this many failing ones at a time are not remembered.
constexpr std::size_t kMostFailingNames = 1000;

}  // namespace

void UserTable::Set(std::string_view name, const payload_manager::Secret& password) {
  const auto known = users_.find(name);
  if (known != users_.end() && known->second.password.Matches(password.Reveal())) return;
  const User user{HashedSecret(password.Reveal(), random_), ++last_epoch_};
  users_.insert_or_assign(std::string(name), user);
  if (const auto failures = failures_.find(name); failures != failures_.end()) {
    failures_.erase(failures);
  }
}

void UserTable::Remove(std::string_view name) {
  if (const auto known = users_.find(name); known != users_.end()) users_.erase(known);
}

LoginResult UserTable::Login(std::string_view name, const payload_manager::Secret& password,
                             WallTime now) {
  const auto failures = failures_.find(name);
  if (failures != failures_.end() && failures->second.locked_until) {
    if (now < *failures->second.locked_until) return LoginResult::kLockedOut;
    failures->second = Failures{};
  }
  const auto user = users_.find(name);
  if (user == users_.end() || !user->second.password.Matches(password.Reveal())) {
    CountFailure(name, now);
    return LoginResult::kWrong;
  }
  if (failures != failures_.end()) failures_.erase(failures);
  return LoginResult::kOk;
}

void UserTable::CountFailure(std::string_view name, WallTime now) {
  if (failures_.find(name) == failures_.end() && failures_.size() >= kMostFailingNames) {
    failures_.erase(std::min_element(
        failures_.begin(), failures_.end(),
        [](const auto& a, const auto& b) { return a.second.latest < b.second.latest; }));
  }
  Failures& failures = failures_[std::string(name)];
  failures.latest = now;
  if (++failures.in_a_row >= kFailuresUntilLockOut) failures.locked_until = now + kLockOut;
}

std::optional<std::uint64_t> UserTable::Epoch(std::string_view name) const {
  const auto user = users_.find(name);
  if (user == users_.end()) return std::nullopt;
  return user->second.epoch;
}

}  // namespace mock_robot
