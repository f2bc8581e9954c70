#include "store/commit_queue.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include "registry/text.h"
#include "store/state_rows.h"

namespace mock_robot {

using payload_manager::Checked;
using payload_manager::Done;

// Under the queue's lock, except that the writer alone has `changes` while it writes them, and
// `completions` once it is known how they end: nobody adds any then.
class Commit {
 public:
  explicit Commit(Changes what) : changes(std::move(what)) {}

  Changes changes;
  std::uint64_t number = 0;  // grows by one from one to the next
  bool taken_back = false;
  std::vector<std::function<void(bool)>> completions;
};

namespace {

// A call changes one payload, and what can be worked out about its row need not wait for the
// writer, who is what all wait for. A reboot may change them all: that would hold up the caller,
// who has a lock, for long.
constexpr std::size_t kMostRows = 16;

// So many written changes may wait for a caller to destroy them.
constexpr std::size_t kMostSpent = 1024;

// So many GUIDs are indexed, written or not, before the written ones are looked for.
constexpr std::size_t kFewGuids = 64;

std::vector<std::string> LowerCaseGuids(const std::vector<PayloadChange>& changes) {
  std::vector<std::string> guids;
  guids.reserve(changes.size());
  for (const PayloadChange& change : changes) guids.push_back(LowerCase(change.guid));
  return guids;
}

}  // namespace

CommitQueue::CommitQueue(std::unique_ptr<Store> store,
                         std::function<void(const payload_manager::Problem&)> undo)
    : store_(std::move(store)),
      undo_(std::move(undo)),
      clear_by_guid_at_(kFewGuids),
      writer_([this] { WriterMain(); }) {}

CommitQueue::~CommitQueue() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    news_.notify_one();
  }
  writer_.join();
}

Ticket CommitQueue::Append(Changes changes) {
  if (changes.payloads.size() <= kMostRows) changes.rows = RowsOf(changes.payloads);
  std::vector<std::string> guids = LowerCaseGuids(changes.payloads);
  Ticket ticket(std::make_shared<Commit>(std::move(changes)));
  {
    const std::lock_guard lock(mutex_);
    ticket->number = ++last_number_;
    Index(std::move(guids), ticket->number);
    if (ticket->changes.signing_key) of_key_ = ticket->number;
    queued_.push_back(ticket);
  }
  news_.notify_one();
  return ticket;
}

// What is on the disk leaves the index when that has grown to twice what was left the last time:
// seldom, all at once, and not while all wait for the writer.
void CommitQueue::Index(std::vector<std::string> guids, std::uint64_t number) {
  for (std::string& guid : guids) by_guid_[std::move(guid)] = number;
  if (by_guid_.size() < clear_by_guid_at_) return;
  std::erase_if(by_guid_, [this](const auto& entry) { return entry.second <= kept_up_to_; });
  clear_by_guid_at_ = std::max(kFewGuids, 2 * by_guid_.size());
}

Ticket CommitQueue::Unwritten(std::uint64_t number) const {
  if (number <= kept_up_to_) return nullptr;
  const Tickets& among = queued_.empty() || number < queued_.front()->number ? writing_ : queued_;
  return among[number - among.front()->number];
}

Ticket CommitQueue::Touching(std::string_view guid) const {
  const std::string key = LowerCase(guid);
  const std::lock_guard lock(mutex_);
  const auto found = by_guid_.find(key);
  return Unwritten(found == by_guid_.end() ? of_key_ : std::max(of_key_, found->second));
}

Ticket CommitQueue::Last() const {
  const std::lock_guard lock(mutex_);
  if (!queued_.empty()) return queued_.back();
  return writing_.empty() ? nullptr : writing_.back();
}

bool CommitQueue::IsOpen(const Ticket& ticket) const {
  return !ticket->taken_back && ticket->number > kept_up_to_;
}

void CommitQueue::Then(const Ticket& ticket, std::function<void(bool kept)> completion) {
  bool kept = true;
  if (ticket != nullptr) {
    Few spent;  // goes when the lock is gone
    const std::lock_guard lock(mutex_);
    spent = TakeSpent();
    if (IsOpen(ticket)) {
      ticket->completions.push_back(std::move(completion));
      return;
    }
    kept = !ticket->taken_back;
  }
  completion(kept);
}

