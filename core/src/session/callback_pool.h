// Threads for callbacks that may take as long as they like.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "payload_manager/base/clock.h"

namespace payload_manager {

// One thread does the work piece by piece, and one more stands by: when nothing has been begun for
// `stall` though work is waiting, the others are stuck, and it takes over (and another stands by).
// So a thousand quick pieces need two threads, and one that hangs costs a thread and keeps nobody
// else waiting for longer than `stall`. Without work one thread stays, which sleeps; without any
// work yet there is none.
//
// Threads: any. May be destroyed by a piece of its own work, and else once none is running or
// waiting.
class CallbackPool {
 public:
  static constexpr Duration kStall = std::chrono::milliseconds(5);

  explicit CallbackPool(Duration stall = kStall);
  ~CallbackPool();
  CallbackPool(const CallbackPool&) = delete;
  CallbackPool& operator=(const CallbackPool&) = delete;

  // False, and the work is dropped, when there is no thread and the system has none to give. One
  // that cannot be made beside others is done without.
  bool Run(std::function<void()> work);

  // How many there are now, and have been at once.
  struct Threads {
    std::size_t now = 0;
    std::size_t most = 0;
  };
  Threads threads() const;

 private:
  class Shared;
  const std::shared_ptr<Shared> shared_;  // every thread has a share
};

}  // namespace payload_manager
