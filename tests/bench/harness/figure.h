// What a benchmark reports: one figure, ours against the bare thing that does the same work.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace payload_manager::bench {

enum class Direction { kAtMost, kAtLeast };

struct Target {
  enum class Of { kRatio, kOurs };
  Direction direction = Direction::kAtMost;
  double limit = 0;
  Of of = Of::kRatio;  // what the limit is a limit of: ours / bare, or ours in the figure's unit
};
inline Target RatioAtMost(double limit) { return {Direction::kAtMost, limit, Target::Of::kRatio}; }
inline Target RatioAtLeast(double limit) {
  return {Direction::kAtLeast, limit, Target::Of::kRatio};
}
inline Target AtMost(double limit) { return {Direction::kAtMost, limit, Target::Of::kOurs}; }
inline Target AtLeast(double limit) { return {Direction::kAtLeast, limit, Target::Of::kOurs}; }

struct Figure {
  std::string name;  // `client/one-at-a-time/p50`: what FILTER of tools/bench is matched with
  std::string unit;  // `us`, `calls/s`, `kB`; empty: a plain number
  double ours = 0;
  std::optional<double> bare;  // in the same run; nothing: there is nothing to compare with
  // Ours / bare. Where it was measured in rounds the median of the rounds' ratios, which is not
  // quite the ratio of the two figures above; nothing: that one is meant.
  std::optional<double> ratio;
  // How far two identical arms were apart, relatively: 0.015 is 1.5 %. A target is missed only
  // beyond it.
  std::optional<double> spread;
  std::optional<Target> target;  // nothing: reported only
  std::string note;              // what a reader has to know, one line
};

// Ours / bare, if there is one.
std::optional<double> RatioOf(const Figure& figure);

enum class Verdict {
  kNone,  // no target, or nothing to compare with
  kMet,
  kWithinSpread,  // beyond the target, but not beyond it by more than two identical arms differ
  kMissed,
};
Verdict VerdictOf(const Figure& figure);
std::string_view ToString(Verdict verdict);  // `met`, `within spread`, `missed`, `-`

// One line of JSON without a line break; its fields are only ever added to. See tools/bench --help.
std::string ToJson(const Figure& figure);

}  // namespace payload_manager::bench
