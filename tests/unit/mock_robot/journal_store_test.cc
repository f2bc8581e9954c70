// What a journal remembers.
#include "journal/journal_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mock_robot {
namespace {

class JournalStoreTest : public ::testing::Test {
 protected:
  void Answer(const std::string& guid, int status = 1, const std::string& client = "c") {
    store_.Add({{FindRpc("RegisterPayload"), guid, client},
                "127.0.0.1:1",
                {},
                true,
                false,
                {},
                {0, 1, status, false},
                0});
  }
  JournalStore store_{4};
};

TEST_F(JournalStoreTest, KeepsTheLatestAndNumbersAll) {
  for (int i = 0; i < 10; ++i) Answer("guid-" + std::to_string(i));
  EXPECT_EQ(store_.first(), 7u);
  EXPECT_EQ(store_.next(), 11u);
  EXPECT_EQ(store_.At(7).guid, "guid-6");
  EXPECT_EQ(store_.At(10).guid, "guid-9");
  EXPECT_EQ(store_.Count({}).answered, 10u);
}

TEST_F(JournalStoreTest, CountsByOutcomeAndKeepsGuidsAsTheyCame) {
  Answer("Guid", 1);
  Answer("guid", 2);
  Answer("guid", 2);
  EXPECT_EQ(store_.At(1).guid, "Guid");
  EXPECT_EQ(store_.Count({.guid = "GUID"}).answered, 3u);
  EXPECT_EQ(store_.Count({.guid = "GUID", .outcome = "STATUS_ALREADY_EXISTS"}).answered, 2u);
}

TEST_F(JournalStoreTest, ShortensNamesAndFindsThemStill) {
  const std::string wild(100'000, 'x');
  Answer(wild);
  EXPECT_LT(store_.At(1).guid.size(), 200u);
  EXPECT_TRUE(store_.Agrees(1, {.guid = wild}));
  EXPECT_EQ(store_.Count({.guid = wild}).answered, 1u);
}

TEST_F(JournalStoreTest, SaysWhenNamesWereTooManyToCount) {
  for (std::size_t i = 0; i < JournalStore::kMostRows; ++i) Answer("guid-" + std::to_string(i));
  EXPECT_TRUE(store_.Count({.guid = "guid-0"}).exact);
  for (int i = 0; i < 3; ++i) Answer("one too many");
  const JournalCount count = store_.Count({.guid = "guid-0"});
  EXPECT_EQ(count.answered, 1u);
  EXPECT_FALSE(count.exact);
  // Entries have their names all the same, and all calls are counted.
  EXPECT_EQ(store_.At(store_.next() - 1).guid, "one too many");
  EXPECT_EQ(store_.Count({.rpc = "RegisterPayload"}).answered, JournalStore::kMostRows + 3);
  EXPECT_TRUE(store_.Count({.rpc = "RegisterPayload"}).exact);
}

TEST_F(JournalStoreTest, CountsAnyNumberOfMadeUpOutcomes) {
  for (int i = 0; i < 1000; ++i) Answer("guid", i);
  EXPECT_EQ(store_.Count({.guid = "guid"}).answered, 1000u);
  EXPECT_TRUE(store_.Count({.guid = "guid"}).exact);
  EXPECT_FALSE(store_.Count({.guid = "guid", .outcome = "999"}).exact);
}

}  // namespace
}  // namespace mock_robot
