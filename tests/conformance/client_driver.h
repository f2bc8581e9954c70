// The rules through the documented client: a mock robot in this process, called as a payload calls
// a robot.
#pragma once

#include <memory>

#include "tests/conformance/driver.h"

namespace conformance {

enum class ClientTransport { kPlain, kTls };

// Cannot AskForNothing: the client has no such request.
std::unique_ptr<Driver> MakeClientDriver(ClientTransport transport);

}  // namespace conformance
