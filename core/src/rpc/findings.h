// What has been found out about a robot, shared by all connections of this process that see it in
// the same way: none of them looks again at what another has just looked at.
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "payload_manager/base/clock.h"
#include "rpc/probe.h"

namespace payload_manager {

class Diagnosis;

// One robot's, seen in one way. Threads: every member may be called from any thread; nothing
// blocks.
class Findings {
 public:
  static constexpr Duration kBetweenProbes = std::chrono::minutes(1);

  // Whether the robot may be probed now; then it counts as probed, by `by`, until End or TakeBack,
  // and what was found before is forgotten.
  bool Begin(std::string_view authority, TimePoint now, std::weak_ptr<Diagnosis> by);
  // It came to nothing, nobody was probed.
  void TakeBack();
  // It has ended; without a report where it was cut short.
  void End(std::optional<ProbeReport> report);

  // Who is probing the robot just now; null if nobody.
  std::shared_ptr<Diagnosis> Probing() const;
  // What is known by now about calls to this authority.
  std::optional<ProbeReport> Known(std::string_view authority) const;
  // The robot has answered. One load when there is nothing to forget.
  void Forget();

 private:
  std::atomic<bool> has_report_ = false;  // written under mutex_

  mutable std::mutex mutex_;
  // All guarded by mutex_, and about the last probe.
  std::optional<TimePoint> begun_;
  std::string authority_;
  std::weak_ptr<Diagnosis> prober_;  // while it runs
  std::optional<ProbeReport> report_;
};

// Findings by robot. Threads: every member may be called from any thread.
class FindingsTable {
 public:
  // Of robots to which no connection leads, those of so many are kept: the last that were looked
  // for.
  static constexpr std::size_t kMostUnused = 64;

  static FindingsTable& OfThisProcess();

  // Those of the robot at the target's address for who connects as the target says and trusts the
  // same; the authority makes no difference. Those paced by another clock are others; it is not
  // asked here.
  std::shared_ptr<Findings> Of(const ProbeTarget& target, const Clock* clock);
  std::size_t size() const;
  // For tests, whose peers follow each other on the same ports. Who has some keeps them.
  void ForgetAll();

 private:
  struct Key {
    std::string robot;
    bool insecure;
    std::size_t trusted;  // the root certificates' hash
    const Clock* clock;
    bool operator<(const Key& other) const {
      return std::tie(robot, insecure, trusted, clock) <
             std::tie(other.robot, other.insecure, other.trusted, other.clock);
    }
  };
  struct Entry {
    std::shared_ptr<Findings> findings;
    std::size_t turn = 0;  // when it was looked for last
  };
  void DropUnused();  // under mutex_

  mutable std::mutex mutex_;
  std::map<Key, Entry> entries_;  // guarded by mutex_
  std::size_t turns_ = 0;         // guarded by mutex_
};

}  // namespace payload_manager
