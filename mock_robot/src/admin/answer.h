// How an rpc of the administration is answered. Adapter only.
#pragma once

#include <grpcpp/grpcpp.h>

#include <type_traits>

#include "base/tsan.h"

namespace mock_robot {

// Fills the response and answers. Never held back: the administration is how the rest is steered.
// `fill` returns how the call ends; nothing at all means well.
template <typename Fill>
grpc::ServerUnaryReactor* AnswerAtOnce(grpc::CallbackServerContext* context, Fill fill) {
  payload_manager::AcquireFromGrpc(context);
  grpc::Status status;
  if constexpr (std::is_void_v<decltype(fill())>) {
    fill();
  } else {
    status = fill();
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  payload_manager::ReleaseToGrpc(context);
  reactor->Finish(status);
  return reactor;
}

}  // namespace mock_robot
