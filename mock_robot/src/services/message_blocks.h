// Memory for the messages of one call at a time, used again and again.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

namespace mock_robot {

// Threads: every member from any thread; none blocks. All blocks must be back before it goes.
class MessageBlocks {
 public:
  // A registration of a common payload with its answer takes some three kilobytes.
  static constexpr std::size_t kBytes = 4096;
  // So many are kept for the next calls; more are made while more calls are in flight, and freed.
  static constexpr std::size_t kMostIdle = 64;

  MessageBlocks() = default;
  ~MessageBlocks();
  MessageBlocks(const MessageBlocks&) = delete;
  MessageBlocks& operator=(const MessageBlocks&) = delete;

  // kBytes, uninitialized, aligned as operator new does it. To be given back.
  void* Take();
  void Give(void* block);

 private:
  std::mutex mutex_;
  std::vector<void*> idle_;
};

}  // namespace mock_robot
