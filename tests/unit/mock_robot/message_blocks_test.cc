#include "services/message_blocks.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace mock_robot {
namespace {

TEST(MessageBlocks, HandsOutAgainWhatCameBack) {
  MessageBlocks blocks;
  void* const first = blocks.Take();
  blocks.Give(first);
  void* const second = blocks.Take();
  EXPECT_EQ(first, second);
  void* const third = blocks.Take();
  EXPECT_NE(second, third);
  blocks.Give(second);
  blocks.Give(third);
}

TEST(MessageBlocks, HasOneForEachCallHoweverManyAreInFlight) {
  MessageBlocks blocks;
  std::set<void*> taken;
  for (std::size_t i = 0; i < 2 * MessageBlocks::kMostIdle; ++i) taken.insert(blocks.Take());
  EXPECT_EQ(taken.size(), 2 * MessageBlocks::kMostIdle);
  for (void* block : taken) blocks.Give(block);  // half of them go back to the system
}

}  // namespace
}  // namespace mock_robot
