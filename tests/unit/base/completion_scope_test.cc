#include "payload_manager/base/completion_scope.h"

#include <gtest/gtest.h>

#include <thread>

namespace payload_manager {
namespace {

TEST(CompletionScopeTest, MarksItsThreadWhileItLives) {
  EXPECT_FALSE(InCompletion());
  {
    const CompletionScope scope;
    EXPECT_TRUE(InCompletion());
  }
  EXPECT_FALSE(InCompletion());
}

TEST(CompletionScopeTest, TheOuterOneHoldsWhenTheInnerOneEnds) {
  const CompletionScope outer;
  { const CompletionScope inner; }
  EXPECT_TRUE(InCompletion());
}

TEST(CompletionScopeTest, MarksNoOtherThread) {
  const CompletionScope scope;
  bool elsewhere = true;
  std::thread([&elsewhere] { elsewhere = InCompletion(); }).join();
  EXPECT_FALSE(elsewhere);
}

}  // namespace
}  // namespace payload_manager
