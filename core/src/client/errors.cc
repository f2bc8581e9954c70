#include "payload_manager/errors.h"

#include <exception>
#include <memory>
#include <utility>

#include "client/throw_owned.h"

namespace payload_manager {
namespace {

// Called by a jump, so that there is one function less to unwind, if the compiler does not know
// that it never returns.
#if __has_cpp_attribute(gnu::noipa)
#define CALLED_BY_A_JUMP [[gnu::noipa]]
#else
#define CALLED_BY_A_JUMP [[gnu::noinline]]
#endif

// The ways in which an exception gets to the caller.
struct Make {
  using Result = std::exception_ptr;
  template <typename E>
  static std::exception_ptr As(Failure* failure) {
    return std::make_exception_ptr(E(std::move(*failure)));
  }
};
struct Throw {
  using Result = void;
  template <typename E>
  CALLED_BY_A_JUMP static void As(Failure* failure) {
    throw E(Consume(failure));
  }
  static Failure Consume(Failure* failure) {
    const std::unique_ptr<Failure> last(failure);
    return std::move(*last);
  }
};

#undef CALLED_BY_A_JUMP

// As the exception that stands for the failure.
template <typename How>
typename How::Result Deliver(Failure* failure) {
  switch (failure->kind) {
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
  switch (RetryabilityOf(failure->kind)) {
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

std::exception_ptr MakeError(Failure failure) { return Deliver<Make>(&failure); }

void ThrowOwned(Failure* failure) { return Deliver<Throw>(failure); }

void ThrowError(Failure failure) {
  ThrowOwned(new Failure(std::move(failure)));
  std::terminate();  // not reached
}

}  // namespace payload_manager
