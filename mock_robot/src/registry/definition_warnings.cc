#include "registry/definition_warnings.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <string_view>

#include "registry/ipv4.h"
#include "registry/mass_warnings.h"
#include "registry/text.h"
#include "registry/warnings.h"

namespace mock_robot {
namespace {

using bosdyn::api::Payload;

// In characters.
constexpr std::size_t kLongestName = 50;
constexpr std::size_t kLongestDescription = 250;
constexpr std::size_t kShortestCredential = 12;
constexpr std::size_t kLongestQuotation = 40;
constexpr int kUsualLinkSpeeds[] = {0, 10, 100, 1000, 2500, 5000, 10'000};  // 0: not given

void CheckTexts(const Payload& definition, Warnings& warnings) {
  if (CountCharacters(definition.guid()) < kShortestCredential) {
    warnings.Add("GUID is shorter than 12 characters");
  }
  if (definition.name().empty()) warnings.Add("name is empty");
  if (CountCharacters(definition.name()) > kLongestName) {
    warnings.Add("name is longer than 50 characters");
  }
  if (CountCharacters(definition.description()) > kLongestDescription) {
    warnings.Add("description is longer than 250 characters");
  }
}

void CheckPresets(const Payload& definition, Warnings& warnings) {
  std::set<std::string_view> names;
  int index = 0;
  for (const auto& preset : definition.preset_configurations()) {
    const std::string& name = preset.preset_name();
    const std::string field =
        "preset_configurations[" +
        (name.empty() ? std::to_string(index) : Shortened(name, kLongestQuotation)) + "]";
    ++index;
    if (name.empty()) {
      warnings.Add(field + " has no name and cannot be picked");
    } else if (!names.insert(name).second) {
      warnings.Add(field + " is there twice");
    }
    if (preset.has_mount_tform_payload()) {
      CheckPose(preset.mount_tform_payload(), field + ".mount_tform_payload", warnings);
    }
    if (preset.has_mass_volume_properties()) {
      CheckMass(preset.mass_volume_properties(), preset.mount_tform_payload(),
                field + ".mass_volume_properties", warnings);
    }
  }
}

}  // namespace

std::vector<std::string> DefinitionWarnings(const Payload& definition,
                                            const payload_manager::Secret& secret) {
  Warnings warnings;
  CheckTexts(definition, warnings);
  if (secret.empty()) {
    warnings.Add("payload_secret is empty: never updated or attached");
  } else if (CountCharacters(secret.Reveal()) < kShortestCredential) {
    warnings.Add("payload_secret is shorter than 12 characters");
  }
  if (definition.mount_frame_name() == bosdyn::api::MOUNT_FRAME_UNKNOWN) {
    warnings.Add("mount_frame_name is not set");
  }
  const double liveness = definition.liveness_timeout_secs();
  if (!std::isfinite(liveness) || liveness < 0) {
    warnings.Add("liveness_timeout_secs is negative or not finite");
  }
  if (!definition.ipv4_address().empty() && !IsIpv4(definition.ipv4_address())) {
    warnings.Add("ipv4_address is not an IPv4 address and counts as none");
  }
  if (std::find(std::begin(kUsualLinkSpeeds), std::end(kUsualLinkSpeeds),
                definition.link_speed()) == std::end(kUsualLinkSpeeds)) {
    warnings.Add("link_speed is none of 10, 100, 1000, 2500, 5000 and 10000 Mbit/s");
  }
  CheckPose(definition.mount_tform_payload(), "mount_tform_payload", warnings);
  CheckMass(definition.mass_volume_properties(), definition.mount_tform_payload(),
            "mass_volume_properties", warnings);
  CheckPresets(definition, warnings);
  return warnings.Take();
}

}  // namespace mock_robot
