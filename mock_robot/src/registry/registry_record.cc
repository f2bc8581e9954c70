// How a registry outlives its process; the rest of Registry is in registry.cc.
#include <algorithm>
#include <set>
#include <utility>

#include "payload_manager/base/text.h"
#include "registry/payload_record.h"
#include "registry/registry_entry.h"
#include "registry/text.h"
#include "registry/undo_log.h"
#include "service_faults/service_fault_table.h"

namespace mock_robot {

using payload_manager::Checked;
using payload_manager::Done;
using payload_manager::Failed;
using payload_manager::OneLine;
using payload_manager::Problem;

void PayloadRecord::Define(const bosdyn::api::Payload& registered) {
  guid = registered.guid();
  definition = registered.SerializeAsString();
}

bosdyn::api::Payload PayloadRecord::Registered() const {
  bosdyn::api::Payload registered;
  registered.ParseFromString(definition);
  return registered;
}

PayloadRecord Registry::Entry::ToRecord() const {
  PayloadRecord record;
  record.guid = guid;
  record.definition = definition;
  record.secret = secret;
  record.warnings = warnings;
  record.authorized = authorized;
  record.attached = attached;
  record.preset_applied = preset_applied;
  record.ordinal = ordinal;
  record.epoch = epoch;
  record.registrations = registrations;
  record.first_registered = first_registered;
  record.last_registered = last_registered;
  record.authorize_at = authorize_at;
  return record;
}

void Registry::Note(const Entry& entry) {
  if (!noting_) return;
  const std::string& guid = entry.guid;
  const auto noted = [&guid](const PayloadChange& change) { return change.guid == guid; };
  if (std::any_of(changes_.begin(), changes_.end(), noted)) return;
  changes_.push_back({guid, entry.ToRecord(), std::nullopt});
}

void Registry::NoteHeard(const Entry& entry) {
  if (undo_ == nullptr) return;
  undo_->Note([this, guid = entry.guid, ordinal = entry.ordinal,
               registrations = entry.registrations, last_registered = entry.last_registered,
               last_heartbeat = entry.last_heartbeat, silent = entry.silent] {
    Entry* found = Find(guid);
    if (found == nullptr || found->ordinal != ordinal) return;
    // Attempts count, whatever became of them.
    found->registrations = std::max(found->registrations, registrations);
    found->last_registered = std::max(found->last_registered, last_registered);
    found->last_heartbeat = last_heartbeat;
    found->silent = silent;
    Expect(*found);
  });
}

void Registry::NoteChange(const std::string& guid, std::optional<PayloadRecord> before) {
  if (noting_) changes_.push_back({guid, std::move(before), std::nullopt});
}

std::vector<PayloadChange> Registry::TakeChanges() {
  std::vector<PayloadChange> changes = std::exchange(changes_, {});
  for (PayloadChange& change : changes) {
    if (const Entry* entry = Find(change.guid)) change.after = entry->ToRecord();
  }
  return changes;
}

Registry::Entry& Registry::Add(const PayloadRecord& record, RobotTime now) {
  const auto later = [&record](const Entry& entry) { return entry.ordinal > record.ordinal; };
  const bool newest = entries_.empty() || entries_.back().ordinal < record.ordinal;
  const auto next = newest ? entries_.end() : std::find_if(entries_.begin(), entries_.end(), later);
  const auto position = entries_.emplace(next);
  Entry& entry = *position;
  entry.Define(record.Registered(), KeyOf(record.guid), assumptions_);
  entry.secret = record.secret;
  entry.warnings = record.warnings;
  entry.ordinal = record.ordinal;
  entry.epoch = record.epoch;
  entry.registrations = record.registrations;
  entry.first_registered = record.first_registered;
  entry.last_registered = record.last_registered;
  entry.last_heartbeat = now;
  bytes_ += entry.definition.size();
  if (record.authorized) {
    entry.Authorize(record.preset_applied, assumptions_);
    entry.attached = record.attached;
  } else {
    // A payload that was de-authorized has a later epoch than the first.
    if (options_.auto_authorize && record.epoch == record.ordinal) {
      entry.authorize_at = std::max(now, record.first_registered + *options_.auto_authorize);
    }
  }
  Index(position);
  return entry;
}

Checked<Done> CheckGuids(const RegistryRecord& record, const Assumptions& assumptions) {
  if (!assumptions.guids_ignore_case) return Done{};
  std::set<std::string> seen;
  for (const PayloadRecord& payload : record.payloads) {
    const auto [key, fresh] = seen.insert(LowerCase(payload.guid));
    if (fresh) continue;
    return Failed{Problem{"holds two payloads with the GUID " + OneLine(*key) +
                          " that differ in case only: start with --assume guids-ignore-case=no"}};
  }
  return Done{};
}

void Registry::Restore(const RegistryRecord& record, RobotTime now) {
  for (const PayloadRecord& payload : record.payloads) {
    const Entry& entry = Add(payload, now);
    if (!entry.authorized) RaiseNotAuthorized(entry, now);
  }
  last_epoch_ = record.last_epoch;
  noting_ = true;
  // The robot starts again: what a reboot takes is gone, however the last process ended.
  for (Entry& entry : entries_) {
    const bool was_authorized = entry.authorized;
    LoseOverReboot(entry);
    if (was_authorized && !entry.authorized) RaiseNotAuthorized(entry, now);
  }
}

void Registry::LoseOverReboot(Entry& entry) {
  const bool authorization = entry.authorized && !assumptions_.reboot_keeps_authorization;
  const bool attachment = entry.attached && !assumptions_.reboot_keeps_attachment;
  if (!authorization && !attachment) return;
  Note(entry);
  if (authorization) {
    entry.Deauthorize();
    RenewEpoch(entry);
  }
  if (attachment) entry.attached = false;
}

void Registry::UndoBy(UndoLog& log) {
  undo_ = &log;
  if (own_faults_) own_faults_->UndoBy(log);
}

void Registry::PutBack(const std::string& guid, const std::optional<PayloadRecord>& before,
                       RobotTime now) {
  std::optional<Entry> heard;
  if (const auto found = by_guid_.find(guid); found != by_guid_.end()) {
    heard = *found->second;
    Erase(guid);
  }
  if (!before) return;
  Entry& entry = Add(*before, now);
  if (!heard || heard->ordinal != entry.ordinal) return;  // registered meanwhile: another payload
  entry.registrations = heard->registrations;
  entry.last_registered = heard->last_registered;
  entry.last_heartbeat = heard->last_heartbeat;
  entry.silent = heard->silent;
  Expect(entry);
}

}  // namespace mock_robot
