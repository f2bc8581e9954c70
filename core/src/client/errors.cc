#include "payload_manager/errors.h"

#include <exception>
#include <utility>

namespace payload_manager {
namespace {

// The two ways in which an exception gets to the caller. Throwing one that was made before would
// cost as much again.
struct Make {
  template <typename E>
  static std::exception_ptr As(Failure& failure) {
    return std::make_exception_ptr(E(std::move(failure)));
  }
};
struct Throw {
  template <typename E>
  [[noreturn, gnu::noinline]] static std::exception_ptr As(Failure& failure) {
    throw E(std::move(failure));
  }
};

// As the exception that stands for the failure.
template <typename How>
std::exception_ptr Deliver(Failure& failure) {
  switch (failure.kind) {
    case FailureKind::kInvalidArgument:
    case FailureKind::kShutDown:
      return How::template As<Error>(failure);
    case FailureKind::kInvalidRequest:
      return How::template As<InvalidRequestError>(failure);
    case FailureKind::kInternalServerError:
      return How::template As<InternalServerError>(failure);
    case FailureKind::kUnsetStatus:
      return How::template As<UnsetStatusError>(failure);
    case FailureKind::kUnknownResponse:
      return How::template As<ResponseError>(failure);
    case FailureKind::kInvalidPayloadCredentials:
      return How::template As<InvalidPayloadCredentialsError>(failure);
    case FailureKind::kPayloadNotAuthorized:
      return How::template As<PayloadNotAuthorizedError>(failure);
    case FailureKind::kPayloadAlreadyExists:
      return How::template As<PayloadAlreadyExistsError>(failure);
    case FailureKind::kPayloadDoesNotExist:
      return How::template As<PayloadDoesNotExistError>(failure);
    case FailureKind::kInvalidLogin:
    case FailureKind::kInvalidToken:
    case FailureKind::kTemporarilyLockedOut:
      return How::template As<AuthResponseError>(failure);
    default:  // transport
      break;
  }
  switch (RetryabilityOf(failure.kind)) {
    case Retryability::kRetryable:
      return How::template As<RetryableRpcError>(failure);
    case Retryability::kPersistent:
      return How::template As<PersistentRpcError>(failure);
    case Retryability::kNeither:
      break;
  }
  return How::template As<RpcError>(failure);
}

}  // namespace

Error::Error(Failure failure) : std::runtime_error(failure.message), failure_(std::move(failure)) {}

std::exception_ptr MakeError(Failure failure) { return Deliver<Make>(failure); }

void ThrowError(Failure failure) {
  Deliver<Throw>(failure);
  std::terminate();  // never reached, which the compiler cannot know
}

}  // namespace payload_manager
