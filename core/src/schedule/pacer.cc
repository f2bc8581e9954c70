#include "schedule/pacer.h"

#include <algorithm>

namespace payload_manager {
namespace {

constexpr Duration kWindow = std::chrono::seconds(1);

std::size_t AtLeastOne(int per_second) { return static_cast<std::size_t>(std::max(1, per_second)); }

}  // namespace

Pacer::Pacer(Limits limits)
    : services_{Service{AtLeastOne(limits.registration_per_second), {}, {}},
                Service{AtLeastOne(limits.auth_per_second), {}, {}}, Service{0, {}, {}}} {}

TimePoint Pacer::Service::FreeAt() const {
  return granted.size() < per_second || unlimited() ? TimePoint::min() : granted.front() + kWindow;
}

void Pacer::Enqueue(std::uint64_t waiter, CallClass call_class) {
  const auto found = places_.find(waiter);
  if (found != places_.end()) {
    if (found->second.call_class == call_class) return;
    Withdraw(waiter);
  }
  const std::uint64_t number = ++last_place_;
  Of(call_class).line.emplace(number, waiter);
  places_.emplace(waiter, Place{call_class, number});
}

void Pacer::Withdraw(std::uint64_t waiter) {
  const auto found = places_.find(waiter);
  if (found == places_.end()) return;
  Of(found->second.call_class).line.erase(found->second.number);
  places_.erase(found);
}

std::optional<Pacer::Granted> Pacer::Grant(TimePoint now) {
  if (now < held_until_) return std::nullopt;
  Service* next = nullptr;
  for (Service& service : services_) {
    if (service.line.empty() || now < service.FreeAt()) continue;
    if (next == nullptr || service.line.begin()->first < next->line.begin()->first) {
      next = &service;
    }
  }
  if (next == nullptr) return std::nullopt;
  const std::uint64_t waiter = next->line.begin()->second;
  const Granted granted{waiter, places_.at(waiter).call_class};
  Withdraw(waiter);
  if (!next->unlimited()) {
    if (next->granted.size() == next->per_second) next->granted.pop_front();
    next->granted.push_back(now);
  }
  return granted;
}

std::optional<TimePoint> Pacer::NextGrant() const {
  std::optional<TimePoint> next;
  for (const Service& service : services_) {
    if (service.line.empty()) continue;
    const TimePoint at = std::max(held_until_, service.FreeAt());
    if (!next || at < *next) next = at;
  }
  return next;
}

void Pacer::HoldUntil(TimePoint when) { held_until_ = std::max(held_until_, when); }

}  // namespace payload_manager
