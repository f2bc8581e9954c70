#include "manager/identity_store.h"

#include <algorithm>
#include <utility>

namespace payload_manager {

IdentityStore::IdentityStore(std::optional<std::filesystem::path> folder, RandomSource& random)
    : folder_(std::move(folder)), random_(random) {}

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
