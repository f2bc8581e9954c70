// How long to wait before trying again.
#pragma once

#include <cstdint>
#include <random>

#include "payload_manager/base/clock.h"

namespace payload_manager {

// Seeded randomness, the same on every machine. Threads: one at a time.
class Jitter {
 public:
  explicit Jitter(std::uint64_t seed) : generator_(seed) {}
  // Evenly from [0, bound).
  Duration UpTo(Duration bound);
  // Evenly from [middle - share * middle, middle + share * middle).
  Duration Around(Duration middle, double share);
  std::uint64_t Seed() { return generator_(); }

 private:
  double Unit();
  std::mt19937_64 generator_;  // its sequence is laid down by the standard
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