bool CommitQueue::Wait(const Ticket& ticket) {
  if (ticket == nullptr) return true;
  std::unique_lock lock(mutex_);
  settled_.wait(lock, [&] { return !IsOpen(ticket); });
  return !ticket->taken_back;
}

void CommitQueue::Run(std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  news_.notify_one();
}

std::vector<Changes> CommitQueue::TakeBack() {
  const std::lock_guard lock(mutex_);
  taken_back_ = std::exchange(writing_, {});
  taken_back_.insert(taken_back_.end(), queued_.begin(), queued_.end());
  queued_.clear();
  by_guid_.clear();
  of_key_ = 0;
  std::vector<Changes> changes;
  changes.reserve(taken_back_.size());
  for (auto ticket = taken_back_.rbegin(); ticket != taken_back_.rend(); ++ticket) {
    changes.push_back(std::move((*ticket)->changes));
  }
  return changes;
}

std::uint64_t CommitQueue::NumberOf(const Ticket& ticket) const {
  return ticket == nullptr ? 0 : ticket->number;  // never changes once there is a ticket
}

std::uint64_t CommitQueue::kept_up_to() const {
  const std::lock_guard lock(mutex_);
  return kept_up_to_;
}

std::uint64_t CommitQueue::commits() const {
  const std::lock_guard lock(mutex_);
  return commits_;
}

void CommitQueue::WriterMain() {
  std::unique_lock lock(mutex_);
  while (true) {
    const bool idle = queued_.empty() && jobs_.empty() && !ending_;
    if (idle && (!spent_.empty() || by_guid_.size() > kFewGuids)) ClearAway(lock);
    news_.wait(lock, [this] { return ending_ || !queued_.empty() || !jobs_.empty(); });
    if (queued_.empty() && jobs_.empty()) return;
    // One of each in turn: neither a flood of jobs nor one of changes keeps the other waiting.
    if (!jobs_.empty()) {
      std::function<void()> job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
      job = nullptr;
      lock.lock();
    }
    if (!queued_.empty()) WriteOnce(lock);
  }
}

void CommitQueue::WriteOnce(std::unique_lock<std::mutex>& lock) {
  writing_.swap(queued_);
  ++commits_;
  lock.unlock();
  // Only this thread changes `writing_`, and only under the lock: it may look without.
  std::vector<const Changes*> batch;
  batch.reserve(writing_.size());
  for (const Ticket& ticket : writing_) batch.push_back(&ticket->changes);
  const Checked<Done> done = store_->Write(batch);
  if (!done) undo_(done.error());
  lock.lock();
  if (!done) {
    assert(writing_.empty());
    for (const Ticket& ticket : taken_back_) ticket->taken_back = true;
    settled_now_.swap(taken_back_);
    Settle(lock, false);
    return;
  }
  kept_up_to_ = writing_.back()->number;
  settled_now_.swap(writing_);
  Settle(lock, true);
}

// What callers wait for comes first, and the lock is held for the same short time however many
// there are. Their changes then go the way of Few.
void CommitQueue::Settle(std::unique_lock<std::mutex>& lock, bool kept) {
  settled_.notify_all();
  lock.unlock();
  for (const Ticket& ticket : settled_now_) {
    for (const auto& completion : ticket->completions) completion(kept);
  }
  for (const Ticket& ticket : settled_now_) ticket->completions.clear();
  std::erase_if(settled_now_, [](const Ticket& ticket) {
    return ticket->changes.payloads.size() > kMostRows;  // long work, and not for who calls
  });
  lock.lock();
  if (spent_.empty()) {
    spent_.swap(settled_now_);
  } else {
    std::move(settled_now_.begin(), settled_now_.end(), std::back_inserter(spent_));
    settled_now_.clear();
  }
  if (spent_.size() > kMostSpent) ClearAway(lock);
}

CommitQueue::Few CommitQueue::TakeSpent() {
  Few few;
  for (Ticket& one : few) {
    if (spent_.empty()) break;
    one = std::move(spent_.back());
    spent_.pop_back();
  }
  return few;
}

void CommitQueue::ClearAway(std::unique_lock<std::mutex>& lock) {
  Tickets spent = std::exchange(spent_, {});
  std::unordered_map<std::string, std::uint64_t> by_guid;
  if (queued_.empty() && writing_.empty() && by_guid_.size() > kFewGuids) by_guid_.swap(by_guid);
  lock.unlock();
  spent.clear();
  by_guid.clear();
  lock.lock();
}

}  // namespace mock_robot
