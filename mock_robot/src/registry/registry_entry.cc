#include "registry/registry_entry.h"

#include <algorithm>
#include <cmath>

namespace mock_robot {
namespace {

// Any client may name any timeout; a longer one than this would overflow robot time.
constexpr double kLongestTimeoutSeconds = 50.0 * 365 * 24 * 3600;

}  // namespace

std::optional<RobotTime> Registry::Entry::SilentAt() const {
  const double timeout = registered.liveness_timeout_secs();
  if (!(timeout > 0) || has_address) return std::nullopt;
  const std::chrono::duration<double> seconds(std::min(timeout, kLongestTimeoutSeconds));
  return last_heartbeat + std::chrono::duration_cast<payload_manager::Duration>(seconds);
}

void Registry::Entry::Authorize(const bosdyn::api::PayloadPreset* preset) {
  const bool attached = shown.is_enabled();
  shown = registered;
  preset_applied.clear();
  if (preset != nullptr) {
    preset_applied = preset->preset_name();
    shown.set_description(preset->description());
    // What the preset leaves out is absent then, not present and empty.
    shown.clear_mount_tform_payload();
    if (preset->has_mount_tform_payload()) {
      *shown.mutable_mount_tform_payload() = preset->mount_tform_payload();
    }
    shown.clear_mass_volume_properties();
    if (preset->has_mass_volume_properties()) {
      *shown.mutable_mass_volume_properties() = preset->mass_volume_properties();
    }
    *shown.mutable_label_prefix() = preset->label_prefix();
    shown.set_mount_frame_name(preset->mount_frame_name());
  }
  shown.set_is_authorized(true);
  shown.set_is_enabled(attached);
  unauthorized_since.reset();
  authorize_at.reset();
}

void Registry::Entry::Deauthorize(RobotTime now) {
  shown = registered;
  preset_applied.clear();
  unauthorized_since = now;
}

}  // namespace mock_robot
