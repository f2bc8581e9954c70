// Payload definitions: from bytes to a message, and from a message to what a robot would not like.
//
// Threads: free functions without state; call them from anywhere. Only ParseDefinitionFile blocks,
// on the disk.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payload_manager/base/clock.h"
#include "payload_manager/base/outcome.h"

namespace bosdyn::api {
class Payload;
}

namespace payload_manager {

// How the bytes of a bosdyn.api.Payload are written.
enum class DefinitionEncoding { kBinary, kText, kJson };

// By extension: .textproto, .txtpb, .pbtxt; .json; .binpb, .pb. Anything else is std::nullopt.
std::optional<DefinitionEncoding> EncodingOfFile(const std::filesystem::path& path);

// Parses one definition. The problem begins with `source` (a file, a plugin's payload id) and, for
// text format, line and column. Text and JSON with a field we do not know are refused, because it
// is nearly always a misspelling; binary keeps unknown fields, because it may be newer than we are.
// Strings that are not UTF-8 are refused. What the definition says is judged by ValidateDefinition.
Checked<bosdyn::api::Payload> ParseDefinition(std::string_view bytes, DefinitionEncoding encoding,
                                              std::string_view source = "definition");

// Reads (at most 4 MiB) and parses a file whose extension tells the encoding.
Checked<bosdyn::api::Payload> ParseDefinitionFile(const std::filesystem::path& path);

// What a definition can have wrong with it. Each value is one rule.
enum class DefinitionRule {
  // Errors: not sent to a robot.
  kEmptyName,
  kPayloadId,         // empty, or not vendor.product
  kNotFinite,         // infinite or not a number, in any field
  kBoxFrame,          // not "payload"
  kBoxSize,           // an edge that is not positive
  kJointLimitLabel,   // not fr, fl, hr or hl
  kJointLimitLength,  // hy and hx of different length
  kJointLimitHy,      // not above 1.3 rad
  kJointLimitHx,      // not positive on a left leg, not negative on a right one
  kNegativeMass,
  kQuaternionNorm,      // a pose whose rotation is not of unit norm within 1e-3
  kInertiaNotPossible,  // not positive semi-definite
  kDuplicatePreset,     // two presets of one name
  kIsAuthorizedSet,     // is for the robot to set
  kIsEnabledSet,        // is for the robot to set
  kNegativeLiveness,
  kNotIpv4,
  kGuidText,  // a GUID with control characters, or blanks at either end
  // Warnings: sent; `--strict` makes them errors.
  kHeavy,            // over 25 kg
  kHeavyTogether,    // over 14 kg with the robot's other payloads
  kWide,             // over 0.19 m across the robot
  kLongName,         // over 50 characters
  kLongDescription,  // over 250 characters
  kFarAway,          // a position beyond 2 m on any axis
  kInertiaUnlikely,  // outside the triangle rule by more than 1 %
  kCentreOfMassOutside,
  kLivenessTooShort,  // not above registration interval plus RPC timeout
  kLinkSpeed,
  kShortSecret,  // under 12 characters
  kShortGuid,    // under 12 characters
  kNoMountFrame,
};

bool IsError(DefinitionRule rule);

// What the definition is to be used with. The defaults are the ones of the registration keep-alive.
struct ValidationContext {
  // The plugin's payload id; not checked when there is none (a bare definition file).
  std::optional<std::string> payload_id;
  Duration registration_interval = std::chrono::seconds(10);
  Duration rpc_timeout = std::chrono::seconds(30);
  // Characters of the secret it will be registered with, where that is known.
  std::optional<std::size_t> secret_length;
  // Kilograms the robot carries already, all other payloads and the arm (8 kg) together.
  double other_mass_kg = 0;
};

struct DefinitionFinding {
  DefinitionRule rule;
  // The path of the field: "mass_volume_properties.bounding_box[1].box.size".
  std::string field;
  // One line that begins with the field, says what is wrong and what would be right.
  std::string message;
};

struct DefinitionReport {
  std::vector<DefinitionFinding> errors;
  std::vector<DefinitionFinding> warnings;
  bool ok() const { return errors.empty(); }
};

// Checks everything that we know of before a robot sees it, in the definition itself and in each of
// its presets; never stops at the first finding. An empty GUID is no finding: the installation
// fills it in.
DefinitionReport ValidateDefinition(const bosdyn::api::Payload& payload,
                                    const ValidationContext& context = {});

}  // namespace payload_manager
