// One unary rpc, from gRPC to Robot and back. The only way in which services of the robot answer.
#pragma once

#include <grpcpp/grpcpp.h>

#include <string>
#include <string_view>

#include "base/tsan.h"
#include "robot/robot.h"
#include "robot/timestamps.h"

namespace mock_robot {

// The token in the call's metadata. The real clients send `Bearer None` or `Bearer ` without one.
inline std::string_view TokenOf(const grpc::CallbackServerContext& context) {
  const auto found = context.client_metadata().find("authorization");
  if (found == context.client_metadata().end()) return {};
  const std::string_view value(found->second.data(), found->second.size());
  constexpr std::string_view kScheme = "Bearer ";
  if (value.substr(0, kScheme.size()) != kScheme) return {};
  const std::string_view token = value.substr(kScheme.size());
  return token == "None" ? std::string_view() : token;
}

inline grpc::Status ToGrpc(CallStatus status) {
  switch (status) {
    case CallStatus::kOk:
      return grpc::Status::OK;
    case CallStatus::kUnauthenticated:
      return {grpc::StatusCode::UNAUTHENTICATED, "no valid token came with the call"};
    case CallStatus::kTooManyRequests:
      break;
  }
  // Python looks for the number in the message, the C++ SDK in the details.
  constexpr const char* kTooMany = "Received http2 header with status: 429";
  return {grpc::StatusCode::UNAVAILABLE, kTooMany, kTooMany};
}

// The disk failed: everything is as before the call.
template <typename Response>
void SayNotKept(const std::string& problem, Response& response) {
  const bosdyn::api::ResponseHeader header = response.header();
  response.Clear();
  *response.mutable_header() = header;
  auto& error = *response.mutable_header()->mutable_error();
  error.set_code(bosdyn::api::CommonError::CODE_INTERNAL_SERVER_ERROR);
  error.set_message(problem);
}

// The call takes effect on gRPC's thread and without blocking, unless it has to compute for long;
// the answer leaves when what it says is on the disk and the robot lets it, perhaps from another
// thread.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* ServeUnary(Robot& robot, grpc::CallbackServerContext* context,
                                     const Request* request, Response* response) {
  payload_manager::AcquireFromGrpc(context);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  robot.WhenReadyFor(*request, [&robot, context, request, response, reactor] {
    const CallStatus status = robot.Serve(TokenOf(*context), *request, *response);
    robot.WhenKept(status.until_kept, [&robot, context, response, reactor, status](bool kept) {
      if (!kept) SayNotKept(robot.StoreProblem(), *response);
      const CallStatus::Code code = kept ? CallStatus::Code{status} : CallStatus::kOk;
      robot.Deliver([&robot, context, response, reactor, code] {
        SetTimestamp(robot.Now(), *response->mutable_header()->mutable_response_timestamp());
        payload_manager::ReleaseToGrpc(context);
        reactor->Finish(ToGrpc(code));
      });
    });
  });
  return reactor;
}

}  // namespace mock_robot
