// One call made in every form in which the library offers it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "payload_manager/errors.h"
#include "payload_manager/robot_connection.h"
#include "tests/integration/failures/scenarios.h"

namespace payload_manager::testing {

struct Told {
  std::string form;       // "waiting", "completion", "client", "future"
  Failure failure;        // of no kind known, with a message that says so, when there was none
  std::string exception;  // the class that was thrown, or would be: "RetryableRpcError"
};

// All forms at the same time over one connection; the documented client has no form of some verbs.
std::vector<Told> CallInEveryForm(Verb verb, const std::shared_ptr<RobotConnection>& connection,
                                  const Staged& staged);

// The name of the exception's own class.
std::string ClassOf(const Error& error);

// "bosdyn.api.Service/Method", as the wire has it.
std::string RpcOf(Verb verb);

}  // namespace payload_manager::testing
