// The journal of one robot, for any number of writers, readers and waiters.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "journal/journal_store.h"
#include "mock_robot/journal.h"

namespace mock_robot {

// Where a reader is, and what it is after.
struct JournalCursor {
  JournalFilter filter;
  std::uint64_t next = 1;    // the number of the entry to look at next
  std::uint64_t missed = 0;  // overwritten before it was looked at
};

// Threads: every member from any thread. Only Await and Next block. Whoever writes is never held up
// by readers: they copy out of what is kept, and miss what is kept no longer.
class Journal : public std::enable_shared_from_this<Journal> {
 public:
  explicit Journal(std::size_t capacity, bool keeps_texts = false)
      : keeps_texts_(keeps_texts), store_(capacity) {}

  // Whether those who add should say what was asked and answered.
  bool keeps_texts() const { return keeps_texts_; }

  void Add(const JournalRecord& record);

  std::vector<JournalEntry> Read(const JournalFilter& filter, std::size_t last) const;
  std::uint64_t overwritten() const;
  JournalCount Count(const JournalFilter& filter) const;
  bool Await(const JournalFilter& filter, std::uint64_t count, payload_manager::Duration patience);
  // The same without blocking: runs `reached` once, as soon as so many were answered, or the
  // journal is closed (then perhaps with fewer): on this thread if it is so already, else on the
  // one that writes, under no lock. `key` tells those who wait apart.
  using Reached = std::function<void(std::uint64_t answered)>;
  void WhenAnswered(JournalFilter filter, std::uint64_t count, const void* key, Reached reached);
  // No longer. True if it was waiting: then its `reached` will not run.
  bool Unawait(const void* key);
  std::unique_ptr<JournalReader> Reader(JournalFilter filter, bool from_start);

  // For readers of all kinds.

  JournalCursor Cursor(JournalFilter filter, bool from_start) const;
  // The next entries, at most `most`; moves the cursor. Does not wait.
  std::vector<JournalEntry> Take(JournalCursor& cursor, std::size_t most) const;
  // As Take with one; waits for it up to `patience`, or until Close.
  std::optional<JournalEntry> Next(JournalCursor& cursor, payload_manager::Duration patience);

  // Runs `wake` once, as soon as there is an entry of number `number` or the journal is closed: on
  // this thread if it is so already, else on the one that writes, under no lock. `key` tells
  // sleepers apart; each has one wake at a time.
  void WakeAt(std::uint64_t number, const void* key, std::function<void()> wake);
  // This sleeper has gone. True if it was asleep: its wake will not run. Otherwise its next WakeAt
  // runs at once.
  bool TakeOff(const void* key);
  // The key will not be used again.
  void Forget(const void* key);

  // Nothing new will come: wakes all who wait. Reading goes on to work.
  void Close();
  bool closed() const;

 private:
  struct Awaited {
    JournalFilter filter;
    std::uint64_t seen = 0;
    std::uint64_t wanted = 0;
    const void* key = nullptr;
    Reached reached{};  // none: somebody is blocked in Await
  };
  using Woken = std::vector<std::function<void()>>;

  // Moves what is to run into `woken`, once this entry has been written.
  void TellAwaitingLocked(Woken& woken);
  static std::function<void()> Wake(Awaited& awaited);
  void TakeSleepersLocked(Woken& woken);

  const bool keeps_texts_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;  // for Next
  std::size_t waiters_ = 0;
  std::condition_variable reached_;  // for Await
  std::list<Awaited> awaited_;
  JournalStore store_;
  bool closed_ = false;
  std::map<const void*, std::function<void()>> sleepers_;
  std::set<const void*> gone_;
};

}  // namespace mock_robot
