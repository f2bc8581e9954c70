// The faults that the registry raises on a payload's behalf, as messages.
#pragma once

#include <string>
#include <string_view>

#include "mock_robot/registry.h"

namespace mock_robot {

// That the payload waits for the administrator. `payload_name` is for people and is shortened.
bosdyn::api::ServiceFault NotAuthorizedFault(const std::string& guid, std::string_view payload_name,
                                             const Assumptions& assumptions);

}  // namespace mock_robot
