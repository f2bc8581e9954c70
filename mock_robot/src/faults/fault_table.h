// Which faults there are, which calls they hit and how often they have: no gRPC, no threads, no
// clock.
#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <random>
#include <string_view>
#include <vector>

#include "faults/verdict.h"
#include "mock_robot/faults.h"
#include "mock_robot/registry.h"
#include "robot/rpcs.h"

namespace mock_robot {

// What the faults do to the robot as a whole.
struct RobotCondition {
  bool offline = false;
  payload_manager::Duration clock_ahead{};

  friend bool operator==(const RobotCondition&, const RobotCondition&) = default;
};

// Threads: none of its own and no locks; one caller at a time. `now` is the time of the robot's
// rules and must not go back.
class FaultTable {
 public:
  static constexpr std::size_t kMostArmed = 1000;  // spent ones that may hold calls included
  static constexpr std::size_t kMostSpent = 100;   // the latest of them are remembered

  // `fault` must have been checked (fault_check.h). A problem if there are too many.
  payload_manager::Checked<FaultId> Add(Fault fault, RobotTime now);
  FaultId AddUnlimited(Fault fault, RobotTime now);
  bool Has(FaultId id) const;
  bool Remove(FaultId id);
  std::size_t RemoveAll();
  // `held` is left at 0.
  std::vector<FaultInfo> List(RobotTime now) const;

  // What happens to this call; nothing if no fault hits it. Counts.
  std::optional<Verdict> Judge(const CallFacts& call, RobotTime now);
  // Whether any call may be hit.
  bool HitsCalls(RobotTime now) const;

  // A fault::Offline that waited for a call strikes: that call has had its effect, or shall have
  // none. Does nothing if the fault was removed meanwhile.
  void BeginOffline(FaultId id, RobotTime now);

  RobotCondition ConditionAt(RobotTime now) const;
  // Whether the condition will change by time alone.
  bool ConditionWillChange(RobotTime now) const;

 private:
  struct Entry {
    FaultId id = 0;
    Fault fault;
    std::uint64_t fired = 0;
    std::optional<RobotTime> ends;   // no call is hit from then on
    std::optional<RobotTime> since;  // Offline, ClockSkew: the robot suffers from it
    std::mt19937_64 random;
  };

  static bool IsSpent(const Entry& entry, RobotTime now);
  static bool MayBeForgotten(const Entry& entry, RobotTime now);
  static bool Fits(const Fault& fault, const Rpc& rpc);
  static bool Agrees(const CallMatch& match, const CallFacts& call);
  static bool Suffers(const Entry& entry, RobotTime now);
  static void Strike(Entry& entry, RobotTime now, Verdict& verdict);
  void ForgetOldSpent(RobotTime now);

  FaultId last_id_ = 0;
  std::list<Entry> entries_;  // in the order of injection
};

// The effect a fault has in the end: never kUsual.
Effect EffectOf(const Fault& fault);
// Whether it befalls the robot as a whole, and at once.
bool StrikesAtOnce(const Fault& fault);

}  // namespace mock_robot
