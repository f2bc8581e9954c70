// What a definition holds that an administrator would wonder about. Unless told to be strict, the
// robot accepts it anyway.
#pragma once

#include <string>
#include <vector>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/base/secret.h"

namespace mock_robot {

// A sentence each, naming the field; few and short whatever the definition. The limits are those of
// the payload documentation and of the admin console's form.
std::vector<std::string> DefinitionWarnings(const bosdyn::api::Payload& definition,
                                            const payload_manager::Secret& secret);

}  // namespace mock_robot
