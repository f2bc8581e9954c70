#include "rpc/waiting_places.h"

namespace payload_manager {

std::shared_ptr<WaitingPlace> WaitingPlaces::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!spare_.empty()) {
      auto place = std::move(spare_.back());  // the last that was used: the warmest
      spare_.pop_back();
      return place;
    }
  }
  return make_();
}

void WaitingPlaces::GiveBack(std::shared_ptr<WaitingPlace> place) {
  const std::lock_guard lock(mutex_);
  if (spare_.size() < kMostSpare) spare_.push_back(std::move(place));
}

}  // namespace payload_manager
