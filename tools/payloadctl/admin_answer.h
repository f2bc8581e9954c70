// What the robot's word on an administrator's request means to whoever gave the command.
#pragma once

#include <string>

#include "tools/payloadctl/command.h"
#include "tools/payloadctl/robot_admin.h"

namespace payload_manager::payloadctl {

// `json` and `done` are what to say if the robot agreed. Otherwise its reason, with the exit code
// that fits.
Result Conclude(const Outcome<AdminAnswer>& answer, Json json, const std::string& done);

}  // namespace payload_manager::payloadctl
