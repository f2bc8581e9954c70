#include "auth/users.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace mock_robot {
using payload_manager::WallTime;

namespace {

// Of one length for every name.
std::string Digest(std::string_view name) {
  std::string digest(32, '\0');
  auto* out = reinterpret_cast<unsigned char*>(digest.data());
  if (EVP_Digest(name.data(), name.size(), out, nullptr, EVP_sha256(), nullptr) != 1) std::abort();
  return digest;
}

}  // namespace

void UserTable::Set(std::string_view name, const payload_manager::Secret& password) {
  const auto known = users_.find(name);
  if (known != users_.end() && known->second.Matches(password)) return;
  const User user{HashedSecret(password.Reveal(), random_), std::nullopt, ++last_epoch_, {}};
  users_.insert_or_assign(std::string(name), user);
  unknown_.erase(Digest(name));
}

void UserTable::Remove(std::string_view name) {
  if (const auto known = users_.find(name); known != users_.end()) users_.erase(known);
}

LoginResult UserTable::Login(std::string_view name, const payload_manager::Secret& password,
                             WallTime now) {
  const auto user = users_.find(name);
  const bool known = user != users_.end();
  Failures& own = known ? user->second.failures : FailuresOfUnknown(name);
  Failures& failures = assumptions_.lock_out_for_all ? everybody_ : own;
  if (failures.locked_until) {
    if (now < *failures.locked_until) {
      if (assumptions_.locked_attempts_extend) failures.locked_until = now + kLockOut;
      return LoginResult::kLockedOut;
    }
    failures = Failures{};
  }
  if (known && user->second.Matches(password)) {
    failures = Failures{};
    return LoginResult::kOk;
  }
  failures.latest = now;
  if (++failures.in_a_row < kFailuresUntilLockOut) return LoginResult::kWrong;
  failures.locked_until = now + kLockOut;
  return assumptions_.sixth_failure_locked_out ? LoginResult::kLockedOut : LoginResult::kWrong;
}

UserTable::Failures& UserTable::FailuresOfUnknown(std::string_view name) {
  std::string digest = Digest(name);
  if (unknown_.size() >= kMostUnknownNames && unknown_.find(digest) == unknown_.end()) {
    unknown_.erase(std::min_element(
        unknown_.begin(), unknown_.end(),
        [](const auto& a, const auto& b) { return a.second.latest < b.second.latest; }));
  }
  return unknown_[std::move(digest)];
}

std::optional<std::uint64_t> UserTable::Epoch(std::string_view name) const {
  const auto user = users_.find(name);
  if (user == users_.end()) return std::nullopt;
  return user->second.epoch;
}

bool UserTable::IsPresent(std::uint64_t epoch) const {
  return std::any_of(users_.begin(), users_.end(),
                     [epoch](const auto& user) { return user.second.epoch == epoch; });
}

void UserTable::Restore(const UserTableRecord& record) {
  for (const UserRecord& user : record.users) {
    users_.emplace(user.name, User{std::nullopt, user.password, user.epoch, {}});
  }
  last_epoch_ = record.last_epoch;
}

std::optional<StretchedPassword> UserTable::Unproven(std::string_view name) const {
  const auto user = users_.find(name);
  if (user == users_.end() || user->second.password) return std::nullopt;
  return user->second.kept;
}

std::optional<StretchedPassword> UserTable::Unproven(std::string_view name, WallTime now) const {
  const auto user = users_.find(name);
  if (user == users_.end()) return std::nullopt;
  const auto& locked_until = user->second.failures.locked_until;
  if (locked_until && now < *locked_until) return std::nullopt;
  return Unproven(name);
}

void UserTable::Prove(std::string_view name, const StretchedPassword& kept,
                      const payload_manager::Secret& password) {
  const auto user = users_.find(name);
  // Another password may have been set while this one was compared.
  if (user == users_.end() || user->second.password || !user->second.kept ||
      user->second.kept->digest() != kept.digest()) {
    return;
  }
  user->second.password.emplace(password.Reveal(), random_);
}

void UserTable::Set(std::string_view name, const payload_manager::Secret& password,
                    const StretchedPassword& kept) {
  Set(name, password);
  const auto user = users_.find(name);
  if (!user->second.kept) user->second.kept = kept;
}

std::optional<UserRecord> UserTable::Describe(std::string_view name) const {
  const auto user = users_.find(name);
  if (user == users_.end() || !user->second.kept) return std::nullopt;
  return UserRecord{user->first, *user->second.kept, user->second.epoch};
}

void UserTable::PutBack(const std::string& name, const std::optional<UserRecord>& before) {
  users_.erase(name);
  if (before) users_.emplace(name, User{std::nullopt, before->password, before->epoch, {}});
}

}  // namespace mock_robot
