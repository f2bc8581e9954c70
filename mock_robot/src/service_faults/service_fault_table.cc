#include "service_faults/service_fault_table.h"

#include <algorithm>
#include <utility>

#include "registry/text.h"
#include "robot/timestamps.h"

namespace mock_robot {

using bosdyn::api::ClearServiceFaultRequest;
using bosdyn::api::ClearServiceFaultResponse;
using bosdyn::api::ServiceFaultState;
using bosdyn::api::TriggerServiceFaultResponse;
using payload_manager::Failed;

ServiceFaultTable::ServiceFaultTable(const Assumptions& assumptions)
    : ignore_case_(assumptions.guids_ignore_case),
      accept_nameless_(assumptions.accept_nameless_faults),
      robots_clearable_(assumptions.robot_faults_clearable) {}

std::string ServiceFaultTable::GuidOf(std::string_view guid) const {
  return ignore_case_ ? LowerCase(guid) : std::string(guid);
}

ServiceFaultTable::Id ServiceFaultTable::Complete(const Id& id, const HostOf& host_of) const {
  Id complete = id;
  if (!id.service_name().empty() && id.payload_guid().empty()) {
    complete.set_payload_guid(host_of(id.service_name()));
  }
  complete.set_payload_guid(GuidOf(complete.payload_guid()));
  return complete;
}

ServiceFaultTable::Key ServiceFaultTable::KeyOf(const Id& id) const {
  return {id.fault_name(), id.service_name(), GuidOf(id.payload_guid())};
}

std::size_t ServiceFaultTable::HashOf::operator()(const Key& key) const {
  const std::hash<std::string_view> hash;
  const auto& [fault, service, guid] = key;
  return (hash(fault) * 31 + hash(service)) * 31 + hash(guid);
}

// In the order of becoming active.
template <typename Matches>
std::size_t ServiceFaultTable::ClearWhere(RobotTime now, Matches matches) {
  std::vector<Faults::iterator> found;
  for (auto position = active_.begin(); position != active_.end(); ++position) {
    if (matches(position->first, position->second)) found.push_back(position);
  }
  std::sort(found.begin(), found.end(), [](Faults::iterator a, Faults::iterator b) {
    return a->second.order < b->second.order;
  });
  for (const Faults::iterator position : found) Retire(position, now);
  return found.size();
}

Answer<TriggerServiceFaultResponse::Status> ServiceFaultTable::Trigger(const Fault& fault,
                                                                       const HostOf& host_of,
                                                                       RobotTime now) {
  if (fault.fault_id().fault_name().empty() && !accept_nameless_) {
    return Failed{InvalidRequest{"fault.fault_id.fault_name is empty"}};
  }
  if (fault.ByteSizeLong() > kLargestBytes) {
    return Failed{
        InvalidRequest{"fault is larger than " + std::to_string(kLargestBytes) + " bytes"}};
  }
  Fault complete = fault;
  *complete.mutable_fault_id() = Complete(fault.fault_id(), host_of);
  if (active_.count(KeyOf(complete.fault_id())) != 0) {
    return TriggerServiceFaultResponse::STATUS_FAULT_ALREADY_ACTIVE;
  }
  if (triggered_ >= kMostTriggered) {
    return Failed{InvalidRequest{"fault cannot be taken: " + std::to_string(kMostTriggered) +
                                 " that were triggered are active already"}};
  }
  Insert(std::move(complete), now, true);
  return TriggerServiceFaultResponse::STATUS_OK;
}

Answer<ClearServiceFaultResponse::Status> ServiceFaultTable::Clear(
    const ClearServiceFaultRequest& request, const HostOf& host_of, RobotTime now) {
  const Id& id = request.fault_id();
  const bool all = request.clear_all_service_faults() || request.clear_all_payload_faults();
  if (request.clear_all_service_faults() && id.service_name().empty()) {
    return Failed{
        InvalidRequest{"fault_id.service_name is empty although clear_all_service_faults is set"}};
  }
  if (request.clear_all_payload_faults() && id.payload_guid().empty()) {
    return Failed{
        InvalidRequest{"fault_id.payload_guid is empty although clear_all_payload_faults is set"}};
  }
  if (!all && id.fault_name().empty() && !accept_nameless_) {
    return Failed{InvalidRequest{"fault_id.fault_name is empty"}};
  }
  const Key one = KeyOf(Complete(id, host_of));
  const std::string guid = GuidOf(id.payload_guid());
  const std::size_t cleared = ClearWhere(now, [&](const Key& key, const ActiveFault& active) {
    if (!active.triggered && !robots_clearable_) return false;
    if (!all) return key == one;
    return (request.clear_all_service_faults() && std::get<1>(key) == id.service_name()) ||
           (request.clear_all_payload_faults() && std::get<2>(key) == guid);
  });
  return cleared > 0 ? ClearServiceFaultResponse::STATUS_OK
                     : ClearServiceFaultResponse::STATUS_FAULT_NOT_ACTIVE;
}

void ServiceFaultTable::Raise(Fault fault, RobotTime onset) {
  Insert(std::move(fault), onset, false);
}

void ServiceFaultTable::Insert(Fault fault, RobotTime onset, bool triggered) {
  fault.clear_duration();
  SetTimestamp(onset, *fault.mutable_onset_timestamp());
  Key key = KeyOf(fault.fault_id());
  const auto [position, inserted] = active_.try_emplace(
      std::move(key), ActiveFault{std::move(fault), onset, last_order_ + 1, triggered});
  if (!inserted) return;
  ++last_order_;
  if (triggered) ++triggered_;
  if (undo_ == nullptr) return;
  undo_->Note([this, raised = position->first, order = last_order_] {
    const auto found = active_.find(raised);
    if (found != active_.end() && found->second.order == order) Erase(found);
  });
}

std::size_t ServiceFaultTable::ClearOne(const Id& id, RobotTime now) {
  const auto found = active_.find(KeyOf(id));
  if (found == active_.end()) return 0;
  Retire(found, now);
  return 1;
}

std::size_t ServiceFaultTable::ClearService(std::string_view service_name, RobotTime now) {
  return ClearWhere(
      now, [&](const Key& key, const ActiveFault&) { return std::get<1>(key) == service_name; });
}

std::size_t ServiceFaultTable::ClearPayload(std::string_view guid, RobotTime now) {
  const std::string kept = GuidOf(guid);
  return ClearWhere(now,
                    [&](const Key& key, const ActiveFault&) { return std::get<2>(key) == kept; });
}

void ServiceFaultTable::Unraise(const std::function<bool(const Id& id)>& about,
                                std::uint64_t after) {
  std::erase_if(active_, [&](const auto& entry) {
    const ActiveFault& active = entry.second;
    return !active.triggered && active.order > after && about(active.fault.fault_id());
  });
}

void ServiceFaultTable::Erase(Faults::iterator position) {
  if (position->second.triggered) --triggered_;
  active_.erase(position);
}

void ServiceFaultTable::Reset() {
  if (undo_ != nullptr) {
    undo_->Note([this, active = active_, history = history_, triggered = triggered_] {
      active_ = active;
      history_ = history;
      triggered_ = triggered;
    });
  }
  active_.clear();
  history_.clear();
  triggered_ = 0;
}

void ServiceFaultTable::Retire(Faults::iterator position, RobotTime now) {
  ActiveFault& ended = position->second;
  const std::uint64_t number = ++cleared_;
  history_.push_back({number, ended.fault});
  SetDuration(now - ended.onset, *history_.back().fault.mutable_duration());
  std::optional<Cleared> forgotten;
  if (history_.size() > kHistory) {
    forgotten = std::move(history_.front());
    history_.pop_front();
  }
  if (undo_ != nullptr) {
    undo_->Note([this, number, ended, forgotten] {
      std::erase_if(history_, [&](const Cleared& cleared) { return cleared.number == number; });
      if (forgotten && history_.size() < kHistory) history_.push_front(*forgotten);
      if (active_.try_emplace(KeyOf(ended.fault.fault_id()), ended).second && ended.triggered) {
        ++triggered_;
      }
    });
  }
  Erase(position);
}

std::vector<ServiceFaultTable::Fault> ServiceFaultTable::Active(RobotTime now) const {
  std::vector<const ActiveFault*> ordered;
  ordered.reserve(active_.size());
  for (const auto& [key, active] : active_) ordered.push_back(&active);
  std::sort(ordered.begin(), ordered.end(),
            [](const ActiveFault* a, const ActiveFault* b) { return a->order < b->order; });
  std::vector<Fault> faults;
  faults.reserve(ordered.size());
  for (const ActiveFault* active : ordered) {
    SetDuration(now - active->onset, *faults.emplace_back(active->fault).mutable_duration());
  }
  return faults;
}

std::vector<ServiceFaultTable::Fault> ServiceFaultTable::History() const {
  std::vector<Fault> faults;
  faults.reserve(history_.size());
  for (const Cleared& cleared : history_) faults.push_back(cleared.fault);
  return faults;
}

ServiceFaultState ServiceFaultTable::Describe(RobotTime now) const {
  ServiceFaultState state;
  for (Fault& fault : Active(now)) {
    for (const std::string& attribute : fault.attributes()) {
      auto& highest = (*state.mutable_aggregated())[attribute];
      highest = std::max(highest, fault.severity());
    }
    *state.add_faults() = std::move(fault);
  }
  for (const Cleared& cleared : history_) *state.add_historical_faults() = cleared.fault;
  return state;
}

}  // namespace mock_robot
