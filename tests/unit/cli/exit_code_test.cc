#include "tools/cli/exit_code.h"

#include <gtest/gtest.h>

namespace payload_manager::cli {
namespace {

int CodeFor(FailureKind kind) { return static_cast<int>(ExitCodeFor(kind)); }

// Numbers, not names: scripts know the numbers.
TEST(ExitCodes, ArePromisedForEveryFailureAScriptMayMeet) {
  EXPECT_EQ(CodeFor(FailureKind::kInvalidRequest), 2);
  EXPECT_EQ(CodeFor(FailureKind::kInvalidArgument), 2);
  EXPECT_EQ(CodeFor(FailureKind::kUnableToConnect), 3);
  EXPECT_EQ(CodeFor(FailureKind::kConnectionLost), 3);
  EXPECT_EQ(CodeFor(FailureKind::kTimedOut), 3);
  EXPECT_EQ(CodeFor(FailureKind::kNonexistentAuthority), 3);
  EXPECT_EQ(CodeFor(FailureKind::kUnsetStatus), 3);
  EXPECT_EQ(CodeFor(FailureKind::kPayloadAlreadyExists), 4);
  EXPECT_EQ(CodeFor(FailureKind::kInvalidPayloadCredentials), 5);
  EXPECT_EQ(CodeFor(FailureKind::kInvalidLogin), 5);
  EXPECT_EQ(CodeFor(FailureKind::kPayloadNotAuthorized), 6);
  EXPECT_EQ(CodeFor(FailureKind::kUnauthenticated), 6);
  EXPECT_EQ(CodeFor(FailureKind::kPayloadDoesNotExist), 8);
}

TEST(ExitCodes, NoFailureIsSuccess) {
  for (int kind = 0; kind <= static_cast<int>(FailureKind::kTemporarilyLockedOut); ++kind) {
    EXPECT_NE(CodeFor(static_cast<FailureKind>(kind)), 0) << "kind " << kind;
  }
}

}  // namespace
}  // namespace payload_manager::cli
