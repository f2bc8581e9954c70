#include "payload_manager/software_version.h"

#include <charconv>

#include "bosdyn/api/robot_id.pb.h"

namespace payload_manager {
namespace {

// Takes the number that `text` begins with; false if it begins with none.
bool TakeNumber(std::string_view& text, std::int32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || text.front() == '-') return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool TakeDot(std::string_view& text) {
  if (text.empty() || text.front() != '.') return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

Checked<bosdyn::api::SoftwareVersion> ParseSoftwareVersion(std::string_view text) {
  std::int32_t major = 0;
  std::int32_t minor = 0;
  std::int32_t patch = 0;
  std::string_view rest = text;
  if (!TakeNumber(rest, major) || !TakeDot(rest) || !TakeNumber(rest, minor) || !TakeDot(rest) ||
      !TakeNumber(rest, patch) || !rest.empty()) {
    return Failed{Problem{"'" + std::string(text) + "' is not a version like 1.2.3"}};
  }
  bosdyn::api::SoftwareVersion version;
  version.set_major_version(major);
  version.set_minor_version(minor);
  version.set_patch_level(patch);
  return version;
}

std::string FormatSoftwareVersion(const bosdyn::api::SoftwareVersion& version) {
  return std::to_string(version.major_version()) + '.' + std::to_string(version.minor_version()) +
         '.' + std::to_string(version.patch_level());
}

}  // namespace payload_manager
