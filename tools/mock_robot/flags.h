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

// What to do: serve with these options, show the help, or complain.
std::variant<MockRobotOptions, ShowHelp, UsageError> ParseFlags(int argc, const char* const* argv);

}  // namespace mock_robot::program
