// Comparisons that a noisy machine cannot bend: the arms take turns within moments, one of them
// runs twice under two names, and how far those two are apart is the error to reckon with.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "payload_manager/base/clock.h"
#include "tests/bench/harness/figure.h"

namespace payload_manager::bench {

// The three arms of a comparison. `again` is a second bare one made in the same way, with a channel
// and whatever else it needs of its own.
template <typename Work>
struct Arms {
  Work ours;
  Work bare;
  Work again;
};

// What came out for one quantity.
struct Comparison {
  double ours = 0;  // over the whole run
  double bare = 0;
  double ratio = 0;   // median of the rounds' ratios
  double spread = 0;  // of the two bare arms: SpreadOf
};
// The figure that it makes.
Figure ToFigure(const Comparison& comparison, std::string name, std::string unit, Target target);

// One call after another, the arms taking turns call by call, in every order equally often.
struct TurnsOptions {
  Duration warm_up = std::chrono::milliseconds(400);
  int rounds = 40;
  Duration round = std::chrono::milliseconds(250);  // all three arms together
};
struct Latency {
  Comparison p50;  // microseconds
  Comparison p99;
};
// Each `Work` makes one call and waits for its answer.
Latency CompareCalls(const Arms<std::function<void()>>& arms, const TurnsOptions& options);

// Blocks of work in the order ours bare again | again bare ours, which is one round.
struct BlocksOptions {
  Duration warm_up = std::chrono::milliseconds(400);  // of each arm
  int rounds = 40;
  Duration block = std::chrono::milliseconds(100);
};
struct Throughput {
  Comparison rate;  // calls per second
  Comparison cpu;   // microseconds per call
};
// Each `Work` works for about so long and returns how many calls it made; nothing of it is left in
// flight then. The processor time is this process's.
Throughput CompareBlocks(const Arms<std::function<std::uint64_t(Duration)>>& arms,
                         const BlocksOptions& options);
// With the processor time that `cpu` tells for each arm, from whenever it likes: that of a server.
Throughput CompareBlocks(const Arms<std::function<std::uint64_t(Duration)>>& arms,
                         const Arms<std::function<Duration()>>& cpu, const BlocksOptions& options);

// A comparison from rounds that somebody else has measured; all lists are of one length.
Comparison CompareRounds(const std::vector<double>& ours, const std::vector<double>& bare,
                         const std::vector<double>& again);

}  // namespace payload_manager::bench
