// Messages as gRPC has them, in bytes: read and written here rather than by gRPC, which answers for
// us, and tells nobody, when bytes are no message.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include <optional>
#include <string>

#include "faults/bend.h"
#include "robot/robot.h"
#include "robot/rpcs.h"

namespace mock_robot {

// What clients are known to accept, and the robot takes.
inline constexpr int kLargestRequestBytes = 100 * 1024 * 1024;
// gRPC refuses what is larger than this by itself, and nobody learns of it; between the two it is
// the robot that refuses, and its journal that has the call.
inline constexpr int kLargestNotedRequestBytes = 2 * kLargestRequestBytes;

// Reads what was sent. How the call ends if that is no such message, or one too large.
std::optional<CallEnd> ReadRequest(const grpc::ByteBuffer& sent, const Rpc& rpc,
                                   google::protobuf::Message& request);

void WriteAnswer(const google::protobuf::Message& response, grpc::ByteBuffer& answer);

// Ends a call whose request could not be read, and writes it down.
grpc::ServerUnaryReactor* RefuseUnread(Robot& robot, grpc::CallbackServerContext& context,
                                       const Rpc& rpc, const grpc::ByteBuffer& sent,
                                       const CallEnd& end);

}  // namespace mock_robot
