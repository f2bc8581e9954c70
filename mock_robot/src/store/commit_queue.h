// The way of changes to the disk: applied in memory at once, written by one thread, many in one
// commit, and answered only when they last.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
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
  using Tickets = std::vector<Ticket>;
  // Memory is given back best by the thread that had it: the writer would pay several times as much
  // for it, with all waiting, and contend for the allocator's lock with who makes new changes. So
  // every caller destroys a few of the changes that are settled, more than one makes. Those that
  // nobody came for the writer destroys, when it has nothing to write or when they get many.
  using Few = std::array<Ticket, 2>;

  void WriterMain();
  void WriteOnce(std::unique_lock<std::mutex>& lock);
  void Settle(std::unique_lock<std::mutex>& lock, bool kept);
  void ClearAway(std::unique_lock<std::mutex>& lock);
  // These under the lock.
  bool IsOpen(const Ticket& ticket) const;
  Ticket Unwritten(std::uint64_t number) const;
  void Index(std::vector<std::string> guids, std::uint64_t number);
  Few TakeSpent();

  const std::unique_ptr<Store> store_;
  const std::function<void(const payload_manager::Problem&)> undo_;
  mutable std::mutex mutex_;
  std::condition_variable news_;     // for the writer
  std::condition_variable settled_;  // for Wait
  // Numbered without a gap, oldest first: those on their way to the disk, then those that wait.
  Tickets writing_;  // changed by the writer only
  Tickets queued_;
  // The number of the latest changes of each; one that is on the disk counts as not there.
  std::unordered_map<std::string, std::uint64_t> by_guid_;
  std::size_t clear_by_guid_at_;
  std::uint64_t of_key_ = 0;
  std::uint64_t last_number_ = 0;
  std::uint64_t kept_up_to_ = 0;
  std::deque<std::function<void()>> jobs_;
  Tickets taken_back_;
  Tickets spent_;        // settled, and not yet destroyed
  Tickets settled_now_;  // of the writer alone
  std::uint64_t commits_ = 0;
  bool ending_ = false;
  std::thread writer_;
};

}  // namespace mock_robot
