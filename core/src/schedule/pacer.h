// Who may call a robot next, so that all payloads together stay below its rate limits. Pure: `now`
// is a parameter.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>

#include "payload_manager/base/clock.h"

namespace payload_manager {

// The robot counts each service by itself. It counts no lists; but one answer serves all who want
// it by then, so a list gives way to whoever came before it and wants the registration service.
enum class CallClass { kRegistration, kAuth, kList };

// Waiters (sessions, by number) stand in one line, first come, first served; each holds at most one
// place, so that none can crowd out the others. One whose service is exhausted is passed by those
// who want another service.
//
// In no second, wherever it starts, are more than the limit let go, and in no 1.2 s more than a
// quarter (at least one) above it: what a robot that allows so many in a second counts, though the
// calls take up to 200 ms longer or shorter to it. So the defaults of PacingOptions, four fifths of
// what a robot allows, never meet its limit. Where a quarter is no whole number, the 200 ms shrink
// to what costs no rate (seven a second: 143 ms); in the long run the rate is always the limit.
//
// Threads: one at a time. Every member takes O(log n) or less in the number of waiters.
class Pacer {
 public:
  struct Limits {
    int registration_per_second;
    int auth_per_second;
  };

  explicit Pacer(Limits limits);

  // Goes to the end of the line. One that waits already for the same class keeps its place.
  void Enqueue(std::uint64_t waiter, CallClass call_class);
  // Leaves the line; nothing happens when it is not in it.
  void Withdraw(std::uint64_t waiter);

  struct Granted {
    std::uint64_t waiter;
    CallClass call_class;
  };
  // Who may call now: is out of the line and has used up one call of the class.
  std::optional<Granted> Grant(TimePoint now);
  // When Grant will have somebody, unless something changes before; nullopt: nobody waits.
  std::optional<TimePoint> NextGrant() const;

  // Grants nothing before `when`, and never less than what was asked before.
  void HoldUntil(TimePoint when);
  bool IsHeld(TimePoint now) const { return now < held_until_; }

 private:
  struct Service {
    static Service Limited(int per_second);

    std::size_t per_second = 0;
    std::size_t per_long_window = 0;
    Duration long_window{0};
    std::map<std::uint64_t, std::uint64_t> line = {};  // place -> waiter
    std::deque<TimePoint> granted = {};                // the last `per_long_window` instants

    bool unlimited() const { return per_second == 0; }
    TimePoint FreeAt() const;
  };
  struct Place {
    CallClass call_class;
    std::uint64_t number;
  };

  // Whether the front of the service's line is to go as soon as it has a call left.
  bool IsInTurn(const Service& service) const;
  Service& Of(CallClass call_class) { return services_[static_cast<std::size_t>(call_class)]; }
  const Service& Of(CallClass call_class) const {
    return services_[static_cast<std::size_t>(call_class)];
  }

  std::array<Service, 3> services_;
  std::unordered_map<std::uint64_t, Place> places_;
  std::uint64_t last_place_ = 0;
  TimePoint held_until_ = TimePoint::min();
};

}  // namespace payload_manager
