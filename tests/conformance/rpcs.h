// All rpcs of a robot by name, for drivers that send whatever a table says.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "robot/robot.h"

namespace conformance {

struct RobotRpc {
  std::string path;                          // "bosdyn.api.FaultService/ClearServiceFault"
  const google::protobuf::Message* request;  // the empty ones
  const google::protobuf::Message* response;
  // Without gRPC. The messages are of the types of those above.
  mock_robot::CallStatus (*serve)(mock_robot::Robot& robot, std::string_view token,
                                  const google::protobuf::Message& request,
                                  google::protobuf::Message& response);
};

// Null if none has this name.
const RobotRpc* FindRobotRpc(const std::string& name);

}  // namespace conformance
