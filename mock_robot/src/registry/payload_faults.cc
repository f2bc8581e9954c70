// The faults that the registry raises on a payload's behalf; the rest of Registry is in
// registry.cc.
#include <utility>

#include "registry/registry_entry.h"
#include "registry/text.h"
#include "service_faults/service_fault_table.h"

namespace mock_robot {
namespace {

using bosdyn::api::Payload;
using bosdyn::api::ServiceFault;

// A fault stays in the robot's memory and history, whatever the length of the payload's name.
constexpr std::size_t kLongestQuotation = 50;

ServiceFault MakeFault(std::string_view name, const Payload& payload, const std::string& text,
                       ServiceFault::Severity severity) {
  ServiceFault fault;
  fault.mutable_fault_id()->set_fault_name(std::string(name));
  fault.mutable_fault_id()->set_payload_guid(payload.guid());
  fault.set_error_message("payload '" + Shortened(payload.name(), kLongestQuotation) + "' " + text);
  fault.set_severity(severity);
  return fault;
}

}  // namespace

std::vector<ServiceFault> Registry::ActiveFaults(RobotTime now) const {
  return faults_.Active(now);
}

void Registry::RaiseNotAuthorized(const Entry& entry, RobotTime onset) {
  faults_.Raise(MakeFault(assumptions_.not_authorized_fault, entry.Registered(),
                          "waits for authorization", assumptions_.not_authorized_severity),
                onset);
}

void Registry::RaiseSilent(const Entry& entry, RobotTime onset) {
  faults_.Raise(MakeFault(assumptions_.payload_liveness_fault, entry.Registered(),
                          "has stopped registering", assumptions_.payload_liveness_severity),
                onset);
}

void Registry::ClearFault(std::string_view name, const Entry& entry, RobotTime now) {
  bosdyn::api::ServiceFaultId id;
  id.set_fault_name(std::string(name));
  id.set_payload_guid(entry.guid);
  faults_.ClearOne(id, now);
}

void Registry::Hear(Entry& entry, RobotTime now) {
  if (entry.silent) NoteHeard(entry);
  entry.last_heartbeat = now;
  if (!std::exchange(entry.silent, false)) return;
  Expect(entry);
  if (!assumptions_.heartbeat_clears_fault) return;
  ClearFault(assumptions_.payload_liveness_fault, entry, now);
}

std::optional<RobotTime> Registry::WatchedUntil(const Entry& entry) const {
  if (assumptions_.watch_only_authorized && !entry.authorized) return std::nullopt;
  return entry.SilentAt();
}

void Registry::Authorize(Entry& entry, const std::string& preset, RobotTime now) {
  Note(entry);
  entry.Authorize(preset, assumptions_);
  Expect(entry);
  if (assumptions_.authorizing_clears_fault) {
    ClearFault(assumptions_.not_authorized_fault, entry, now);
  }
}

}  // namespace mock_robot
