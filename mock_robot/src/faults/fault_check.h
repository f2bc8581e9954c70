// Whether a fault makes sense.
#pragma once

#include "mock_robot/faults.h"
#include "payload_manager/base/outcome.h"

namespace mock_robot {

// The problem names the field as mock_robot/faults.h does, in one line.
payload_manager::Checked<payload_manager::Done> CheckFault(const Fault& fault);

}  // namespace mock_robot
