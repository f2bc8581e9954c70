// The robot's service faults: those that clients trigger, and those that the robot raises itself
// about payloads and services that are not as they should be. One table for all of them, because
// they share identity, history and the ways of being cleared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "bosdyn/api/robot_state.pb.h"
#include "bosdyn/api/service_fault.pb.h"
#include "mock_robot/registry.h"
#include "registry/undo_log.h"

namespace mock_robot {

// GUIDs are kept and matched as the registry does it, service and fault names as they are. Threads:
// none of its own and no locks; one caller at a time.
class ServiceFaultTable {
 public:
  using Fault = bosdyn::api::ServiceFault;
  using Id = bosdyn::api::ServiceFaultId;
  // The GUID of the payload that hosts a service; empty if none does.
  using HostOf = std::function<std::string(std::string_view service_name)>;

  // Anybody with a token may trigger faults, and all of them are kept: bounds on how many and how
  // large. Faults that the robot raises itself are bound by their causes.
  static constexpr std::size_t kMostTriggered = 1000;
  static constexpr std::size_t kLargestBytes = 16 * 1024;
  // So many that were cleared are remembered.
  static constexpr std::size_t kHistory = 50;

  explicit ServiceFaultTable(const Assumptions& assumptions = {});
  // From here on, notes every change in `log`, which must outlive the table.
  void UndoBy(UndoLog& log) { undo_ = &log; }

  // What clients may ask for. Both fill in the hosting payload where the identity names a service
  // and no payload. A request without a name of its own, or beyond the bounds, is invalid and
  // changes nothing.
  Answer<bosdyn::api::TriggerServiceFaultResponse::Status> Trigger(const Fault& fault,
                                                                   const HostOf& host_of,
                                                                   RobotTime now);
  Answer<bosdyn::api::ClearServiceFaultResponse::Status> Clear(
      const bosdyn::api::ClearServiceFaultRequest& request, const HostOf& host_of, RobotTime now);

  // What the robot does itself.

  // Makes a fault active since `onset`, which may be past. An active one of this identity stays as
  // it is. Times in `fault` are not looked at.
  void Raise(Fault fault, RobotTime onset);
  // Each says how many faults it moved to the history.
  std::size_t ClearOne(const Id& id, RobotTime now);
  std::size_t ClearService(std::string_view service_name, RobotTime now);
  std::size_t ClearPayload(std::string_view guid, RobotTime now);
  // Faults that the robot raised about this payload, or service, after so many had been raised are
  // gone without a trace: there never was such a payload, or service.
  void Unraise(const std::function<bool(const Id& id)>& about, std::uint64_t after);
  std::uint64_t raised() const { return last_order_; }
  // Nothing is active any more and the history is empty: the robot has restarted.
  void Reset();

  // In the order of becoming active; durations run up to `now`.
  std::vector<Fault> Active(RobotTime now) const;
  // The latest ones that were cleared, in the order of clearing.
  std::vector<Fault> History() const;
  bosdyn::api::ServiceFaultState Describe(RobotTime now) const;

 private:
  using Key = std::tuple<std::string, std::string, std::string>;  // fault, service, GUID
  struct ActiveFault {
    Fault fault;
    RobotTime onset;
    std::uint64_t order = 0;
    bool triggered = false;  // by a client
  };
  // Of one fault name there are as many as payloads: in an ordered table each search would compare
  // that name and whatever else they share again and again.
  struct HashOf {
    std::size_t operator()(const Key& key) const;
  };
  using Faults = std::unordered_map<Key, ActiveFault, HashOf>;

  std::string GuidOf(std::string_view guid) const;  // as kept
  // With the payload that hosts the service, where the identity leaves that open.
  Id Complete(const Id& id, const HostOf& host_of) const;
  Key KeyOf(const Id& id) const;
  void Insert(Fault fault, RobotTime onset, bool triggered);
  void Retire(Faults::iterator position, RobotTime now);
  template <typename Matches>
  std::size_t ClearWhere(RobotTime now, Matches matches);
  void Erase(Faults::iterator position);

  const bool ignore_case_;
  const bool accept_nameless_;
  const bool robots_clearable_;
  std::uint64_t last_order_ = 0;
  std::size_t triggered_ = 0;
  Faults active_;
  struct Cleared {
    std::uint64_t number = 0;
    Fault fault;
  };
  std::deque<Cleared> history_;
  std::uint64_t cleared_ = 0;
  UndoLog* undo_ = nullptr;
};

}  // namespace mock_robot
