#include "definition/validate.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include "bosdyn/api/payload.pb.h"
#include "definition/inertia.h"
#include "definition/walk.h"
#include "payload_manager/base/text.h"
#include "payload_manager/identity.h"

namespace payload_manager {
namespace {

using bosdyn::api::MountFrameName;
using bosdyn::api::Payload;
using bosdyn::api::SE3Pose;
using Rule = DefinitionRule;

constexpr std::size_t kMaxName = 50;
constexpr std::size_t kMaxDescription = 250;
constexpr std::size_t kMinCredential = 12;
constexpr double kMaxPosition = 2.0;
constexpr double kNormTolerance = 1e-3;

// Characters, not bytes: every byte of UTF-8 that does not continue one.
std::size_t CharactersIn(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string Trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

void CheckDescription(const std::string& text, const std::string& field, DefinitionReport& report) {
  const std::size_t length = CharactersIn(text);
  if (length > kMaxDescription) {
    Report(report, Rule::kLongDescription, field,
           "has " + std::to_string(length) + " characters; the robot's console takes " +
               std::to_string(kMaxDescription));
  }
}

void CheckMountFrame(MountFrameName frame, const std::string& field, DefinitionReport& report) {
  if (frame != bosdyn::api::MOUNT_FRAME_UNKNOWN && bosdyn::api::MountFrameName_IsValid(frame)) {
    return;
  }
  Report(report, Rule::kNoMountFrame, field,
         "does not say what the payload is mounted on, as MOUNT_FRAME_BODY_PAYLOAD does");
}

void CheckMountPose(const SE3Pose& pose, const std::string& field, DefinitionReport& report) {
  CheckRotation(pose, field, report);
  constexpr const char* kAxes[] = {"x", "y", "z"};
  const Triple position = ToTriple(pose.position());
  for (std::size_t i = 0; i < 3; ++i) {
    if (std::isfinite(position[i]) && std::abs(position[i]) > kMaxPosition) {
      Report(report, Rule::kFarAway, field + ".position." + kAxes[i],
             "is " + Number(position[i]) + " m; more than 2 m from the mount frame is unlikely");
    }
  }
}

void CheckFinite(const Payload& payload, DefinitionReport& report) {
  ForEachScalar(payload, [&report](const std::string& field, const Scalar& scalar) {
    if (scalar.number != nullptr && !std::isfinite(*scalar.number)) {
      Report(report, Rule::kNotFinite, field, "is not a finite number");
    }
  });
}

void CheckNetwork(const Payload& payload, DefinitionReport& report) {
  in_addr parsed{};
  if (!payload.ipv4_address().empty() &&
      inet_pton(AF_INET, payload.ipv4_address().c_str(), &parsed) != 1) {
    Report(report, Rule::kNotIpv4, "ipv4_address", "is not an IPv4 address such as 192.168.50.5");
  }
  constexpr int kUsual[] = {0, 10, 100, 1000, 2500, 5000, 10000};  // 0: not given
  if (std::find(std::begin(kUsual), std::end(kUsual), payload.link_speed()) == std::end(kUsual)) {
    Report(report, Rule::kLinkSpeed, "link_speed",
           "is " + std::to_string(payload.link_speed()) +
               "; usual are 10, 100, 1000, 2500, 5000 and 10000 Mbit/s");
  }
}

void CheckLiveness(const Payload& payload, const ValidationContext& context,
                   DefinitionReport& report) {
  const double timeout = payload.liveness_timeout_secs();
  if (timeout < 0) {
    Report(report, Rule::kNegativeLiveness, "liveness_timeout_secs",
           "is " + Number(timeout) + "; use 0 for no watching, or seconds");
    return;
  }
  const double needed = std::chrono::duration<double>(context.registration_interval).count() +
                        std::chrono::duration<double>(context.rpc_timeout).count();
  if (timeout > 0 && timeout <= needed) {
    Report(report, Rule::kLivenessTooShort, "liveness_timeout_secs",
           "is " + Number(timeout) + " s; one lost beat raises a fault unless it is above the " +
               "registration interval plus the RPC timeout, " + Number(needed) + " s");
  }
}

void CheckIdentity(const Payload& payload, const ValidationContext& context,
                   DefinitionReport& report) {
  if (context.payload_id) {
    if (const auto id = CheckPayloadId(*context.payload_id); !id) {
      Report(report, Rule::kPayloadId, "payload id", id.error().message);
    }
  }
  if (payload.guid() != Trimmed(OneLine(payload.guid(), payload.guid().size()))) {
    Report(report, Rule::kGuidText, "GUID",
           "has control characters, or blanks at its ends; robots compare every character");
  }
  const std::size_t guid = CharactersIn(payload.guid());
  if (guid > 0 && guid < kMinCredential) {
    Report(report, Rule::kShortGuid, "GUID",
           "has " + std::to_string(guid) + " characters; 12 or more are recommended");
  }
  if (context.secret_length && *context.secret_length < kMinCredential) {
    Report(report, Rule::kShortSecret, "secret", "is shorter than the recommended 12 characters");
  }
}

void CheckPresets(const Payload& payload, const ValidationContext& context,
                  DefinitionReport& report) {
  std::set<std::string> names;
  for (int i = 0; i < payload.preset_configurations_size(); ++i) {
    const auto& preset = payload.preset_configurations(i);
    const std::string field = "preset_configurations[" + std::to_string(i) + "]";
    if (!names.insert(preset.preset_name()).second) {
      Report(
          report, Rule::kDuplicatePreset, field + ".preset_name",
          "is " + Quoted(preset.preset_name()) + " like an earlier preset's; each needs its own");
    }
    CheckDescription(preset.description(), field + ".description", report);
    CheckMountFrame(preset.mount_frame_name(), field + ".mount_frame_name", report);
    if (preset.has_mount_tform_payload()) {
      CheckMountPose(preset.mount_tform_payload(), field + ".mount_tform_payload", report);
    }
    CheckMassVolume(preset.mass_volume_properties(),
                    preset.has_mount_tform_payload() ? &preset.mount_tform_payload() : nullptr,
                    context, field + ".mass_volume_properties", report);
  }
}

}  // namespace

bool IsError(DefinitionRule rule) { return rule < Rule::kHeavy; }

void Report(DefinitionReport& report, DefinitionRule rule, const std::string& field,
            const std::string& what) {
  auto& findings = IsError(rule) ? report.errors : report.warnings;
  findings.push_back({rule, field, OneLine(field + " " + what)});
}

std::string Quoted(const std::string& text) {
  constexpr std::size_t kLongest = 40;
  return "'" + OneLine(text, kLongest) + "'";
}

std::string Number(double value) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out.precision(4);
  out << value;
  return out.str();
}

bool IsUsable(const SE3Pose& pose) {
  const double norm = NormOf(pose.rotation());
  const Triple position = ToTriple(pose.position());
  return std::abs(norm - 1) <= kNormTolerance &&
         std::all_of(position.begin(), position.end(), [](double v) { return std::isfinite(v); });
}

void CheckRotation(const SE3Pose& pose, const std::string& field, DefinitionReport& report) {
  const double norm = NormOf(pose.rotation());
  if (!std::isfinite(norm) || std::abs(norm - 1) <= kNormTolerance) return;
  Report(report, Rule::kQuaternionNorm, field + ".rotation",
         "has norm " + Number(norm) + " instead of 1; no rotation is w: 1");
}

DefinitionReport ValidateDefinition(const Payload& payload, const ValidationContext& context) {
  DefinitionReport report;
  CheckIdentity(payload, context, report);
  if (payload.name().empty()) {
    Report(report, Rule::kEmptyName, "name", "is empty; people know the payload by it");
  } else if (const std::size_t length = CharactersIn(payload.name()); length > kMaxName) {
    Report(report, Rule::kLongName, "name",
           "has " + std::to_string(length) + " characters; the robot's console takes " +
               std::to_string(kMaxName));
  }
  CheckDescription(payload.description(), "description", report);
  if (payload.is_authorized()) {
    Report(report, Rule::kIsAuthorizedSet, "is_authorized",
           "is for the robot to set; leave it out");
  }
  if (payload.is_enabled()) {
    Report(report, Rule::kIsEnabledSet, "is_enabled", "is for the robot to set; leave it out");
  }
  CheckFinite(payload, report);
  CheckMountFrame(payload.mount_frame_name(), "mount_frame_name", report);
  if (payload.has_body_tform_payload()) {
    CheckRotation(payload.body_tform_payload(), "body_tform_payload", report);
  }
  if (payload.has_mount_tform_payload()) {
    CheckMountPose(payload.mount_tform_payload(), "mount_tform_payload", report);
  }
  CheckMassVolume(payload.mass_volume_properties(),
                  payload.has_mount_tform_payload() ? &payload.mount_tform_payload() : nullptr,
                  context, "mass_volume_properties", report);
  CheckPresets(payload, context, report);
  CheckLiveness(payload, context, report);
  CheckNetwork(payload, report);
  return report;
}

}  // namespace payload_manager
