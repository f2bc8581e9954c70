#include "registry/definition_warnings.h"

#include <cmath>
#include <set>
#include <string_view>

namespace mock_robot {
namespace {

using bosdyn::api::Payload;
using bosdyn::api::PayloadMassVolumeProperties;
using bosdyn::api::Quaternion;
using bosdyn::api::SE3Pose;

constexpr double kHeaviestSinglePayloadKg = 25.0;
constexpr double kUnitNormTolerance = 1e-3;
constexpr int kLongestName = 50;
constexpr int kLongestDescription = 250;
constexpr int kShortestGuid = 12;

bool IsFinite(double x, double y, double z) {
  return std::isfinite(x) && std::isfinite(y) && std::isfinite(z);
}

void CheckPose(const SE3Pose& pose, const std::string& field, std::vector<std::string>& warnings) {
  const auto& position = pose.position();
  if (!IsFinite(position.x(), position.y(), position.z())) {
    warnings.push_back(field + ".position holds a number that is not finite");
  }
  if (!pose.has_rotation()) return;
  const Quaternion& q = pose.rotation();
  const double norm = std::sqrt(q.w() * q.w() + q.x() * q.x() + q.y() * q.y() + q.z() * q.z());
  // Written so that a norm that is no number is flagged as well.
  if (!(std::abs(norm - 1.0) <= kUnitNormTolerance)) {
    warnings.push_back(field + ".rotation is not a unit quaternion");
  }
}

void CheckMass(const PayloadMassVolumeProperties& mass, const std::string& field,
               std::vector<std::string>& warnings) {
  if (!std::isfinite(mass.total_mass()) || mass.total_mass() < 0) {
    warnings.push_back(field + ".total_mass is negative or not finite");
  } else if (mass.total_mass() > kHeaviestSinglePayloadKg) {
    warnings.push_back(field + ".total_mass is over 25 kg");
  }
  for (const auto& box : mass.bounding_box()) {
    const auto& size = box.box().size();
    if (!IsFinite(size.x(), size.y(), size.z()) || size.x() <= 0 || size.y() <= 0 ||
        size.z() <= 0) {
      warnings.push_back(field + ".bounding_box has a box whose size is not positive");
      break;
    }
  }
  for (const auto& limits : mass.joint_limits()) {
    if (limits.hy_size() != limits.hx_size()) {
      warnings.push_back(field + ".joint_limits has lists hy and hx of different length");
      break;
    }
  }
}

}  // namespace

std::vector<std::string> DefinitionWarnings(const Payload& definition) {
  std::vector<std::string> warnings;
  if (definition.guid().size() < kShortestGuid) {
    warnings.push_back("GUID is shorter than 12 characters");
  }
  if (definition.name().empty()) warnings.push_back("name is empty");
  if (definition.name().size() > kLongestName) {
    warnings.push_back("name is longer than 50 characters");
  }
  if (definition.description().size() > kLongestDescription) {
    warnings.push_back("description is longer than 250 characters");
  }
  if (definition.mount_frame_name() == bosdyn::api::MOUNT_FRAME_UNKNOWN) {
    warnings.push_back("mount_frame_name is not set");
  }
  const double liveness = definition.liveness_timeout_secs();
  if (!std::isfinite(liveness) || liveness < 0) {
    warnings.push_back("liveness_timeout_secs is negative or not finite");
  }
  CheckPose(definition.mount_tform_payload(), "mount_tform_payload", warnings);
  CheckMass(definition.mass_volume_properties(), "mass_volume_properties", warnings);
  std::set<std::string_view> names;
  for (const auto& preset : definition.preset_configurations()) {
    const std::string field = "preset_configurations[" + preset.preset_name() + "]";
    if (!names.insert(preset.preset_name()).second) {
      warnings.push_back(field + " is there twice");
    }
    CheckPose(preset.mount_tform_payload(), field + ".mount_tform_payload", warnings);
    CheckMass(preset.mass_volume_properties(), field + ".mass_volume_properties", warnings);
  }
  return warnings;
}

}  // namespace mock_robot
