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

// Everything in it is under the queue's lock, except that the writer may read `changes` of those it
// is writing: nobody changes them meanwhile.
class Commit {
 public:
  explicit Commit(Changes what) : changes(std::move(what)) {}

  enum class End { kOpen, kKept, kTakenBack };
  Changes changes;
  std::uint64_t number = 0;  // grows from one to the next
  End end = End::kOpen;
  std::vector<std::function<void(bool)>> completions;
};

namespace {

// A call changes one payload, and what can be worked out about its row need not wait for the
// writer, who is what all wait for. A reboot may change them all: that would hold up the caller,
// who has a lock, for long.
constexpr std::size_t kMostRows = 16;

}  // namespace

CommitQueue::CommitQueue(std::unique_ptr<Store> store,
                         std::function<void(const payload_manager::Problem&)> undo)
    : store_(std::move(store)), undo_(std::move(undo)), writer_([this] { WriterMain(); }) {}

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
  Ticket ticket(std::make_shared<Commit>(std::move(changes)));
  const std::lock_guard lock(mutex_);
  for (const PayloadChange& change : ticket->changes.payloads)
    by_guid_[LowerCase(change.guid)] = ticket;
  if (ticket->changes.signing_key) of_key_ = ticket;
  ticket->number = ++last_number_;
  queued_.push_back(ticket);
  news_.notify_one();
  return ticket;
}

Ticket CommitQueue::Touching(std::string_view guid) const {
  const std::lock_guard lock(mutex_);
  if (queued_.empty()) return nullptr;
  const auto found = by_guid_.find(LowerCase(guid));
  if (found == by_guid_.end()) return of_key_;
  return of_key_ != nullptr && of_key_->number > found->second->number ? of_key_ : found->second;
}

Ticket CommitQueue::Last() const {
  const std::lock_guard lock(mutex_);
  return queued_.empty() ? nullptr : queued_.back();
}

void CommitQueue::Then(const Ticket& ticket, std::function<void(bool kept)> completion) {
  bool kept = true;
  if (ticket != nullptr) {
    const std::lock_guard lock(mutex_);
    if (ticket->end == Commit::End::kOpen) {
      ticket->completions.push_back(std::move(completion));
      return;
    }
    kept = ticket->end == Commit::End::kKept;
  }
  completion(kept);
}

bool CommitQueue::Wait(const Ticket& ticket) {
  if (ticket == nullptr) return true;
  std::unique_lock lock(mutex_);
  settled_.wait(lock, [&] { return ticket->end != Commit::End::kOpen; });
  return ticket->end == Commit::End::kKept;
}

void CommitQueue::Run(std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  news_.notify_one();
}

std::vector<Changes> CommitQueue::TakeBack() {
  const std::lock_guard lock(mutex_);
  std::vector<Changes> changes;
  changes.reserve(queued_.size());
  for (auto ticket = queued_.rbegin(); ticket != queued_.rend(); ++ticket) {
    changes.push_back(std::move((*ticket)->changes));
  }
  taken_back_.insert(taken_back_.end(), queued_.begin(), queued_.end());
  queued_.clear();
  by_guid_.clear();
  of_key_ = nullptr;
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
  std::vector<Ticket> written(queued_.begin(), queued_.end());
  ++commits_;
  lock.unlock();
  std::vector<const Changes*> batch;
  batch.reserve(written.size());
  for (const Ticket& ticket : written) batch.push_back(&ticket->changes);
  const Checked<Done> done = store_->Write(batch);
  if (!done) undo_(done.error());
  lock.lock();
  if (!done) {
    assert(std::find(queued_.begin(), queued_.end(), written.front()) == queued_.end());
    Settle(lock, std::exchange(taken_back_, {}), false);
    return;
  }
  kept_up_to_ = written.back()->number;
  for (const Ticket& ticket : written) {
    queued_.pop_front();
    if (of_key_ == ticket) of_key_ = nullptr;
    for (const PayloadChange& change : ticket->changes.payloads) {
      const auto latest = by_guid_.find(LowerCase(change.guid));
      if (latest != by_guid_.end() && latest->second == ticket) by_guid_.erase(latest);
    }
  }
  Settle(lock, std::move(written), true);
}

void CommitQueue::Settle(std::unique_lock<std::mutex>& lock, std::vector<Ticket> settled,
                         bool kept) {
  std::vector<std::function<void(bool)>> completions;
  for (const Ticket& ticket : settled) {
    ticket->end = kept ? Commit::End::kKept : Commit::End::kTakenBack;
    std::move(ticket->completions.begin(), ticket->completions.end(),
              std::back_inserter(completions));
    ticket->completions.clear();
  }
  settled_.notify_all();
  lock.unlock();
  for (const auto& completion : completions) completion(kept);
  completions.clear();
  settled.clear();
  lock.lock();
}

}  // namespace mock_robot
