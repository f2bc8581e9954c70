// X.Y.Z and the wire's SoftwareVersion.
#pragma once

#include <string>
#include <string_view>

#include "payload_manager/base/outcome.h"

namespace bosdyn::api {
class SoftwareVersion;
}

namespace payload_manager {

// Three numbers from 0 to 2^31 - 1 with dots between them, and nothing else. Threads: any.
Checked<bosdyn::api::SoftwareVersion> ParseSoftwareVersion(std::string_view text);

std::string FormatSoftwareVersion(const bosdyn::api::SoftwareVersion& version);

}  // namespace payload_manager
