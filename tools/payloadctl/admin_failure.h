// What a failed call of the administration port means to the user. For the gRPC adapters only.
#pragma once

#include <grpcpp/grpcpp.h>

#include <string>

#include "payload_manager/base/text.h"
#include "payload_manager/failure.h"

namespace payload_manager::payloadctl {

inline Failure AdminFailure(const std::string& address, const grpc::Status& status) {
  const std::string where = "the mock robot's administration port " + address;
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return {FailureKind::kUnableToConnect,
              where + " cannot be reached: " + OneLine(status.error_message())};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {FailureKind::kTimedOut, where + " did not answer in time"};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {FailureKind::kUnimplemented,
              where + " does not know this request; is --admin the mock robot's admin address?"};
    case grpc::StatusCode::INVALID_ARGUMENT:
      return {FailureKind::kInvalidArgument, OneLine(status.error_message())};
    default:
      return {FailureKind::kOtherRpc,
              where + " refused the request: " + OneLine(status.error_message())};
  }
}

}  // namespace payload_manager::payloadctl
