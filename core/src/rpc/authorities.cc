#include "rpc/authorities.h"

#include <utility>

namespace payload_manager {

std::optional<std::string> LearntAuthority::Get() const {
  const std::lock_guard lock(mutex_);
  return authority_;
}

void LearntAuthority::Learn(std::string authority) {
  const std::lock_guard lock(mutex_);
  authority_ = std::move(authority);
}

void LearntAuthority::Forget() {
  const std::lock_guard lock(mutex_);
  authority_.reset();
}

ChannelTable::ChannelTable(Make make) : make_(std::move(make)) {}

Stubs& ChannelTable::Get(std::string_view authority) {
  const std::lock_guard lock(mutex_);
  const auto known = channels_.find(authority);
  if (known != channels_.end()) return *known->second;
  std::string name(authority);
  auto made = make_(name);
  return *channels_.emplace(std::move(name), std::move(made)).first->second;
}

}  // namespace payload_manager
