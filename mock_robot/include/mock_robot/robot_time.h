// What a robot's clock says.
#pragma once

#include "payload_manager/base/clock.h"

namespace mock_robot {

// Robot time: starts as civil time and runs on, forward only.
using RobotTime = payload_manager::WallTime;

}  // namespace mock_robot
