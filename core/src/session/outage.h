// Which failures say that the robot, and not only this call, is out of reach.
#pragma once

#include "payload_manager/failure.h"
#include "session/session_machine.h"

namespace payload_manager {

bool IsOutage(CallKind call, FailureKind failure);

}  // namespace payload_manager
