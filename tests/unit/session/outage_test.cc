#include "session/outage.h"

#include <gtest/gtest.h>

namespace payload_manager {
namespace {

constexpr CallKind kJudges[] = {CallKind::kRegister, CallKind::kToken};
constexpr CallKind kOthers[] = {CallKind::kRefresh, CallKind::kList, CallKind::kVersion,
                                CallKind::kAttach, CallKind::kDetach};
constexpr FailureKind kLosses[] = {FailureKind::kUnableToConnect, FailureKind::kConnectionLost,
                                   FailureKind::kTimedOut, FailureKind::kServiceUnavailable,
                                   FailureKind::kProxyFailure};

TEST(Outage, IsALossOfACallThatJudgesTheRobot) {
  for (const FailureKind loss : kLosses) {
    EXPECT_TRUE(IsLoss(loss)) << ToString(loss);
    for (const CallKind call : kJudges) EXPECT_TRUE(IsOutage(call, loss)) << ToString(loss);
    for (const CallKind call : kOthers) EXPECT_FALSE(IsOutage(call, loss)) << ToString(loss);
  }
}

TEST(Outage, IsARobotWithoutTheServiceItHasToHave) {
  for (const FailureKind kind : {FailureKind::kUnimplemented, FailureKind::kNonexistentAuthority,
                                 FailureKind::kNotFound, FailureKind::kShutDown}) {
    EXPECT_FALSE(IsLoss(kind)) << ToString(kind);
    for (const CallKind call : kJudges) EXPECT_TRUE(IsOutage(call, kind)) << ToString(kind);
    for (const CallKind call : kOthers) EXPECT_FALSE(IsOutage(call, kind)) << ToString(kind);
  }
}

TEST(Outage, IsNotWhatWentWrongWithOneCall) {
  for (const FailureKind kind : {FailureKind::kFailedDuringExecution, FailureKind::kOtherRpc,
                                 FailureKind::kCancelled, FailureKind::kResponseTooLarge,
                                 FailureKind::kUnauthenticated, FailureKind::kPermissionDenied}) {
    EXPECT_FALSE(IsLoss(kind)) << ToString(kind);
    for (const CallKind call : kJudges) EXPECT_FALSE(IsOutage(call, kind)) << ToString(kind);
    for (const CallKind call : kOthers) EXPECT_FALSE(IsOutage(call, kind)) << ToString(kind);
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

TEST(Outage, WhatWasRefusedOrNotSentHasNotBeenDoneAndTheRestMayHave) {
  using enum FailureKind;
  for (const FailureKind kind : {kConnectionLost, kTimedOut, kProxyFailure, kServiceUnavailable,
                                 kCancelled, kResponseTooLarge, kInternalServerError, kUnsetStatus,
                                 kUnknownResponse, kFailedDuringExecution, kOtherRpc}) {
    EXPECT_TRUE(MayHaveBeenDone(kind)) << ToString(kind);
  }
  for (const FailureKind kind :
       {kUnableToConnect, kTooManyRequests, kInvalidArgument, kShutDown, kUnauthenticated,
        kPermissionDenied, kNotFound, kUnimplemented, kNonexistentAuthority, kInvalidRequest,
        kInvalidPayloadCredentials, kPayloadNotAuthorized, kPayloadDoesNotExist}) {
    EXPECT_FALSE(MayHaveBeenDone(kind)) << ToString(kind);
  }
}

}  // namespace
}  // namespace payload_manager
