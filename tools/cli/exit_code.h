// The exit codes of all our programs. Scripts rely on them: never renumber, never reuse.
#pragma once

#include "payload_manager/failure.h"

namespace payload_manager::cli {

enum class ExitCode {
  kDone = 0,
  kOther = 1,
  kBadInput = 2,          // usage, or a file or value that is wrong
  kRobotUnreachable = 3,  // or the call failed on its way
  kAlreadyExists = 4,
  kInvalidCredentials = 5,  // of a payload or a user
  kNotAuthorized = 6,
  kTimedOut = 7,  // waiting for a state; a single call that takes too long is kRobotUnreachable
  kDoesNotExist = 8,
  kPluginRefused = 9,
};

// The one place that says which failure of a call ends a program with which code.
ExitCode ExitCodeFor(FailureKind kind);

}  // namespace payload_manager::cli
