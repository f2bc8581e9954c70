// What the rpcs of time sync do.
#include <string>
#include <utility>

#include "robot/robot_run.h"

namespace mock_robot {

namespace api = bosdyn::api;

CallStatus Robot::Serve(std::string_view token, const api::TimeSyncUpdateRequest& request,
                        api::TimeSyncUpdateResponse& response) {
  return Run("TimeSyncUpdate", nullptr, request, response, [&](RobotTime now) {
    if (!HolderOf(token, now)) return CallStatus::kUnauthenticated;
    return Put(time_sync_.Update(request, now + on_demand_.clock_ahead(), response), response,
               [](auto) {});
  });
}

}  // namespace mock_robot
