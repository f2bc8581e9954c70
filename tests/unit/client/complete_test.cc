#include "rpc/complete.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

namespace payload_manager {
namespace {

TEST(Complete, MarksTheThreadAndLetsGoOfWhatTheCompletionHeld) {
  auto held = std::make_shared<int>();
  const std::weak_ptr<int> watched = held;
  bool marked = false;
  Complete<Done>(
      [held = std::move(held), &marked](const Outcome<Done>&) { marked = InCompletion(); }, Done{});
  EXPECT_TRUE(marked);
  EXPECT_FALSE(InCompletion());
  EXPECT_TRUE(watched.expired());
}

TEST(CompleteDeathTest, AnExceptionOfACompletionEndsTheProcessWhoeverCalled) {
  const auto swallowed = [] {
    try {
      Complete<Done>([](const Outcome<Done>&) { throw std::runtime_error("from a completion"); },
                     Done{});
    } catch (const std::exception&) {  // as one around an asynchronous verb would
    }
  };
  EXPECT_DEATH(swallowed(), "from a completion");
}

}  // namespace
}  // namespace payload_manager
