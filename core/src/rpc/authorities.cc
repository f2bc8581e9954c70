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

std::shared_ptr<Stubs> ChannelTable::Get(const std::string& authority) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Stubs>& stubs = channels_[authority];
  if (stubs == nullptr) stubs = make_(authority);
  return stubs;
}

}  // namespace payload_manager
