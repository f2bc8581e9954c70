#include "mock_robot/registry.h"

#include <algorithm>
#include <array>
#include <utility>

#include "registry/definition_limits.h"
#include "registry/definition_warnings.h"
#include "registry/mass_warnings.h"
#include "registry/payload_faults.h"
#include "registry/payload_record.h"
#include "registry/registry_entry.h"
#include "registry/text.h"
#include "registry/undo_log.h"
#include "service_faults/service_fault_table.h"

namespace mock_robot {
namespace {

using bosdyn::api::GetPayloadAuthTokenResponse;
using bosdyn::api::Payload;
using bosdyn::api::PayloadPreset;
using bosdyn::api::RegisterPayloadResponse;
using bosdyn::api::UpdatePayloadAttachedRequest;
using bosdyn::api::UpdatePayloadAttachedResponse;
using bosdyn::api::UpdatePayloadVersionResponse;
using payload_manager::Failed;
using payload_manager::Secret;

AdminAnswer UnknownPayload(std::string_view guid) {
  return {AdminResult::kUnknownPayload, "no payload has the GUID '" + std::string(guid) + "'"};
}

std::optional<RobotTime> Sooner(const std::optional<RobotTime>& a,
                                const std::optional<RobotTime>& b) {
  return !a || (b && *b < *a) ? b : a;
}

}  // namespace

Registry::Registry(RegistryOptions options, const Assumptions& assumptions,
                   ServiceFaultTable* faults, payload_manager::RandomSource& random)
    : options_(std::move(options)),
      assumptions_(assumptions),
      own_faults_(faults == nullptr ? std::make_unique<ServiceFaultTable>(assumptions) : nullptr),
      faults_(faults == nullptr ? *own_faults_ : *faults),
      random_(random) {}

Registry::~Registry() = default;

Answer<RegisterPayloadResponse::Status> Registry::Register(const Payload& definition,
                                                           const Secret& secret, RobotTime now) {
  Advance(now);
  if (definition.guid().empty() && !assumptions_.accept_empty_guid) {
    return Failed{InvalidRequest{"payload.GUID is empty"}};
  }
  const bool flags_matter = !assumptions_.ignore_claimed_flags;
  if (definition.is_authorized() && flags_matter) {
    return Failed{InvalidRequest{"payload.is_authorized must be false in a registration"}};
  }
  if (definition.is_enabled() && flags_matter) {
    return Failed{InvalidRequest{"payload.is_enabled must be false in a registration"}};
  }
  if (Entry* known = Find(definition.guid())) {
    ++known->registrations;
    known->last_registered = now;
    const bool proven = known->secret ? known->Proves(secret) : secret.empty();
    if (!proven && assumptions_.refuse_wrong_secret) {
      return Failed{InvalidRequest{"payload_secret is not that of the registered payload"}};
    }
    if (known->secret ? proven || !assumptions_.heartbeat_needs_secret
                      : proven && assumptions_.secretless_heartbeats) {
      Hear(*known, now);
    }
    return RegisterPayloadResponse::STATUS_ALREADY_EXISTS;
  }

  if (const auto why = NoRoomFor(definition)) return Failed{InvalidRequest{*why}};

  std::vector<std::string> warnings = DefinitionWarnings(definition, secret);
  if (options_.refuse_implausible && !warnings.empty()) {
    return Failed{InvalidRequest{"refused as implausible: " + warnings.front()}};
  }

  Entry& entry = entries_.emplace_back();
  if (!entry.Define(definition, KeyOf(definition.guid()), assumptions_)) {
    entries_.pop_back();
    return Failed{InvalidRequest{"payload has text that is not UTF-8"}};
  }
  bytes_ += entry.definition.size();
  if (!secret.empty()) entry.secret.emplace(secret.Reveal(), random_);
  entry.warnings = std::move(warnings);
  entry.ordinal = entry.epoch = ++last_epoch_;
  entry.registrations = 1;
  entry.first_registered = entry.last_registered = entry.last_heartbeat = now;
  if (options_.auto_authorize) entry.authorize_at = now + *options_.auto_authorize;
  Index(std::prev(entries_.end()));
  NoteChange(entry.guid, std::nullopt);
  if (undo_ != nullptr) {
    undo_->Note([this, guid = entry.guid, raised = faults_.raised()] {
      faults_.Unraise([&guid](const auto& id) { return id.payload_guid() == guid; }, raised);
    });
  }
  faults_.Raise(NotAuthorizedFault(entry.guid, definition.name(), assumptions_), now);
  Advance(now);  // a delay of zero authorizes at once
  return RegisterPayloadResponse::STATUS_OK;
}

UpdatePayloadVersionResponse::Status Registry::UpdateVersion(
    const Credentials& credentials, const bosdyn::api::SoftwareVersion& version, RobotTime now) {
  Advance(now);
  Entry* entry = Find(credentials.guid);
  if (entry == nullptr) return UpdatePayloadVersionResponse::STATUS_DOES_NOT_EXIST;
  if (!entry->Proves(credentials.secret)) {
    return UpdatePayloadVersionResponse::STATUS_INVALID_CREDENTIALS;
  }
  Note(*entry);
  bytes_ -= entry->definition.size();
  entry->SetVersion(version);
  bytes_ += entry->definition.size();
  return UpdatePayloadVersionResponse::STATUS_OK;
}

TokenGrant Registry::GrantToken(const Credentials& credentials, RobotTime now) {
  Advance(now);
  const Entry* entry = Find(credentials.guid);
  if (entry == nullptr || !entry->Proves(credentials.secret)) {
    return {GetPayloadAuthTokenResponse::STATUS_INVALID_CREDENTIALS, {}};
  }
  if (!entry->authorized) {
    return {GetPayloadAuthTokenResponse::STATUS_PAYLOAD_NOT_AUTHORIZED, {}};
  }
  return {GetPayloadAuthTokenResponse::STATUS_OK, entry->guid, entry->epoch};
}

Answer<UpdatePayloadAttachedResponse::Status> Registry::UpdateAttached(
    const Credentials& credentials, UpdatePayloadAttachedRequest::Request request, RobotTime now) {
  Advance(now);
  if (request != UpdatePayloadAttachedRequest::REQUEST_ATTACH &&
      request != UpdatePayloadAttachedRequest::REQUEST_DETACH &&
      !assumptions_.odd_attach_request_detaches) {
    return Failed{InvalidRequest{"request is neither REQUEST_ATTACH nor REQUEST_DETACH"}};
  }
  Entry* entry = Find(credentials.guid);
  if (entry == nullptr) return UpdatePayloadAttachedResponse::STATUS_DOES_NOT_EXIST;
  if (assumptions_.attach_checks_authorization_first && !entry->authorized) {
    return UpdatePayloadAttachedResponse::STATUS_PAYLOAD_NOT_AUTHORIZED;
  }
  if (!entry->Proves(credentials.secret)) {
    return UpdatePayloadAttachedResponse::STATUS_INVALID_CREDENTIALS;
  }
  if (!entry->authorized) return UpdatePayloadAttachedResponse::STATUS_PAYLOAD_NOT_AUTHORIZED;
  Note(*entry);
  entry->attached = request == UpdatePayloadAttachedRequest::REQUEST_ATTACH;
  return UpdatePayloadAttachedResponse::STATUS_OK;
}

bool Registry::GrantHolds(std::uint64_t epoch) const { return HolderOf(epoch).has_value(); }

std::optional<std::string> Registry::HolderOf(std::uint64_t epoch) const {
  const auto found = by_epoch_.find(epoch);
  if (found != by_epoch_.end() && found->second->authorized) return found->second->guid;
  if (assumptions_.forgotten_tokens_void) return std::nullopt;
  const auto earlier = earlier_holders_.find(epoch);
  return earlier == earlier_holders_.end() ? std::string() : earlier->second;
}

void Registry::RenewEpoch(Entry& entry) {
  if (!assumptions_.forgotten_tokens_void) {
    earlier_holders_.emplace(entry.epoch, entry.guid);
  }
  by_epoch_.erase(entry.epoch);
  entry.epoch = ++last_epoch_;
  by_epoch_.emplace(entry.epoch, &entry);
}

AdminAnswer Registry::Authorize(std::string_view guid, std::string_view preset_name,
                                RobotTime now) {
  Advance(now);
  Entry* entry = Find(guid);
  if (entry == nullptr) return UnknownPayload(guid);
  if (preset_name.empty()) {
    Authorize(*entry, {}, now);
    return {AdminResult::kOk, "authorized in the default configuration"};
  }
  const Payload registered = entry->Registered();
  const auto& presets = registered.preset_configurations();
  const auto named = [&](const PayloadPreset& p) { return p.preset_name() == preset_name; };
  const auto preset = std::find_if(presets.begin(), presets.end(), named);
  const std::string quoted = "'" + std::string(preset_name) + "'";
  if (preset == presets.end()) {
    return {AdminResult::kUnknownPreset, "the payload has no preset " + quoted};
  }
  if (!IsOffered(*entry, registered, *preset)) {
    return {AdminResult::kUnknownPreset, "the preset " + quoted + " is for the other port"};
  }
  Authorize(*entry, preset->preset_name(), now);
  return {AdminResult::kOk, "authorized with the preset " + quoted};
}

AdminAnswer Registry::Deauthorize(std::string_view guid, RobotTime now) {
  Advance(now);
  Entry* entry = Find(guid);
  if (entry == nullptr) return UnknownPayload(guid);
  if (!entry->authorized) return {AdminResult::kWrongState, "the payload is not authorized"};
  Note(*entry);
  entry->Deauthorize();
  RaiseNotAuthorized(*entry, now);
  RenewEpoch(*entry);  // authorizing it again does not revive its old tokens
  return {AdminResult::kOk, "de-authorized, the registration stays"};
}

AdminAnswer Registry::Reject(std::string_view guid, RobotTime now) {
  Advance(now);
  const Entry* entry = Find(guid);
  if (entry == nullptr) return UnknownPayload(guid);
  if (entry->authorized && !assumptions_.authorized_can_be_rejected) {
    return {AdminResult::kWrongState, "the payload is authorized: forget it instead"};
  }
  Remove(*entry, now);
  return {AdminResult::kOk, "rejected"};
}

AdminAnswer Registry::Forget(std::string_view guid, RobotTime now) {
  Advance(now);
  const Entry* entry = Find(guid);
  if (entry == nullptr) return UnknownPayload(guid);
  Remove(*entry, now);
  return {AdminResult::kOk, "forgotten"};
}

void Registry::Reboot(RobotTime now) {
  Advance(now);
  if (own_faults_ && assumptions_.reboot_clears_faults) own_faults_->Reset();
  for (Entry& entry : entries_) {
    LoseOverReboot(entry);
    if (!entry.authorized) RaiseNotAuthorized(entry, now);
    NoteHeard(entry);
    if (assumptions_.reboot_resets_liveness) {
      Hear(entry, now);
    } else if (entry.silent) {
      RaiseSilent(entry, entry.SilentAt().value_or(now));
    }
  }
}

void Registry::Advance(RobotTime now) {
  if (now < quiet_until_) return;
  for (Entry& entry : entries_) {
    if (entry.authorize_at && *entry.authorize_at <= now) {
      Authorize(entry, {}, *entry.authorize_at);
    }
    if (entry.silent) continue;
    const std::optional<RobotTime> silent_at = WatchedUntil(entry);
    if (!silent_at || *silent_at > now) continue;
    NoteHeard(entry);
    entry.silent = true;
    RaiseSilent(entry, *silent_at);
  }
  quiet_until_ = NextChange().value_or(RobotTime::max());
}

std::optional<RobotTime> Registry::NextChange() const {
  std::optional<RobotTime> next;
  for (const Entry& entry : entries_) next = Sooner(next, NextChangeOf(entry));
  return next;
}

std::optional<RobotTime> Registry::NextChangeOf(const Entry& entry) const {
  return Sooner(entry.authorize_at, entry.silent ? std::nullopt : WatchedUntil(entry));
}

void Registry::Expect(const Entry& entry) {
  if (const auto next = NextChangeOf(entry)) quiet_until_ = std::min(quiet_until_, *next);
}

std::vector<Payload> Registry::List() const {
  std::vector<Payload> payloads;
  payloads.reserve(entries_.size());
  for (const Entry& entry : entries_) payloads.push_back(entry.Shown(assumptions_));
  if (assumptions_.list_by_guid) {
    std::sort(payloads.begin(), payloads.end(),
              [](const Payload& a, const Payload& b) { return a.guid() < b.guid(); });
  }
  return payloads;
}

std::vector<PayloadInfo> Registry::Describe() const {
  std::vector<PayloadInfo> infos;
  infos.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    PayloadInfo& info = infos.emplace_back();
    Payload registered = entry.Registered();
    for (const PayloadPreset& preset : registered.preset_configurations()) {
      if (IsOffered(entry, registered, preset)) {
        info.presets_offered.push_back(preset.preset_name());
      }
    }
    info.payload = entry.Shown(std::move(registered), assumptions_);
    info.credentials_known = entry.secret.has_value();
    info.preset_applied = entry.preset_applied;
    info.warnings = entry.warnings;
    info.registrations = entry.registrations;
    info.first_registered = entry.first_registered;
    info.last_registered = entry.last_registered;
  }
  AddMassTogetherWarnings(infos);
  return infos;
}

