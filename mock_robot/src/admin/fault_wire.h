// Faults between the administration's wire and mock_robot/faults.h.
#pragma once

#include "mock_robot/faults.h"
#include "mock_robot/v1/faults.pb.h"
#include "payload_manager/base/outcome.h"

namespace mock_robot {

// The problem names the field of faults.proto. What fits into a Fault but makes no sense is left to
// the robot.
payload_manager::Checked<Fault> FromWire(const v1::Fault& wire);
void ToWire(const FaultInfo& info, v1::FaultState& wire);

}  // namespace mock_robot
