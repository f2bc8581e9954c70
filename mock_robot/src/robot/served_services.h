// What the robot says of itself: its identity and the directory of the services it serves.
#pragma once

#include <vector>

#include "bosdyn/api/directory.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "mock_robot/mock_robot.h"

namespace mock_robot {

bosdyn::api::RobotId MakeRobotId(const MockRobotOptions& options);

// In the order of their names; `started` becomes their last update.
std::vector<bosdyn::api::ServiceEntry> ServedServices(RobotTime started,
                                                      const Assumptions& assumptions);

}  // namespace mock_robot
