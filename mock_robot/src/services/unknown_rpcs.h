// Calls of rpcs that the robot does not serve.
#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include <memory>

namespace mock_robot {

class Robot;

// Answers UNIMPLEMENTED and writes the call down. `robot` must outlive it.
std::unique_ptr<grpc::CallbackGenericService> MakeUnknownRpcs(Robot& robot);

}  // namespace mock_robot
