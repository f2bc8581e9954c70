// Who holds one may ask CommitQueue how a set of changes has ended.
#pragma once

#include <cstddef>
#include <memory>

namespace mock_robot {

class Commit;

// Shares a set of changes on its way to the disk; null means that there is nothing to wait for.
// Only CommitQueue looks inside.
//
// The shares are counted out of line because the services hold tickets too: they are compiled
// without ThreadSanitizer, which would not see a count that is inlined there, and would report
// whoever lets go last.
//
// Threads: as a std::shared_ptr.
class Ticket {
 public:
  Ticket() noexcept;
  Ticket(std::nullptr_t) noexcept;  // NOLINT(google-explicit-constructor): as a pointer
  Ticket(const Ticket& other) noexcept;
  Ticket(Ticket&& other) noexcept;
  Ticket& operator=(const Ticket& other) noexcept;
  Ticket& operator=(Ticket&& other) noexcept;
  ~Ticket();

  bool operator==(const Ticket& other) const = default;
  bool operator==(std::nullptr_t) const { return commit_ == nullptr; }

 private:
  friend class CommitQueue;
  explicit Ticket(std::shared_ptr<Commit> commit) noexcept;
  Commit* operator->() const { return commit_.get(); }

  std::shared_ptr<Commit> commit_;
};

}  // namespace mock_robot
