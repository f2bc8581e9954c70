#include "registry/registry_entry.h"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "registry/ipv4.h"
#include "registry/liveness.h"

namespace mock_robot {
namespace {

using bosdyn::api::Payload;
using bosdyn::api::PayloadPreset;

void Apply(const PayloadPreset& preset, const Assumptions& assumptions, Payload& shown) {
  const bool clear = assumptions.preset_omissions_clear;
  if (clear || !preset.description().empty()) shown.set_description(preset.description());
  // What the preset leaves out is absent then, not present and empty.
  if (clear) shown.clear_mount_tform_payload();
  if (preset.has_mount_tform_payload()) {
    *shown.mutable_mount_tform_payload() = preset.mount_tform_payload();
  }
  if (clear) shown.clear_mass_volume_properties();
  if (preset.has_mass_volume_properties()) {
    *shown.mutable_mass_volume_properties() = preset.mass_volume_properties();
  }
  if (!assumptions.preset_replaces_mount) return;
  if (clear || preset.label_prefix_size() > 0) {
    *shown.mutable_label_prefix() = preset.label_prefix();
  }
  if (clear || preset.mount_frame_name() != bosdyn::api::MOUNT_FRAME_UNKNOWN) {
    shown.set_mount_frame_name(preset.mount_frame_name());
  }
}

// To be read once and thrown away: piece by piece from the heap, and back, this would take longer
// than the reading.
bool CanBeRead(const std::string& definition) {
  alignas(std::max_align_t) std::array<char, 4096> block;
  google::protobuf::ArenaOptions options;
  options.initial_block = block.data();
  options.initial_block_size = block.size();
  google::protobuf::Arena arena(options);
  return google::protobuf::Arena::CreateMessage<Payload>(&arena)->ParseFromString(definition);
}

}  // namespace

std::optional<RobotTime> Registry::Entry::SilentAt() const {
  if (has_address) return std::nullopt;
  return mock_robot::SilentAt(last_heartbeat, liveness_timeout_seconds);
}

bool Registry::Entry::Define(const Payload& given, const std::string& key,
                             const Assumptions& assumptions) {
  guid = key;
  liveness_timeout_seconds = given.liveness_timeout_secs();
  const std::string& address = given.ipv4_address();
  has_address = assumptions.odd_address_counts ? !address.empty() : IsIpv4(address);
  definition = given.SerializeAsString();
  if (!CanBeRead(definition)) return false;
  if (given.guid() == key && !given.is_authorized() && !given.is_enabled()) return true;
  Payload registered = Registered();
  registered.set_guid(key);
  registered.clear_is_authorized();
  registered.clear_is_enabled();
  definition = registered.SerializeAsString();
  return true;
}

void Registry::Entry::SetVersion(const bosdyn::api::SoftwareVersion& version) {
  Payload registered = Registered();
  *registered.mutable_version() = version;
  registered.mutable_version()->DiscardUnknownFields();  // of which there may be 100 MB
  definition = registered.SerializeAsString();
}

Payload Registry::Entry::Registered() const {
  Payload registered;
  registered.ParseFromString(definition);
  return registered;
}

Payload Registry::Entry::Shown(const Assumptions& assumptions) const {
  return Shown(Registered(), assumptions);
}

Payload Registry::Entry::Shown(Payload registered, const Assumptions& assumptions) const {
  if (!preset_applied.empty()) {
    const auto& presets = registered.preset_configurations();
    const auto named = [this](const PayloadPreset& p) { return p.preset_name() == preset_applied; };
    const auto preset = std::find_if(presets.begin(), presets.end(), named);
    if (preset != presets.end()) Apply(*preset, assumptions, registered);
  }
  registered.set_is_authorized(authorized);
  registered.set_is_enabled(attached);
  return registered;
}

void Registry::Entry::Authorize(const std::string& preset, const Assumptions& assumptions) {
  preset_applied = preset;
  authorized = true;
  attached = attached && assumptions.reauthorizing_keeps_attached;
  authorize_at.reset();
}

void Registry::Entry::Deauthorize() {
  preset_applied.clear();
  authorized = attached = false;
}

}  // namespace mock_robot
