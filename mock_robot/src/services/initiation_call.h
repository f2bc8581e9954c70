// One call of the robot's to a payload's initiation service, without gRPC in this header.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "mock_robot/software.h"

namespace mock_robot {

// Threads: any. Cancel makes the call end soon; one that has ended stays as it is.
class OutgoingCall {
 public:
  virtual ~OutgoingCall() = default;
  virtual void Cancel() = 0;
};

// Calls `target` ("host:port") over plain gRPC. `ended` hears why it failed, or nothing if the
// payload answered: once, on a thread of gRPC's, perhaps before this returns. Never blocks.
std::shared_ptr<OutgoingCall> StartInitiationCall(
    const std::string& target, SoftwarePrompt prompt, payload_manager::Duration patience,
    std::function<void(const std::string& problem)> ended);

}  // namespace mock_robot
