#include "session/outage.h"

#include <gtest/gtest.h>

namespace payload_manager {
namespace {

TEST(Outage, ALostConnectionIsOneWhateverTheCall) {
  for (const auto call : {CallKind::kRegister, CallKind::kToken, CallKind::kRefresh,
                          CallKind::kList, CallKind::kVersion, CallKind::kAttach}) {
    EXPECT_TRUE(IsOutage(call, FailureKind::kUnableToConnect));
    EXPECT_TRUE(IsOutage(call, FailureKind::kConnectionLost));
    EXPECT_TRUE(IsOutage(call, FailureKind::kTimedOut));
    EXPECT_TRUE(IsOutage(call, FailureKind::kServiceUnavailable));
    EXPECT_TRUE(IsOutage(call, FailureKind::kProxyFailure));
  }
}

TEST(Outage, AnAnswerIsNone) {
  for (const auto call : {CallKind::kRegister, CallKind::kToken, CallKind::kList}) {
    EXPECT_FALSE(IsOutage(call, FailureKind::kTooManyRequests));
    EXPECT_FALSE(IsOutage(call, FailureKind::kInvalidRequest));
    EXPECT_FALSE(IsOutage(call, FailureKind::kInternalServerError));
    EXPECT_FALSE(IsOutage(call, FailureKind::kUnsetStatus));
    EXPECT_FALSE(IsOutage(call, FailureKind::kPayloadAlreadyExists));
    EXPECT_FALSE(IsOutage(call, FailureKind::kInvalidPayloadCredentials));
  }
}

TEST(Outage, OnlyRegistrationMustNeverBeRefusedByTheTransport) {
  EXPECT_TRUE(IsOutage(CallKind::kRegister, FailureKind::kNonexistentAuthority));
  EXPECT_TRUE(IsOutage(CallKind::kToken, FailureKind::kUnimplemented));
  EXPECT_FALSE(IsOutage(CallKind::kList, FailureKind::kUnauthenticated));
  EXPECT_FALSE(IsOutage(CallKind::kRefresh, FailureKind::kUnimplemented));
}

}  // namespace
}  // namespace payload_manager
