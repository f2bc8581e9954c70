#include "store/commit_queue.h"

#include <atomic>
#include <future>

#include "tests/unit/mock_robot_store/fake_store.h"

namespace mock_robot::testing {
namespace {

using payload_manager::Problem;

Changes ChangeOf(const std::string& guid) {
  PayloadRecord record;
  bosdyn::api::Payload payload;
  payload.set_guid(guid);
  record.Define(payload);
  Changes changes;
  changes.payloads.push_back({guid, std::nullopt, record});
  return changes;
}

class CommitQueueTest : public ::testing::Test {
 protected:
  // As a robot does: under its own lock.
  Ticket Append(const std::string& guid) {
    const std::lock_guard lock(mutex_);
    return queue_.Append(ChangeOf(guid));
  }
  void Undo(const Problem& problem) {
    const std::lock_guard lock(mutex_);
    problem_ = problem.message;
    for (const Changes& changes : queue_.TakeBack()) {
      undone_.push_back(changes.payloads.front().guid);
    }
  }

  std::shared_ptr<FakeDisk> disk_ = std::make_shared<FakeDisk>();
  std::mutex mutex_;
  std::string problem_;
  std::vector<std::string> undone_;
  CommitQueue queue_{std::make_unique<FakeStore>(disk_), [this](const Problem& p) { Undo(p); }};
};

TEST_F(CommitQueueTest, TellsOfAChangeWhenItIsOnTheDisk) {
  disk_->Stall();
  const Ticket ticket = Append("a");
  std::promise<bool> told;
  std::future<bool> kept = told.get_future();
  queue_.Then(ticket, [&](bool is_kept) { told.set_value(is_kept); });
  disk_->WaitForAWrite();
  EXPECT_EQ(kept.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  disk_->GoOn();
  EXPECT_TRUE(kept.get());
  EXPECT_EQ(disk_->payloads().count("a"), 1u);
}

TEST_F(CommitQueueTest, TellsAtOnceWhatIsKnown) {
  const Ticket ticket = Append("a");
  EXPECT_TRUE(queue_.Wait(ticket));
  bool told = false;
  queue_.Then(ticket, [&](bool kept) { told = kept; });
  EXPECT_TRUE(told);
  told = false;
  queue_.Then(nullptr, [&](bool kept) { told = kept; });
  EXPECT_TRUE(told);
  EXPECT_TRUE(queue_.Wait(nullptr));
}

TEST_F(CommitQueueTest, WritesAllThatCameDuringACommitInTheNextOne) {
  disk_->Stall();
  Append("first");
  disk_->WaitForAWrite();
  Ticket last;
  for (int i = 0; i < 63; ++i) last = Append(std::to_string(i));
  disk_->GoOn();
  EXPECT_TRUE(queue_.Wait(last));
  EXPECT_THAT(disk_->commits(), ::testing::ElementsAre(1, 63));
  EXPECT_EQ(queue_.commits(), 2u);
}

TEST_F(CommitQueueTest, FindsTheLatestUnwrittenChangeOfAPayload) {
  disk_->Stall();
  const Ticket first = Append("a");
  const Ticket second = Append("b");
  EXPECT_EQ(queue_.Touching("a"), first);
  EXPECT_EQ(queue_.Touching("b"), second);
  EXPECT_EQ(queue_.Touching("c"), nullptr);
  EXPECT_EQ(queue_.Last(), second);
  const Ticket third = Append("a");
  EXPECT_EQ(queue_.Touching("a"), third);
  disk_->GoOn();
  EXPECT_TRUE(queue_.Wait(third));
  EXPECT_EQ(queue_.Touching("a"), nullptr);
  EXPECT_EQ(queue_.Touching("b"), nullptr);
  EXPECT_EQ(queue_.Last(), nullptr);
}

TEST_F(CommitQueueTest, FindsWhatIsUnwrittenAmongMuchThatIsWritten) {
  const auto name = [](int i) { return "Payload-" + std::to_string(i); };
  for (int i = 0; i < 300; ++i) {
    const Ticket ticket = Append(name(i));
    if (i % 50 == 49) {
      EXPECT_TRUE(queue_.Wait(ticket));
    }
  }
  disk_->Stall();
  const Ticket first = Append(name(7));
  std::vector<Ticket> later;
  for (int i = 100; i < 300; ++i) later.push_back(Append(name(i)));
  EXPECT_EQ(queue_.Touching("payload-7"), first);
  for (int i = 0; i < 100; ++i) {
    if (i != 7) {
      EXPECT_EQ(queue_.Touching(name(i)), nullptr) << i;
    }
  }
  for (int i = 100; i < 300; ++i) EXPECT_EQ(queue_.Touching(name(i)), later[i - 100]) << i;
  disk_->GoOn();
  EXPECT_TRUE(queue_.Wait(later.back()));
  EXPECT_EQ(queue_.Touching(name(299)), nullptr);
}

TEST_F(CommitQueueTest, ANewKeyIsNewsForEveryPayloadUntilItIsWritten) {
  disk_->Stall();
  const Ticket payload = Append("a");
  disk_->WaitForAWrite();
  Changes changes;
  changes.signing_key.emplace();
  const Ticket key = queue_.Append(std::move(changes));
  const Ticket other = Append("b");
  EXPECT_EQ(queue_.Touching("a"), key);
  EXPECT_EQ(queue_.Touching("b"), other);
  EXPECT_EQ(queue_.Touching("c"), key);
  disk_->GoOn();
  EXPECT_TRUE(queue_.Wait(other));
  EXPECT_EQ(queue_.Touching("c"), nullptr);
}

TEST_F(CommitQueueTest, WhatFailedHasFailedForGoodWhateverIsKeptLater) {
  disk_->Stall();
  const Ticket writing = Append("a");
  disk_->WaitForAWrite();
  const Ticket waiting = Append("b");
  disk_->Fail();
  disk_->GoOn();
  EXPECT_FALSE(queue_.Wait(waiting));
  disk_->Fail(false);
  const Ticket kept = Append("b");
  EXPECT_TRUE(queue_.Wait(kept));
  EXPECT_EQ(queue_.kept_up_to(), queue_.NumberOf(kept));
  for (const Ticket& failed : {writing, waiting}) {
    EXPECT_FALSE(queue_.Wait(failed));
    bool told = true;
    queue_.Then(failed, [&](bool is_kept) { told = is_kept; });
    EXPECT_FALSE(told);
  }
  disk_->Stall();
  const Ticket next = Append("c");
  EXPECT_EQ(queue_.Touching("c"), next);
  EXPECT_EQ(queue_.Touching("a"), nullptr);
  EXPECT_EQ(queue_.Last(), next);
  disk_->GoOn();
}

TEST_F(CommitQueueTest, TakesEverythingUnwrittenBackNewestFirstIfTheDiskFails) {
  disk_->Stall();
  const Ticket first = Append("a");
  disk_->WaitForAWrite();
  const Ticket second = Append("b");
  const Ticket third = Append("c");
  disk_->Fail();
  disk_->GoOn();
  EXPECT_FALSE(queue_.Wait(third));
  EXPECT_FALSE(queue_.Wait(second));
  EXPECT_FALSE(queue_.Wait(first));
  EXPECT_THAT(undone_, ::testing::ElementsAre("c", "b", "a"));
  EXPECT_EQ(problem_, "the disk is full");
  EXPECT_EQ(queue_.Last(), nullptr);
  EXPECT_EQ(queue_.Touching("a"), nullptr);
  EXPECT_TRUE(disk_->payloads().empty());
}

TEST_F(CommitQueueTest, TriesTheNextChangeAnewAfterAFailure) {
  disk_->Fail();
  EXPECT_FALSE(queue_.Wait(Append("a")));
  disk_->Fail(false);
  EXPECT_TRUE(queue_.Wait(Append("b")));
  EXPECT_THAT(undone_, ::testing::ElementsAre("a"));
}

TEST_F(CommitQueueTest, RunsJobsBetweenCommits) {
  std::promise<std::thread::id> ran;
  queue_.Run([&] { ran.set_value(std::this_thread::get_id()); });
  EXPECT_NE(ran.get_future().get(), std::this_thread::get_id());
  EXPECT_TRUE(queue_.Wait(Append("a")));
}

TEST(CommitQueueEnd, WritesWhatIsQueuedBeforeItEnds) {
  const auto disk = std::make_shared<FakeDisk>();
  std::atomic<int> kept = 0;
  {
    CommitQueue queue(std::make_unique<FakeStore>(disk), [](const Problem&) {});
    disk->Stall();
    for (const char* guid : {"a", "b", "c"}) {
      queue.Then(queue.Append(ChangeOf(guid)), [&](bool is_kept) { kept += is_kept ? 1 : 0; });
    }
    disk->GoOn();
  }
  EXPECT_EQ(disk->payloads().size(), 3u);
  EXPECT_EQ(kept, 3);
}

TEST(CommitQueueThreads, EachChangeOfManyThreadsIsToldOnceAndStaysInItsOrder) {
  const auto disk = std::make_shared<FakeDisk>();
  constexpr int kThreads = 4;
  constexpr int kEach = 200;
  std::atomic<int> told = 0;
  std::atomic<int> undone = 0;
  CommitQueue* self = nullptr;
  std::mutex mutex;
  CommitQueue queue(std::make_unique<FakeStore>(disk), [&](const Problem&) {
    const std::lock_guard lock(mutex);
    undone += static_cast<int>(self->TakeBack().size());
  });
  self = &queue;
  std::atomic<int> kept = 0;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        if (i == kEach / 2) disk->Fail(t % 2 == 0);
        Ticket ticket;
        {
          const std::lock_guard lock(mutex);
          ticket = queue.Append(ChangeOf(std::to_string(t) + "-" + std::to_string(i)));
        }
        queue.Then(ticket, [&](bool is_kept) {
          ++told;
          kept += is_kept ? 1 : 0;
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  disk->Fail(false);
  int tries = 1;  // a write that began to fail earlier may still take it back
  const auto last_is_kept = [&] {
    std::promise<bool> last;  // told after all that were queued before
    const Ticket ticket = queue.Append(ChangeOf("last"));
    queue.Then(ticket, [&](bool is_kept) { last.set_value(is_kept); });
    return last.get_future().get();
  };
  while (!last_is_kept()) ++tries;
  EXPECT_EQ(told, kThreads * kEach);
  EXPECT_EQ(kept + undone, kThreads * kEach + tries - 1);
  EXPECT_EQ(disk->payloads().size(), static_cast<std::size_t>(kept) + 1);
}

}  // namespace
}  // namespace mock_robot::testing
