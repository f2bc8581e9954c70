// Whether a payload gives an address that the robot can use.
#pragma once

#include <string>

namespace mock_robot {

// Four decimal numbers with dots between, and nothing else.
bool IsIpv4(const std::string& text);

}  // namespace mock_robot
