// Any byte of a state file may go bad: the file is refused and left alone, or the byte meant
// nothing.
#include <random>

#include "tests/unit/mock_robot_store/state_folder.h"

namespace mock_robot::testing {
namespace {

class StateFileDamage : public StateFolder {
 protected:
  // Refused and untouched, or as if nothing had happened.
  void ExpectHarmless(const std::string& damaged, const std::string& meant) {
    Write(damaged);
    const auto opened = OpenStateFile(file_);
    if (opened.ok()) {
      ++accepted_;
      EXPECT_EQ(TextOf(opened->kept), meant);
      return;
    }
    ++refused_;
    EXPECT_TRUE(ContentOf(file_) == damaged);
    EXPECT_EQ(Contents().size(), 1u) << "something was left beside it";
  }

  int accepted_ = 0;
  int refused_ = 0;
};

TEST_F(StateFileDamage, OfAnyOneByteIsSeenOrMeansNothing) {
  const Changes changes = SomeChanges();
  {
    const OpenedState state = Open();
    ASSERT_TRUE(state.store->Write({&changes}).ok());
  }
  const std::string good = ContentOf(file_);
  // A third of the bytes that are not zero, and few of the others: those are mostly empty space.
  std::mt19937 random(20260101);
  for (std::size_t i = 0; i < good.size(); ++i) {
    if (random() % (good[i] == 0 ? 128 : 3) != 0) continue;
    std::string damaged = good;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << random() % 8));
    SCOPED_TRACE("byte " + std::to_string(i));
    ExpectHarmless(damaged, TextOf(changes));
  }
  EXPECT_GT(refused_, accepted_);
}

TEST_F(StateFileDamage, ByATruncationIsSeen) {
  const Changes changes = SomeChanges();
  {
    const OpenedState state = Open();
    ASSERT_TRUE(state.store->Write({&changes}).ok());
  }
  const std::string good = ContentOf(file_);
  for (std::size_t size = 1; size < good.size(); size += 509) {
    SCOPED_TRACE("cut to " + std::to_string(size));
    ExpectHarmless(good.substr(0, size), TextOf(changes));
  }
  EXPECT_EQ(accepted_, 0);
}

}  // namespace
}  // namespace mock_robot::testing
