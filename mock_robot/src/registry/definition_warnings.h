// What a definition holds that an administrator would wonder about. The robot accepts it anyway.
#pragma once

#include <string>
#include <vector>

#include "bosdyn/api/payload.pb.h"

namespace mock_robot {

// A sentence each, naming the field. The limits are those of the payload documentation and of the
// admin console's form.
std::vector<std::string> DefinitionWarnings(const bosdyn::api::Payload& definition);

}  // namespace mock_robot
