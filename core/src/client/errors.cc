#include "payload_manager/errors.h"

#include <cxxabi.h>

#include <exception>
#include <memory>
#include <new>
#include <typeinfo>
#include <utility>

#include "client/throwable.h"

namespace payload_manager {
namespace {

// The forms in which an exception is made.
struct Pointer {
  using Result = std::exception_ptr;
  template <typename E>
  static std::exception_ptr As(Failure&& failure) {
    return std::make_exception_ptr(E(std::move(failure)));
  }
};
struct Raw {
  using Result = Throwable;
  template <typename E>
  static Throwable As(Failure&& failure) {
    std::unique_ptr<void, void (*)(void*)> memory(abi::__cxa_allocate_exception(sizeof(E)),
                                                  &abi::__cxa_free_exception);
    ::new (memory.get()) E(std::move(failure));
    return {memory.release(), const_cast<std::type_info*>(&typeid(E)),
            [](void* exception) { static_cast<E*>(exception)->~E(); }};
  }
};

// As the exception that stands for the failure.
template <typename Form>
typename Form::Result Make(Failure&& failure) {
  switch (failure.kind) {
    case FailureKind::kInvalidArgument:
    case FailureKind::kShutDown:
      return Form::template As<Error>(std::move(failure));
    case FailureKind::kInvalidRequest:
      return Form::template As<InvalidRequestError>(std::move(failure));
    case FailureKind::kInternalServerError:
      return Form::template As<InternalServerError>(std::move(failure));
    case FailureKind::kUnsetStatus:
      return Form::template As<UnsetStatusError>(std::move(failure));
    case FailureKind::kUnknownResponse:
      return Form::template As<ResponseError>(std::move(failure));
    case FailureKind::kInvalidPayloadCredentials:
      return Form::template As<InvalidPayloadCredentialsError>(std::move(failure));
    case FailureKind::kPayloadNotAuthorized:
      return Form::template As<PayloadNotAuthorizedError>(std::move(failure));
    case FailureKind::kPayloadAlreadyExists:
      return Form::template As<PayloadAlreadyExistsError>(std::move(failure));
    case FailureKind::kPayloadDoesNotExist:
      return Form::template As<PayloadDoesNotExistError>(std::move(failure));
    case FailureKind::kInvalidLogin:
    case FailureKind::kInvalidToken:
    case FailureKind::kTemporarilyLockedOut:
      return Form::template As<AuthResponseError>(std::move(failure));
    default:  // transport
      break;
  }
  switch (RetryabilityOf(failure.kind)) {
    case Retryability::kRetryable:
      return Form::template As<RetryableRpcError>(std::move(failure));
    case Retryability::kPersistent:
      return Form::template As<PersistentRpcError>(std::move(failure));
    case Retryability::kNeither:
      break;
  }
  return Form::template As<RpcError>(std::move(failure));
}

}  // namespace

Error::Error(Failure failure) : std::runtime_error(failure.message), failure_(std::move(failure)) {}

std::exception_ptr MakeError(Failure failure) { return Make<Pointer>(std::move(failure)); }

Throwable MakeThrowable(Failure&& failure) { return Make<Raw>(std::move(failure)); }

void ThrowError(Failure failure) {
  Throw(MakeThrowable(std::move(failure)));
  std::terminate();  // not reached
}

}  // namespace payload_manager