std::string Registry::KeyOf(std::string_view guid) const {
  return assumptions_.guids_ignore_case ? LowerCase(guid) : std::string(guid);
}

Registry::Entry* Registry::Find(std::string_view guid) const {
  if (guid.size() > kLongestGuid) return nullptr;
  std::array<char, kLongestGuid> key;
  const auto end = assumptions_.guids_ignore_case
                       ? std::transform(guid.begin(), guid.end(), key.begin(), LowerCaseOf)
                       : std::copy(guid.begin(), guid.end(), key.begin());
  const auto found =
      by_guid_.find(std::string_view(key.data(), static_cast<std::size_t>(end - key.begin())));
  return found == by_guid_.end() ? nullptr : &*found->second;
}

// The key is a view of the entry's GUID, which stays where it is and as it is.
void Registry::Index(Entries::iterator position) {
  by_guid_.emplace(position->guid, position);
  by_epoch_.emplace(position->epoch, &*position);
  Expect(*position);
}

void Registry::Remove(const Entry& entry, RobotTime now) {
  Note(entry);
  NoteHeard(entry);
  if (assumptions_.forgetting_clears_faults) {
    faults_.ClearPayload(entry.guid, now);
  }
  const std::string guid = entry.guid;
  if (undo_ != nullptr && !earlier_holders_.empty()) {
    undo_->Note([this, before = earlier_holders_] { earlier_holders_ = before; });
  }
  std::erase_if(earlier_holders_, [&](const auto& holder) { return holder.second == guid; });
  Erase(guid);
}

