// Answers as faults make them, of whatever rpc.
#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string>

#include "bosdyn/api/header.pb.h"
#include "mock_robot/faults.h"
#include "mock_robot/registry.h"
#include "robot/rpcs.h"

namespace mock_robot {

// How a call ends as seen by gRPC. With anything but 0 no response is sent.
struct CallEnd {
  int code = 0;
  std::string message;
  std::string details;
  bool reset = false;  // the connection is cut before this is sent, so nobody gets it
};

// 429 in the way that the SDKs recognise.
CallEnd TooManyRequestsEnd();

// A response's header and status, by field name; nothing happens if it has no such field.
// A header as the robot makes it, without the time of sending.
void MakeHeader(google::protobuf::Message& response, const bosdyn::api::RequestHeader& request,
                RobotTime received);
void SetResponseTime(google::protobuf::Message& response, RobotTime now);
// 0 if there is none.
int HeaderCodeOf(const google::protobuf::Message& response);
int StatusOf(const google::protobuf::Message& response);

// The number of a status given by name or number; nothing if this rpc has none of this name.
std::optional<int> StatusNumber(const Rpc& rpc, const std::string& status);

// Turns the robot's answer (or, if the call took no effect, an empty one with a header) into what
// the fault says, and returns how the call ends. Offline and Reboot end it as Reset does.
CallEnd Bend(const FaultKind& fault, const Rpc& rpc, google::protobuf::Message& response);

}  // namespace mock_robot
