#include "tests/support/fleet_story/watches.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace payload_manager::testing {

void Violations::Add(Duration now, const std::string& who, const std::string& what) {
  if (++count_ > kKept) return;
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.3f s, ", std::chrono::duration<double>(now).count());
  first_.push_back(seconds + who + ": " + what);
}

bool RateWatch::Note(Duration now) {
  if (last_.size() < limit_) {
    last_.push_back(now);
    return true;
  }
  const Duration oldest = std::exchange(last_[next_], now);
  next_ = (next_ + 1) % limit_;
  return now - oldest >= std::chrono::seconds(1);
}

ProbeWatch::Began ProbeWatch::CallBegins() {
  if (!out_of_reach_) return {false, true};
  return {true, ++probes_ == 1};
}

void ProbeWatch::CallEnds(bool probe) {
  if (probe) --probes_;
}

std::optional<Duration> BeatWatch::Starved(Duration now, std::optional<Duration> free_since,
                                           const Bounds& bounds) const {
  if (!free_since) return std::nullopt;
  const Duration gap = now - std::max(last_, *free_since);
  const bool calm = last_ >= *free_since + bounds.aftermath;
  if (gap <= (calm ? bounds.between_beats : bounds.after_trouble)) return std::nullopt;
  return gap;
}

}  // namespace payload_manager::testing
