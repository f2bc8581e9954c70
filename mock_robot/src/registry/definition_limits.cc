#include "registry/definition_limits.h"

namespace mock_robot {
namespace {

int PartsOf(const bosdyn::api::PayloadMassVolumeProperties& mass) {
  int parts = mass.bounding_box_size() + mass.joint_limits_size();
  for (const auto& limits : mass.joint_limits()) parts += limits.hy_size() + limits.hx_size();
  return parts;
}

}  // namespace

std::optional<std::string> BeyondLimits(const bosdyn::api::Payload& definition,
                                        std::size_t most_bytes) {
  if (definition.guid().size() > kLongestGuid) {
    return "payload.GUID is longer than " + std::to_string(kLongestGuid) + " bytes";
  }
  if (definition.preset_configurations_size() > kMostPresets) {
    return "payload.preset_configurations has more than " + std::to_string(kMostPresets) +
           " entries";
  }
  int parts = definition.label_prefix_size() + PartsOf(definition.mass_volume_properties());
  for (const auto& preset : definition.preset_configurations()) {
    parts += preset.label_prefix_size() + PartsOf(preset.mass_volume_properties());
  }
  if (parts > kMostParts) {
    return "payload has more than " + std::to_string(kMostParts) +
           " labels, bounding boxes and joint limits";
  }
  if (definition.ByteSizeLong() > most_bytes) {
    return "payload is larger than " + std::to_string(most_bytes) + " bytes";
  }
  return std::nullopt;
}

}  // namespace mock_robot
