// What must hold at every instant of a story, each watched by something small and pure: `now` is a
// parameter. A watch that finds something wrong says so in one line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "payload_manager/base/clock.h"

namespace payload_manager::testing {

// Threads: one at a time, as for all here.
class Violations {
 public:
  static constexpr std::size_t kKept = 20;
  // Keeps the first few and counts the rest.
  void Add(Duration now, const std::string& who, const std::string& what);
  std::uint64_t count() const { return count_; }
  const std::vector<std::string>& first() const { return first_; }

 private:
  std::uint64_t count_ = 0;
  std::vector<std::string> first_;
};

// Not more than `limit` calls in any second, wherever it starts. `now` may not go back.
class RateWatch {
 public:
  explicit RateWatch(int limit) : limit_(static_cast<std::size_t>(limit)) {}
  // False when this call is one too many.
  bool Note(Duration now);

 private:
  std::size_t limit_;
  std::vector<Duration> last_;  // a ring of `limit_`
  std::size_t next_ = 0;
};

// One probe at a time: once the caller has been told that the robot is out of reach, and until it
// is told otherwise, no call may start while one that started so is under way.
class ProbeWatch {
 public:
  // Returns whether the call is a probe; `ok` is false when there is one already.
  struct Began {
    bool probe;
    bool ok;
  };
  Began CallBegins();
  // Every call that began must end once, with what CallBegins said of it.
  void CallEnds(bool probe);
  // What the answer of a call that judges the robot said.
  void Told(bool out_of_reach) { out_of_reach_ = out_of_reach; }
  bool out_of_reach() const { return out_of_reach_; }

 private:
  bool out_of_reach_ = false;
  int probes_ = 0;
};

// A payload that may beat does so: the gap between two beats that the robot answered, or between
// the end of whatever kept it from beating and the first one after, is bounded.
class BeatWatch {
 public:
  struct Bounds {
    Duration between_beats;  // in calm
    Duration after_trouble;  // from the end of what kept it from beating
    // So long after that end, calls that began before may still fail: until then a gap between
    // beats is bounded by `after_trouble` as well.
    Duration aftermath;
  };
  // The gap up to `now`, when it is too long. `free_since`: since when nothing keeps the payload
  // from beating; nullopt: something does.
  std::optional<Duration> Starved(Duration now, std::optional<Duration> free_since,
                                  const Bounds& bounds) const;
  void Beat(Duration now) { last_ = now; }
  Duration last() const { return last_; }

 private:
  Duration last_{-1};  // before the beginning: none yet
};

}  // namespace payload_manager::testing
