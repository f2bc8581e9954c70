// The documented exceptions, which the synchronous and future calls of PayloadRegistrationClient
// throw. The tree is the Python client's, name for name:
//
//   Error
//   ├─ ResponseError                        the robot answered, but not with success
//   │  ├─ PayloadRegistrationResponseError
//   │  │  ├─ InvalidPayloadCredentialsError
//   │  │  ├─ PayloadNotAuthorizedError
//   │  │  ├─ PayloadAlreadyExistsError
//   │  │  └─ PayloadDoesNotExistError
//   │  ├─ AuthResponseError                 login or token refused, or locked out
//   │  ├─ InvalidRequestError               the header says what is wrong with the request
//   │  └─ ServerError
//   │     ├─ InternalServerError
//   │     └─ UnsetStatusError
//   └─ RpcError                             no usable answer
//      ├─ RetryableRpcError                 may well work later
//      └─ PersistentRpcError                will not, until somebody changes something
#pragma once

#include <memory>
#include <stdexcept>

#include "payload_manager/failure.h"

namespace payload_manager {

// Threads: like any value. what() is the failure's message.
class Error : public std::runtime_error {
 public:
  explicit Error(Failure failure);
  FailureKind kind() const { return failure_.kind; }
  const Failure& failure() const { return failure_; }

 private:
  Failure failure_;
};

class ResponseError : public Error {
 public:
  using Error::Error;
  // The robot's answer; downcast to the response of the call that was made. Null only when a fake
  // connection gave none.
  const std::shared_ptr<const google::protobuf::Message>& response() const {
    return failure().response;
  }
};

class PayloadRegistrationResponseError : public ResponseError {
  using ResponseError::ResponseError;
};
class InvalidPayloadCredentialsError : public PayloadRegistrationResponseError {
  using PayloadRegistrationResponseError::PayloadRegistrationResponseError;
};
class PayloadNotAuthorizedError : public PayloadRegistrationResponseError {
  using PayloadRegistrationResponseError::PayloadRegistrationResponseError;
};
class PayloadAlreadyExistsError : public PayloadRegistrationResponseError {
  using PayloadRegistrationResponseError::PayloadRegistrationResponseError;
};
class PayloadDoesNotExistError : public PayloadRegistrationResponseError {
  using PayloadRegistrationResponseError::PayloadRegistrationResponseError;
};
class AuthResponseError : public ResponseError {
  using ResponseError::ResponseError;
};
class InvalidRequestError : public ResponseError {
  using ResponseError::ResponseError;
};
class ServerError : public ResponseError {
  using ResponseError::ResponseError;
};
class InternalServerError : public ServerError {
  using ServerError::ServerError;
};
class UnsetStatusError : public ServerError {
  using ServerError::ServerError;
};
class RpcError : public Error {
  using Error::Error;
};
class RetryableRpcError : public RpcError {
  using RpcError::RpcError;
};
class PersistentRpcError : public RpcError {
  using RpcError::RpcError;
};

// The exception that stands for the failure: made here and nowhere else. kInvalidArgument and
// kShutDown are plain Error.
std::exception_ptr MakeError(Failure failure);
[[noreturn]] void ThrowError(Failure failure);

}  // namespace payload_manager
