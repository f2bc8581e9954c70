// Keeps a number of calls in flight for a while, whoever makes them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>

#include "payload_manager/base/clock.h"

namespace payload_manager::bench {

// `start(slot, done)` starts one call and sees to it that `done()` runs once it has ended, on
// whatever thread; the slot's next call is started there. Threads: Run by one at a time.
template <typename Start>
class InFlight {
 public:
  InFlight(std::size_t slots, Start start) : slots_(slots), start_(std::move(start)) {}

  // Returns the number of calls, none of which is left in flight.
  std::uint64_t Run(Duration duration) {
    end_ = std::chrono::steady_clock::now() + duration;
    {
      const std::lock_guard lock(mutex_);
      running_ = slots_;
      calls_ = 0;
    }
    for (std::size_t slot = 0; slot < slots_; ++slot) Next(slot, 0);
    std::unique_lock lock(mutex_);
    all_ended_.wait(lock, [this] { return running_ == 0; });
    return calls_;
  }

 private:
  void Next(std::size_t slot, std::uint64_t made) {
    // The count travels with the slot, so that no call touches what another does.
    start_(slot, [this, id = (made + 1) * kSlots + slot] { Ended(id % kSlots, id / kSlots); });
  }
  void Ended(std::size_t slot, std::uint64_t made) {
    if (std::chrono::steady_clock::now() < end_) return Next(slot, made);
    const std::lock_guard lock(mutex_);
    calls_ += made;
    if (--running_ == 0) all_ended_.notify_all();
  }

  static constexpr std::uint64_t kSlots = 1024;  // more than there are; so one word says both
  const std::size_t slots_;
  const Start start_;
  std::chrono::steady_clock::time_point end_;
  std::mutex mutex_;
  std::condition_variable all_ended_;
  std::size_t running_ = 0;  // guarded by mutex_
  std::uint64_t calls_ = 0;  // guarded by mutex_
};

}  // namespace payload_manager::bench
