#include "payload_manager/errors.h"

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <set>

#include "client/throwable.h"

namespace payload_manager {
namespace {

constexpr int kKinds = static_cast<int>(FailureKind::kTemporarilyLockedOut) + 1;

template <typename Expected>
void ExpectExactly(FailureKind kind) {
  try {
    ThrowError({kind, "the message"});
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(typeid(error), typeid(Expected)) << ToString(kind);
    EXPECT_STREQ(error.what(), "the message");
    EXPECT_EQ(error.kind(), kind);
  }
}

TEST(Errors, EachKindIsItsDocumentedException) {
  ExpectExactly<Error>(FailureKind::kInvalidArgument);
  ExpectExactly<Error>(FailureKind::kShutDown);
  ExpectExactly<InvalidRequestError>(FailureKind::kInvalidRequest);
  ExpectExactly<InternalServerError>(FailureKind::kInternalServerError);
  ExpectExactly<UnsetStatusError>(FailureKind::kUnsetStatus);
  ExpectExactly<ResponseError>(FailureKind::kUnknownResponse);
  ExpectExactly<InvalidPayloadCredentialsError>(FailureKind::kInvalidPayloadCredentials);
  ExpectExactly<PayloadNotAuthorizedError>(FailureKind::kPayloadNotAuthorized);
  ExpectExactly<PayloadAlreadyExistsError>(FailureKind::kPayloadAlreadyExists);
  ExpectExactly<PayloadDoesNotExistError>(FailureKind::kPayloadDoesNotExist);
  ExpectExactly<AuthResponseError>(FailureKind::kInvalidLogin);
  ExpectExactly<AuthResponseError>(FailureKind::kInvalidToken);
  ExpectExactly<AuthResponseError>(FailureKind::kTemporarilyLockedOut);
}

TEST(Errors, TransportFailuresSayWhetherTryingAgainHelps) {
  for (const auto kind :
       {FailureKind::kUnableToConnect, FailureKind::kConnectionLost, FailureKind::kTimedOut,
        FailureKind::kTooManyRequests, FailureKind::kServiceUnavailable, FailureKind::kProxyFailure,
        FailureKind::kFailedDuringExecution, FailureKind::kResponseTooLarge}) {
    ExpectExactly<RetryableRpcError>(kind);
    EXPECT_EQ(RetryabilityOf(kind), Retryability::kRetryable);
  }
  for (const auto kind :
       {FailureKind::kCancelled, FailureKind::kUnauthenticated, FailureKind::kPermissionDenied,
        FailureKind::kNotFound, FailureKind::kUnimplemented, FailureKind::kNonexistentAuthority}) {
    ExpectExactly<PersistentRpcError>(kind);
    EXPECT_EQ(RetryabilityOf(kind), Retryability::kPersistent);
  }
  ExpectExactly<RpcError>(FailureKind::kOtherRpc);
  EXPECT_EQ(RetryabilityOf(FailureKind::kOtherRpc), Retryability::kNeither);
}

TEST(Errors, AreThrownFromElsewhereThanWhereTheyAreMade) {
  EXPECT_FALSE(TakeError(Done{}));
  const auto shared = std::make_shared<int>();
  for (int i = 0; i < 3; ++i) {
    const Throwable error = TakeError(Failed{Failure{FailureKind::kPayloadAlreadyExists,
                                                     "a message too long for its object",
                                                     {shared, nullptr}}});
    ASSERT_TRUE(error);
    EXPECT_GT(shared.use_count(), 1);
    try {
      Throw(error);
      FAIL() << "nothing was thrown";
    } catch (const PayloadRegistrationResponseError& caught) {
      EXPECT_EQ(typeid(caught), typeid(PayloadAlreadyExistsError));
      EXPECT_STREQ(caught.what(), "a message too long for its object");
    }
    EXPECT_EQ(shared.use_count(), 1) << "the exception is destroyed when it has been handled";
  }
  EXPECT_EQ(std::uncaught_exceptions(), 0);
}

TEST(Errors, StandInTheDocumentedTree) {
  EXPECT_THROW(ThrowError({FailureKind::kPayloadNotAuthorized, ""}),
               PayloadRegistrationResponseError);
  EXPECT_THROW(ThrowError({FailureKind::kPayloadDoesNotExist, ""}), ResponseError);
  EXPECT_THROW(ThrowError({FailureKind::kUnsetStatus, ""}), ServerError);
  EXPECT_THROW(ThrowError({FailureKind::kInternalServerError, ""}), ResponseError);
  EXPECT_THROW(ThrowError({FailureKind::kTimedOut, ""}), RpcError);
  EXPECT_THROW(ThrowError({FailureKind::kUnimplemented, ""}), RpcError);
  EXPECT_THROW(ThrowError({FailureKind::kOtherRpc, ""}), std::runtime_error);
}

TEST(FailureKind, EveryKindHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int kind = 0; kind < kKinds; ++kind) {
    EXPECT_TRUE(names.insert(ToString(static_cast<FailureKind>(kind))).second) << kind;
  }
  EXPECT_EQ(names.count("unknown failure"), 0U);
  EXPECT_EQ(ToString(static_cast<FailureKind>(kKinds)), "unknown failure");
}

}  // namespace
}  // namespace payload_manager
