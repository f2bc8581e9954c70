// The faults that the registry raises on a payload's behalf; the rest of Registry is in
// registry.cc.
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
  faults_.Raise(MakeFault(kNotAuthorizedFault, entry.shown, "waits for authorization",
                          ServiceFault::SEVERITY_WARN),
                onset);
}

void Registry::RaiseSilent(const Entry& entry, RobotTime onset) {
  faults_.Raise(MakeFault(kLivenessFault, entry.shown, "has stopped registering",
                          ServiceFault::SEVERITY_CRITICAL),
                onset);
}

void Registry::ClearFault(std::string_view name, const Entry& entry, RobotTime now) {
  bosdyn::api::ServiceFaultId id;
  id.set_fault_name(std::string(name));
  id.set_payload_guid(entry.registered.guid());
  faults_.ClearOne(id, now);
}

void Registry::Authorize(Entry& entry, const bosdyn::api::PayloadPreset* preset, RobotTime now) {
  Note(entry);
  entry.Authorize(preset);
  ClearFault(kNotAuthorizedFault, entry, now);
}

}  // namespace mock_robot
