// The flags that say which robot and how to trust it: the same in every program.
#pragma once

#include <string>
#include <vector>

#include "payload_manager/connect.h"
#include "tools/cli/arguments.h"

namespace payload_manager::cli {

// --robot, --root-cert, --insecure, --token-over-plain.
std::vector<Flag> RobotFlags();

// Reads the root certificate's file. Problems: no --robot, an address that is none, neither or
// both of --root-cert and --insecure, --token-over-plain without --insecure.
Checked<ConnectionOptions> ReadRobotFlags(const Arguments& arguments);

// The text with the library's names for what these flags set replaced by the flags.
std::string WithFlagNames(std::string text);

}  // namespace payload_manager::cli
