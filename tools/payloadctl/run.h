// payloadctl as a function: what main calls, and what the tests call.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tools/cli/exit_code.h"
#include "tools/payloadctl/command.h"
#include "tools/payloadctl/environment.h"

namespace payload_manager::payloadctl {

// All commands, in the order the help lists them.
std::span<const Command> Commands();

// Runs one command line (`line` is argv without the program's name). Global flags may stand before
// or after the command. Everything that goes wrong is one line on `environment.err()`. Blocks until
// the command is done.
cli::ExitCode Run(const std::vector<std::string>& line, Environment& environment);

}  // namespace payload_manager::payloadctl
