// How long to wait before trying again.
#pragma once

#include <cstdint>

#include "payload_manager/base/clock.h"

namespace payload_manager {

// Seeded randomness, the same on every machine; good enough to spread calls and for nothing else.
// Eight bytes, because every session has one: the standard's generators that spread as well take
// kilobytes. Threads: one at a time.
class Jitter {
 public:
  explicit Jitter(std::uint64_t seed) : state_(seed) {}
  // Evenly from [0, bound).
  Duration UpTo(Duration bound);
  // Evenly from [middle - share * middle, middle + share * middle).
  Duration Around(Duration middle, double share);
  std::uint64_t Seed() { return Draw(); }

 private:
  std::uint64_t Draw();
  double Unit();
  std::uint64_t state_;
};

// A wait that doubles with every step, from `first` to at most `last`. Threads: one at a time.
class BackOff {
 public:
  BackOff(Duration first, Duration last);
  // The exact wait, for whoever promised it.
  Duration Next();
  // Full jitter: anything from nothing to the exact wait, so that many do not come back together.
  Duration Next(Jitter& jitter) { return jitter.UpTo(Next()); }
  void Reset() { next_ = first_; }

 private:
  Duration first_;
  Duration last_;
  Duration next_;
};

}  // namespace payload_manager
