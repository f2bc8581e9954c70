#include "schedule/pacer.h"

#include <algorithm>

namespace payload_manager {
namespace {

constexpr Duration kWindow = std::chrono::seconds(1);
constexpr Duration kLongWindow = std::chrono::milliseconds(1200);

}  // namespace

Pacer::Pacer(Limits limits)
    : services_{Service::Limited(limits.registration_per_second),
                Service::Limited(limits.auth_per_second), Service()} {}

Pacer::Service Pacer::Service::Limited(int per_second) {
  Service service;
  const int most = std::max(1, per_second);
  const int most_in_long_window = most + std::max(1, most / 4);
  service.per_second = static_cast<std::size_t>(most);
  service.per_long_window = static_cast<std::size_t>(most_in_long_window);
  // Not so long that it would keep the rate below the limit for good.
  service.long_window = std::min(kLongWindow, kWindow * most_in_long_window / most);
  return service;
}

TimePoint Pacer::Service::FreeAt() const {
  if (unlimited() || granted.size() < per_second) return TimePoint::min();
  const TimePoint free = granted[granted.size() - per_second] + kWindow;
  if (granted.size() < per_long_window) return free;
  return std::max(free, granted.front() + long_window);
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
  if (IsHeld(now)) return std::nullopt;
  Service* next = nullptr;
  for (Service& service : services_) {
    if (!IsInTurn(service) || now < service.FreeAt()) continue;
    if (next == nullptr || service.line.begin()->first < next->line.begin()->first) {
      next = &service;
    }
  }
  if (next == nullptr) return std::nullopt;
  const std::uint64_t waiter = next->line.begin()->second;
  const Granted granted{waiter, places_.at(waiter).call_class};
  Withdraw(waiter);
  if (!next->unlimited()) {
    if (next->granted.size() == next->per_long_window) next->granted.pop_front();
    next->granted.push_back(now);
  }
  return granted;
}

std::optional<TimePoint> Pacer::NextGrant() const {
  std::optional<TimePoint> next;
  for (const Service& service : services_) {
    if (!IsInTurn(service)) continue;
    const TimePoint at = std::max(held_until_, service.FreeAt());
    if (!next || at < *next) next = at;
  }
  return next;
}

bool Pacer::IsInTurn(const Service& service) const {
  if (service.line.empty()) return false;
  if (&service != &Of(CallClass::kList)) return true;
  const auto& before = Of(CallClass::kRegistration).line;
  return before.empty() || service.line.begin()->first < before.begin()->first;
}

void Pacer::HoldUntil(TimePoint when) { held_until_ = std::max(held_until_, when); }

}  // namespace payload_manager
