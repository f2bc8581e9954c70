#include "directory/service_directory.h"

#include <algorithm>
#include <utility>

#include "registry/liveness.h"
#include "registry/undo_log.h"
#include "robot/timestamps.h"
#include "service_faults/service_fault_table.h"

namespace mock_robot {

using bosdyn::api::RegisterServiceResponse;
using bosdyn::api::ServiceFault;
using bosdyn::api::UnregisterServiceResponse;
using bosdyn::api::UpdateServiceResponse;
using payload_manager::Failed;

namespace {

// A bare label names a host of the robot's domain.
std::string InFull(const std::string& authority) {
  return authority.find('.') == std::string::npos ? authority + ".spot.robot" : authority;
}

constexpr char kClash[] = "service_entry.authority and type are those of another service";

}  // namespace

ServiceDirectory::ServiceDirectory(std::vector<Entry> built_in, ServiceFaultTable& faults,
                                   const Assumptions& assumptions)
    : built_in_(std::move(built_in)), faults_(faults), assumptions_(assumptions) {}

std::optional<std::string> ServiceDirectory::Complaint(const Entry& entry,
                                                       const Endpoint& endpoint) const {
  if (entry.name().empty()) return "service_entry.name is empty";
  if (entry.type().empty()) return "service_entry.type is empty";
  if (entry.authority().empty()) return "service_entry.authority is empty";
  if (entry.ByteSizeLong() + endpoint.ByteSizeLong() > kLargestBytes) {
    return "service_entry and endpoint are larger than " + std::to_string(kLargestBytes) + " bytes";
  }
  return std::nullopt;
}

// As the directory shows it, but for the time.
ServiceDirectory::Entry ServiceDirectory::Listed(const Entry& entry,
                                                 std::string_view host_guid) const {
  Entry listed = entry;
  if (assumptions_.complete_authority) listed.set_authority(InFull(entry.authority()));
  listed.set_host_payload_guid(std::string(host_guid));
  return listed;
}

bool ServiceDirectory::IsBuiltIn(std::string_view name) const {
  return std::any_of(built_in_.begin(), built_in_.end(),
                     [name](const Entry& entry) { return entry.name() == name; });
}

// Whether a service of another name has the same authority and type.
bool ServiceDirectory::Clashes(const Entry& entry) const {
  const std::string authority = InFull(entry.authority());
  const auto clashes = [&](const Entry& other) {
    return other.name() != entry.name() && other.type() == entry.type() &&
           InFull(other.authority()) == authority;
  };
  return std::any_of(built_in_.begin(), built_in_.end(), clashes) ||
         std::any_of(services_.begin(), services_.end(),
                     [&](const Service& service) { return clashes(service.entry); });
}

Answer<RegisterServiceResponse::Status> ServiceDirectory::Register(const Entry& entry,
                                                                   const Endpoint& endpoint,
                                                                   std::string_view host_guid,
                                                                   RobotTime now) {
  Advance(now);
  if (const auto complaint = Complaint(entry, endpoint)) return Failed{InvalidRequest{*complaint}};
  if (Service* known = FindRegistered(entry.name())) {
    if (assumptions_.heartbeat_by_anyone || known->entry.host_payload_guid() == host_guid) {
      Hear(*known, now);
      if (assumptions_.service_heartbeat_clears_all) faults_.ClearService(entry.name(), now);
    }
    return RegisterServiceResponse::STATUS_ALREADY_EXISTS;
  }
  const bool clashes = Clashes(entry);
  if (clashes && assumptions_.refuse_clashes) return Failed{InvalidRequest{kClash}};
  if (clashes || IsBuiltIn(entry.name())) return RegisterServiceResponse::STATUS_ALREADY_EXISTS;
  if (services_.size() >= kMostRegistered) {
    return Failed{InvalidRequest{"service_entry cannot be taken: " +
                                 std::to_string(kMostRegistered) + " services are registered"}};
  }
  Add(services_.size(), {Listed(entry, host_guid), endpoint, now});
  if (undo_ != nullptr) {
    undo_->Note([this, name = entry.name(), raised = faults_.raised()] {
      if (const auto found = by_name_.find(name); found != by_name_.end()) Remove(found->second);
      faults_.Unraise([&name](const auto& id) { return id.service_name() == name; }, raised);
    });
  }
  faults_.ClearService(entry.name(), now);
  Hear(services_.back(), now);
  return RegisterServiceResponse::STATUS_OK;
}

UnregisterServiceResponse::Status ServiceDirectory::Unregister(std::string_view name,
                                                               RobotTime now) {
  Advance(now);
  const auto found = by_name_.find(std::string(name));
  if (found == by_name_.end()) return UnregisterServiceResponse::STATUS_NONEXISTENT_SERVICE;
  if (undo_ != nullptr) {
    const auto position = static_cast<std::size_t>(std::distance(services_.begin(), found->second));
    undo_->Note([this, position, service = *found->second] { Add(position, service); });
  }
  Remove(found->second);
  faults_.ClearService(name, now);
  return UnregisterServiceResponse::STATUS_OK;
}

Answer<UpdateServiceResponse::Status> ServiceDirectory::Update(const Entry& entry,
                                                               const Endpoint& endpoint,
                                                               std::string_view host_guid,
                                                               RobotTime now) {
  Advance(now);
  if (const auto complaint = Complaint(entry, endpoint)) return Failed{InvalidRequest{*complaint}};
  Service* known = FindRegistered(entry.name());
  if (known == nullptr) return UpdateServiceResponse::STATUS_NONEXISTENT_SERVICE;
  if (Clashes(entry)) return Failed{InvalidRequest{kClash}};
  NoteAsItIs(*known);
  const std::string host = known->entry.host_payload_guid();
  known->entry = Listed(entry, assumptions_.update_keeps_host ? host : host_guid);
  known->endpoint = endpoint;
  Hear(*known, now);
  return UpdateServiceResponse::STATUS_OK;
}

void ServiceDirectory::Add(std::size_t position, Service service) {
  const std::string name = service.entry.name();
  if (by_name_.count(name) != 0) return;
  const auto next = std::next(services_.begin(),
                              static_cast<std::ptrdiff_t>(std::min(position, services_.size())));
  by_name_.emplace(name, services_.insert(next, std::move(service)));
}

void ServiceDirectory::Remove(Services::iterator position) {
  by_name_.erase(position->entry.name());
  services_.erase(position);
}

void ServiceDirectory::NoteAsItIs(const Service& service) {
  if (undo_ == nullptr) return;
  undo_->Note([this, before = service] {
    if (Service* known = FindRegistered(before.entry.name())) *known = before;
  });
}

void ServiceDirectory::Hear(Service& service, RobotTime now) {
  NoteAsItIs(service);
  service.last_heartbeat = now;
  SetTimestamp(now, *service.entry.mutable_last_update());
  if (!std::exchange(service.silent, false) || !assumptions_.heartbeat_clears_fault) return;
  bosdyn::api::ServiceFaultId id;
  id.set_fault_name(assumptions_.service_liveness_fault);
  id.set_service_name(service.entry.name());
  id.set_payload_guid(service.entry.host_payload_guid());
  faults_.ClearOne(id, now);
}

void ServiceDirectory::Forget(std::string_view host_guid, RobotTime now) {
  if (!assumptions_.forgetting_removes_services || host_guid.empty()) return;
  for (const Entry& entry : Registered()) {
    if (entry.host_payload_guid() == host_guid) Unregister(entry.name(), now);
  }
}

void ServiceDirectory::Reboot() {
  if (undo_ != nullptr) {
    undo_->Note([this, before = services_] {
      for (const Service& service : before) Add(services_.size(), service);
    });
  }
  services_.clear();
  by_name_.clear();
}

std::optional<RobotTime> ServiceDirectory::Service::SilentAt() const {
  return mock_robot::SilentAt(last_heartbeat, entry.liveness_timeout_secs());
}

void ServiceDirectory::Advance(RobotTime now) {
  for (Service& service : services_) {
    if (service.silent) continue;
    const std::optional<RobotTime> silent_at = service.SilentAt();
    if (!silent_at || *silent_at > now) continue;
    NoteAsItIs(service);
    service.silent = true;
    ServiceFault fault;
    fault.mutable_fault_id()->set_fault_name(assumptions_.service_liveness_fault);
    fault.mutable_fault_id()->set_service_name(service.entry.name());
    fault.mutable_fault_id()->set_payload_guid(service.entry.host_payload_guid());
    fault.set_error_message("service '" + service.entry.name() + "' has stopped registering");
    fault.set_severity(assumptions_.service_liveness_severity);
    faults_.Raise(std::move(fault), *silent_at);
  }
}

std::optional<RobotTime> ServiceDirectory::NextChange() const {
  std::optional<RobotTime> next;
  for (const Service& service : services_) {
    if (service.silent) continue;
    const std::optional<RobotTime> silent_at = service.SilentAt();
    if (silent_at && (!next || *silent_at < *next)) next = silent_at;
  }
  return next;
}

std::vector<ServiceDirectory::Entry> ServiceDirectory::List() const {
  std::vector<Entry> entries = built_in_;
  for (const Service& service : services_) entries.push_back(service.entry);
  return entries;
}

std::vector<ServiceDirectory::Entry> ServiceDirectory::Registered() const {
  std::vector<Entry> entries;
  entries.reserve(services_.size());
  for (const Service& service : services_) entries.push_back(service.entry);
  return entries;
}

std::optional<ServiceDirectory::Entry> ServiceDirectory::Find(std::string_view name) const {
  if (const Service* service = FindRegistered(name)) return service->entry;
  for (const Entry& entry : built_in_) {
    if (entry.name() == name) return entry;
  }
  return std::nullopt;
}

std::optional<ServiceDirectory::Endpoint> ServiceDirectory::EndpointOf(
    std::string_view name) const {
  const Service* service = FindRegistered(name);
  if (service == nullptr) return std::nullopt;
  return service->endpoint;
}

std::string ServiceDirectory::HostOf(std::string_view name) const {
  const Service* service = FindRegistered(name);
  return service == nullptr ? std::string() : service->entry.host_payload_guid();
}

const ServiceDirectory::Service* ServiceDirectory::FindRegistered(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? nullptr : &*found->second;
}

ServiceDirectory::Service* ServiceDirectory::FindRegistered(std::string_view name) {
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? nullptr : &*found->second;
}

}  // namespace mock_robot
