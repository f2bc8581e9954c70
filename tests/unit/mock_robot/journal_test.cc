// Readers of a journal that has less room than they need. The administration's streams read so:
// what has not been taken while a message is on its way stays in the journal.
#include "journal/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mock_robot {
namespace {

class JournalTest : public ::testing::Test {
 protected:
  void Write(int calls) {
    for (int i = 0; i < calls; ++i) {
      journal_->Add({{FindRpc("RegisterPayload"), "guid", "c"},
                     "127.0.0.1:1",
                     {},
                     true,
                     false,
                     {},
                     {0, 1, 1, false},
                     0});
    }
  }
  std::vector<std::uint64_t> Take(JournalCursor& cursor) {
    std::vector<std::uint64_t> numbers;
    for (const JournalEntry& entry : journal_->Take(cursor, 256)) numbers.push_back(entry.number);
    return numbers;
  }

  std::shared_ptr<Journal> journal_ = std::make_shared<Journal>(4);
};

TEST_F(JournalTest, TellsAReaderThatWasAwayHowManyEntriesItMissed) {
  Write(1);
  JournalCursor cursor = journal_->Cursor({}, true);
  EXPECT_THAT(Take(cursor), ::testing::ElementsAre(1));
  Write(10);
  EXPECT_THAT(Take(cursor), ::testing::ElementsAre(8, 9, 10, 11));
  EXPECT_EQ(cursor.missed, 6u);
  EXPECT_THAT(Take(cursor), ::testing::IsEmpty());
  EXPECT_EQ(cursor.missed, 6u);
}

TEST_F(JournalTest, WakesASleeperOnceAndLetsItMissNothingThatIsKept) {
  JournalCursor cursor = journal_->Cursor({}, false);
  int woken = 0;
  journal_->WakeAt(cursor.next, this, [&woken] { ++woken; });
  EXPECT_EQ(woken, 0);
  Write(6);
  EXPECT_EQ(woken, 1);
  EXPECT_THAT(Take(cursor), ::testing::ElementsAre(3, 4, 5, 6));
  EXPECT_EQ(cursor.missed, 2u);
}

TEST_F(JournalTest, CountsAsMissedAlsoWhatTheReaderDidNotAskFor) {
  JournalCursor cursor = journal_->Cursor({.guid = "another"}, false);
  Write(6);
  EXPECT_THAT(Take(cursor), ::testing::IsEmpty());
  EXPECT_EQ(cursor.missed, 2u);
}

TEST_F(JournalTest, TellsOnceWhenSoManyCallsWereAnswered) {
  std::vector<std::uint64_t> told;
  const auto tell = [&told](std::uint64_t answered) { told.push_back(answered); };
  Write(1);
  journal_->WhenAnswered({}, 1, &told, tell);
  EXPECT_THAT(told, ::testing::ElementsAre(1));
  journal_->WhenAnswered({.guid = "guid"}, 3, &told, tell);
  journal_->WhenAnswered({.guid = "another"}, 1, this, tell);
  Write(1);
  EXPECT_THAT(told, ::testing::ElementsAre(1));
  Write(6);
  EXPECT_THAT(told, ::testing::ElementsAre(1, 3));
  EXPECT_FALSE(journal_->Unawait(&told));
}

TEST_F(JournalTest, TellsNobodyWhoNoLongerWaits) {
  int told = 0;
  journal_->WhenAnswered({}, 1, this, [&told](std::uint64_t) { ++told; });
  EXPECT_TRUE(journal_->Unawait(this));
  Write(1);
  journal_->Close();
  EXPECT_EQ(told, 0);
}

TEST_F(JournalTest, TellsThoseWhoWaitThatNothingWillCome) {
  std::vector<std::uint64_t> told;
  const auto tell = [&told](std::uint64_t answered) { told.push_back(answered); };
  journal_->WhenAnswered({}, 2, &told, tell);
  Write(1);
  journal_->Close();
  EXPECT_THAT(told, ::testing::ElementsAre(1));
  journal_->WhenAnswered({}, 2, &told, tell);
  EXPECT_THAT(told, ::testing::ElementsAre(1, 1));
}

}  // namespace
}  // namespace mock_robot
