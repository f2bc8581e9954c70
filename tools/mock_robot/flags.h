// The command line of mock-robot.
#pragma once

#include <string>
#include <variant>

#include "mock_robot/mock_robot.h"

namespace mock_robot::program {

struct ShowHelp {
  std::string text;
};
struct UsageError {
  std::string message;  // one line that names the flag
};

struct Flags {
  MockRobotOptions robot;
  double time_scale = 1;          // how fast the robot's time runs, against the machine's; 0: not
  bool until_stdin_ends = false;  // stop, as on SIGTERM, when standard input ends
};

// What to do: serve with these flags, show the help, or complain.
std::variant<Flags, ShowHelp, UsageError> ParseFlags(int argc, const char* const* argv);

}  // namespace mock_robot::program
