// The way of changes to the disk: applied in memory at once, written by one thread, many in one
// commit, and answered only when they last.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "store/store.h"
#include "store/ticket.h"

namespace mock_robot {

// The rule: an answer leaves only when everything it says is on the disk. What a call changed, and
// what it read of changes not yet written, both count; hence Touching() and Last().
//
// If the disk fails, everything that is not on it yet is taken back, newest first, the later
// changes too because they were made in view of the earlier ones; all tickets of them fail. The
// next change is tried anew.
//
// Threads: every member may be called from any thread. A lock of the owner under which Append is
// called is also the one that `undo` may take: no member calls anything of the owner's under the
// queue's own lock. Completions run on the writer thread, or in Then() if the end is known; they
// must not wait for another ticket.
class CommitQueue {
 public:
  // `undo` is told of a failure, on the writer thread: under the lock that the owner holds to call
  // Append, it must call TakeBack() and restore what was before each of the changes, in the order
  // in which they come.
  CommitQueue(std::unique_ptr<Store> store,
              std::function<void(const payload_manager::Problem&)> undo);
  // Writes what is queued, however long the disk takes, and ends the thread.
  ~CommitQueue();

  // Queues changes, which are not empty. Calls that return one after the other are written in this
  // order.
  Ticket Append(Changes changes);

  // The latest unwritten changes of this payload or of the tokens' key, on which any payload's
  // tokens rest; null if there are none.
  // The case of the GUID is not looked at, whatever the registry does.
  Ticket Touching(std::string_view guid) const;
  // The latest unwritten changes of whatever; null if there are none.
  Ticket Last() const;

  // Runs `completion` once it is known whether the changes last: `false` if they were taken back.
  void Then(const Ticket& ticket, std::function<void(bool kept)> completion);
  // The same by waiting. Never on a thread of gRPC's, nor within a completion.
  bool Wait(const Ticket& ticket);

  // Runs `job` on the writer thread, between two commits: for work too long for gRPC's threads.
  void Run(std::function<void()> job);

  // For `undo` only: everything not on the disk, newest first, out of the queue. Their tickets fail
  // once `undo` has returned.
  std::vector<Changes> TakeBack();

  // Changes are numbered from 1 in the order in which they were queued; 0 for null.
  std::uint64_t NumberOf(const Ticket& ticket) const;
  // All changes up to this number that were not taken back are on the disk.
  std::uint64_t kept_up_to() const;

  // How many commits the disk was asked for; fewer than Append calls when many came at once.
  std::uint64_t commits() const;

 private:
  void WriterMain();
  void WriteOnce(std::unique_lock<std::mutex>& lock);
  void Settle(std::unique_lock<std::mutex>& lock, std::vector<Ticket> settled, bool kept);

  const std::unique_ptr<Store> store_;
  const std::function<void(const payload_manager::Problem&)> undo_;
  mutable std::mutex mutex_;
  std::condition_variable news_;     // for the writer
  std::condition_variable settled_;  // for Wait
  std::deque<Ticket> queued_;        // oldest first; those being written are still in it
  std::unordered_map<std::string, Ticket> by_guid_;
  Ticket of_key_;
  std::uint64_t last_number_ = 0;
  std::uint64_t kept_up_to_ = 0;
  std::deque<std::function<void()>> jobs_;
  std::vector<Ticket> taken_back_;
  std::uint64_t commits_ = 0;
  bool ending_ = false;
  std::thread writer_;
};

}  // namespace mock_robot
