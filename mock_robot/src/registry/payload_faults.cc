// The faults that the registry raises on a payload's behalf; the rest of Registry is in
// registry.cc.
#include "registry/payload_faults.h"

#include <utility>

#include "registry/registry_entry.h"
#include "registry/text.h"
#include "service_faults/service_fault_table.h"

namespace mock_robot {
namespace {

using bosdyn::api::ServiceFault;

// A fault stays in the robot's memory and history, whatever the length of the payload's name.
constexpr std::size_t kLongestQuotation = 50;

ServiceFault MakeFault(const std::string& fault_name, const std::string& guid,
                       std::string_view payload_name, const char* text,
                       ServiceFault::Severity severity) {
  ServiceFault fault;
  fault.mutable_fault_id()->set_fault_name(fault_name);
  fault.mutable_fault_id()->set_payload_guid(guid);
  fault.set_error_message("payload '" + Shortened(payload_name, kLongestQuotation) + "' " + text);
  fault.set_severity(severity);
  return fault;
}

}  // namespace

ServiceFault NotAuthorizedFault(const std::string& guid, std::string_view payload_name,
                                const Assumptions& assumptions) {
  return MakeFault(assumptions.not_authorized_fault, guid, payload_name, "waits for authorization",
                   assumptions.not_authorized_severity);
}

std::vector<ServiceFault> Registry::ActiveFaults(RobotTime now) const {
  return faults_.Active(now);
}

void Registry::RaiseNotAuthorized(const Entry& entry, RobotTime onset) {
  faults_.Raise(NotAuthorizedFault(entry.guid, entry.Registered().name(), assumptions_), onset);
}

void Registry::RaiseSilent(const Entry& entry, RobotTime onset) {
  faults_.Raise(
      MakeFault(assumptions_.payload_liveness_fault, entry.guid, entry.Registered().name(),
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
