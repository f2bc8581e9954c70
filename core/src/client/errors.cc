#include "payload_manager/errors.h"

#include <exception>
#include <utility>

namespace payload_manager {
namespace {

template <typename E>
std::exception_ptr Make(Failure failure) {
  return std::make_exception_ptr(E(std::move(failure)));
}

}  // namespace

Error::Error(Failure failure) : std::runtime_error(failure.message), failure_(std::move(failure)) {}

std::exception_ptr MakeError(Failure failure) {
  switch (failure.kind) {
    case FailureKind::kInvalidArgument:
    case FailureKind::kShutDown:
      return Make<Error>(std::move(failure));
    case FailureKind::kInvalidRequest:
      return Make<InvalidRequestError>(std::move(failure));
    case FailureKind::kInternalServerError:
      return Make<InternalServerError>(std::move(failure));
    case FailureKind::kUnsetStatus:
      return Make<UnsetStatusError>(std::move(failure));
    case FailureKind::kUnknownResponse:
      return Make<ResponseError>(std::move(failure));
    case FailureKind::kInvalidPayloadCredentials:
      return Make<InvalidPayloadCredentialsError>(std::move(failure));
    case FailureKind::kPayloadNotAuthorized:
      return Make<PayloadNotAuthorizedError>(std::move(failure));
    case FailureKind::kPayloadAlreadyExists:
      return Make<PayloadAlreadyExistsError>(std::move(failure));
    case FailureKind::kPayloadDoesNotExist:
      return Make<PayloadDoesNotExistError>(std::move(failure));
    case FailureKind::kInvalidLogin:
    case FailureKind::kInvalidToken:
    case FailureKind::kTemporarilyLockedOut:
      return Make<AuthResponseError>(std::move(failure));
    default:  // transport
      break;
  }
  switch (RetryabilityOf(failure.kind)) {
    case Retryability::kRetryable:
      return Make<RetryableRpcError>(std::move(failure));
    case Retryability::kPersistent:
      return Make<PersistentRpcError>(std::move(failure));
    case Retryability::kNeither:
      break;
  }
  return Make<RpcError>(std::move(failure));
}

void ThrowError(Failure failure) { std::rethrow_exception(MakeError(std::move(failure))); }

}  // namespace payload_manager
