#include "manager/identity_store.h"

#include <algorithm>
#include <utility>

namespace payload_manager {

IdentityStore::IdentityStore(std::optional<std::filesystem::path> folder, RandomSource& random)
    : folder_(std::move(folder)), random_(random) {}

Checked<std::optional<PayloadCredentials>> IdentityStore::Find(
    const std::string& robot, const std::string& payload_id, const std::string& fixed_guid) const {
  using Found = std::optional<PayloadCredentials>;
  if (!folder_) return Found();
  std::error_code error;
  // A link that leads nowhere is something that is kept, and damaged.
  const auto status = std::filesystem::symlink_status(*folder_ / robot / payload_id, error);
  if (status.type() == std::filesystem::file_type::not_found) return Found();
  auto kept = FindOrMake(robot, payload_id, fixed_guid);
  if (!kept.ok()) return Failed{std::move(kept).error()};
  return Found(*std::move(kept));
}

Checked<PayloadCredentials> IdentityStore::FindOrMake(const std::string& robot,
                                                      const std::string& payload_id,
                                                      const std::string& fixed_guid) const {
  if (folder_) {
    return ReadOrCreateCredentialsFile(*folder_ / robot / payload_id, random_, fixed_guid);
  }
  return PayloadCredentials{fixed_guid.empty() ? MakeUuid(random_) : fixed_guid,
                            MakePayloadSecret(random_)};
}

Checked<Done> IdentityStore::CheckRobotName(const std::string& name) {
  constexpr std::size_t kLongest = 200;
  const bool odd = std::any_of(name.begin(), name.end(),
                               [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '/'; });
  if (name.empty() || name == "." || name == ".." || name.size() > kLongest || odd) {
    return Failed{Problem{"'" + (odd ? std::string("?") : name) +
                          "' cannot name a robot: its name is also the name of a folder"}};
  }
  return Done{};
}

}  // namespace payload_manager