void Registry::Erase(const std::string& guid) {
  const auto found = by_guid_.find(guid);
  const Entries::iterator position = found->second;
  bytes_ -= position->definition.size();
  by_guid_.erase(found);
  by_epoch_.erase(position->epoch);
  entries_.erase(position);
}

std::optional<std::string> Registry::NoRoomFor(const Payload& definition) const {
  const std::size_t largest = assumptions_.largest_definition_kib * 1024;
  if (auto beyond = BeyondLimits(definition, largest)) return beyond;
  if (entries_.size() >= assumptions_.most_payloads) {
    return "the robot has " + std::to_string(entries_.size()) + " payloads, and room for no more";
  }
  if (bytes_ + definition.ByteSizeLong() > kMostBytesOfAll) {
    return "the definitions of all payloads together would be larger than " +
           std::to_string(kMostBytesOfAll) + " bytes";
  }
  return std::nullopt;
}

bool Registry::IsOffered(const Entry& entry, const Payload& registered,
                         const PayloadPreset& preset) const {
  if (preset.preset_name().empty()) return false;  // nobody could name it
  if (!entry.has_address) return true;
  const auto port = options_.port_of_address.find(registered.ipv4_address());
  const bool rear = port == options_.port_of_address.end() ? !assumptions_.addresses_at_front
                                                           : port->second == MountPort::kRear;
  const auto labelled = [&preset](std::string_view label) {
    const auto& labels = preset.label_prefix();
    return std::find(labels.begin(), labels.end(), label) != labels.end();
  };
  const bool here = labelled(rear ? "mount_port:rear" : "mount_port:front");
  const bool there = labelled(rear ? "mount_port:front" : "mount_port:rear");
  return here || !there;
}

}  // namespace mock_robot
