// The administration port over gRPC.
#pragma once

#include <memory>

#include "payload_manager/base/address.h"
#include "tools/payloadctl/robot_admin.h"

namespace payload_manager::payloadctl {

// Plaintext, as the administration port is. Does not wait for the robot; never blocks.
std::unique_ptr<RobotAdmin> ConnectRobotAdmin(const Address& address);

}  // namespace payload_manager::payloadctl
