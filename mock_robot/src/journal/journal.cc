#include "journal/journal.h"

#include <algorithm>
#include <utility>

namespace mock_robot {

using payload_manager::Duration;

namespace {

class ReaderOfJournal final : public JournalReader {
 public:
  ReaderOfJournal(std::shared_ptr<Journal> journal, JournalFilter filter, bool from_start)
      : journal_(std::move(journal)), cursor_(journal_->Cursor(std::move(filter), from_start)) {}

  std::optional<JournalEntry> Next(Duration patience) override {
    return journal_->Next(cursor_, patience);
  }
  std::uint64_t missed() const override { return cursor_.missed; }

 private:
  const std::shared_ptr<Journal> journal_;
  JournalCursor cursor_;
};

}  // namespace

void Journal::Add(const JournalRecord& record) {
  Woken woken;
  {
    const std::lock_guard lock(mutex_);
    store_.Add(record);
    if (!awaited_.empty() && record.answered) TellAwaitingLocked(woken);
    if (waiters_ != 0) changed_.notify_all();
    if (!sleepers_.empty()) TakeSleepersLocked(woken);
  }
  for (const auto& wake : woken) wake();
}

void Journal::TellAwaitingLocked(Woken& woken) {
  for (auto awaited = awaited_.begin(); awaited != awaited_.end();) {
    const auto current = awaited++;
    if (!store_.Agrees(store_.next() - 1, current->filter)) continue;
    if (++current->seen < current->wanted) continue;
    if (current->reached) {
      woken.push_back(Wake(*current));
      awaited_.erase(current);
    } else {
      reached_.notify_all();
    }
  }
}

std::function<void()> Journal::Wake(Awaited& awaited) {
  return [reached = std::move(awaited.reached), seen = awaited.seen] { reached(seen); };
}

void Journal::TakeSleepersLocked(Woken& woken) {
  for (auto& [key, wake] : sleepers_) woken.push_back(std::move(wake));
  sleepers_.clear();
}

std::vector<JournalEntry> Journal::Read(const JournalFilter& filter, std::size_t last) const {
  std::vector<JournalEntry> entries;
  const std::lock_guard lock(mutex_);
  for (std::uint64_t number = store_.next(); number > store_.first() && entries.size() < last;) {
    --number;
    if (store_.Agrees(number, filter)) entries.push_back(store_.At(number));
  }
  std::reverse(entries.begin(), entries.end());
  return entries;
}

std::uint64_t Journal::overwritten() const {
  const std::lock_guard lock(mutex_);
  return store_.first() - 1;
}

JournalCount Journal::Count(const JournalFilter& filter) const {
  const std::lock_guard lock(mutex_);
  return store_.Count(filter);
}

// Counting all rows anew for every call would hold the writers up: this counts on as they come.
bool Journal::Await(const JournalFilter& filter, std::uint64_t count, Duration patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::unique_lock lock(mutex_);
  const auto awaited =
      awaited_.insert(awaited_.end(), {filter, store_.Count(filter).answered, count, nullptr, {}});
  reached_.wait_until(lock, deadline, [&] { return awaited->seen >= count || closed_; });
  const bool reached = awaited->seen >= count;
  awaited_.erase(awaited);
  return reached;
}

void Journal::WhenAnswered(JournalFilter filter, std::uint64_t count, const void* key,
                           Reached reached) {
  std::uint64_t seen = 0;
  {
    const std::lock_guard lock(mutex_);
    seen = store_.Count(filter).answered;
    if (seen < count && !closed_) {
      awaited_.push_back({std::move(filter), seen, count, key, std::move(reached)});
      return;
    }
  }
  reached(seen);
}

bool Journal::Unawait(const void* key) {
  const std::lock_guard lock(mutex_);
  return awaited_.remove_if([key](const Awaited& awaited) { return awaited.key == key; }) != 0;
}

std::unique_ptr<JournalReader> Journal::Reader(JournalFilter filter, bool from_start) {
  return std::make_unique<ReaderOfJournal>(shared_from_this(), std::move(filter), from_start);
}

JournalCursor Journal::Cursor(JournalFilter filter, bool from_start) const {
  const std::lock_guard lock(mutex_);
  return {std::move(filter), from_start ? store_.first() : store_.next(), 0};
}

std::vector<JournalEntry> Journal::Take(JournalCursor& cursor, std::size_t most) const {
  std::vector<JournalEntry> entries;
  const std::lock_guard lock(mutex_);
  if (cursor.next < store_.first()) {
    cursor.missed += store_.first() - cursor.next;
    cursor.next = store_.first();
  }
  while (cursor.next < store_.next() && entries.size() < most) {
    if (store_.Agrees(cursor.next, cursor.filter)) entries.push_back(store_.At(cursor.next));
    ++cursor.next;
  }
  return entries;
}

std::optional<JournalEntry> Journal::Next(JournalCursor& cursor, Duration patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    std::vector<JournalEntry> entries = Take(cursor, 1);
    if (!entries.empty()) return std::move(entries.front());
    std::unique_lock lock(mutex_);
    ++waiters_;
    const bool more =
        changed_.wait_until(lock, deadline, [&] { return store_.next() > cursor.next || closed_; });
    --waiters_;
    if (!more || store_.next() <= cursor.next) return std::nullopt;
  }
}

void Journal::WakeAt(std::uint64_t number, const void* key, std::function<void()> wake) {
  {
    const std::lock_guard lock(mutex_);
    const bool now = store_.next() > number || closed_ || gone_.count(key) != 0;
    if (!now) {
      sleepers_[key] = std::move(wake);
      return;
    }
  }
  wake();
}

bool Journal::TakeOff(const void* key) {
  const std::lock_guard lock(mutex_);
  gone_.insert(key);
  return sleepers_.erase(key) != 0;
}

void Journal::Forget(const void* key) {
  const std::lock_guard lock(mutex_);
  gone_.erase(key);
}

void Journal::Close() {
  Woken woken;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
    reached_.notify_all();
    for (Awaited& awaited : awaited_) {
      if (awaited.reached) woken.push_back(Wake(awaited));
    }
    // Those blocked in Await take themselves off.
    awaited_.remove_if([](const Awaited& awaited) { return awaited.key != nullptr; });
    TakeSleepersLocked(woken);
  }
  for (const auto& wake : woken) wake();
}

bool Journal::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace mock_robot
