#include "registry/registry_entry.h"

#include "registry/liveness.h"

namespace mock_robot {

std::optional<RobotTime> Registry::Entry::SilentAt() const {
  if (has_address) return std::nullopt;
  return mock_robot::SilentAt(last_heartbeat, registered.liveness_timeout_secs());
}

void Registry::Entry::Authorize(const bosdyn::api::PayloadPreset* preset,
                                const Assumptions& assumptions) {
  const bool attached = shown.is_enabled();
  shown = registered;
  preset_applied.clear();
  if (preset != nullptr) {
    preset_applied = preset->preset_name();
    const bool clear = assumptions.preset_omissions_clear;
    if (clear || !preset->description().empty()) shown.set_description(preset->description());
    // What the preset leaves out is absent then, not present and empty.
    if (clear) shown.clear_mount_tform_payload();
    if (preset->has_mount_tform_payload()) {
      *shown.mutable_mount_tform_payload() = preset->mount_tform_payload();
    }
    if (clear) shown.clear_mass_volume_properties();
    if (preset->has_mass_volume_properties()) {
      *shown.mutable_mass_volume_properties() = preset->mass_volume_properties();
    }
    if (assumptions.preset_replaces_mount) {
      if (clear || preset->label_prefix_size() > 0) {
        *shown.mutable_label_prefix() = preset->label_prefix();
      }
      if (clear || preset->mount_frame_name() != bosdyn::api::MOUNT_FRAME_UNKNOWN) {
        shown.set_mount_frame_name(preset->mount_frame_name());
      }
    }
  }
  shown.set_is_authorized(true);
  shown.set_is_enabled(attached && assumptions.reauthorizing_keeps_attached);
  authorize_at.reset();
}

void Registry::Entry::Deauthorize() {
  shown = registered;
  preset_applied.clear();
}

}  // namespace mock_robot
