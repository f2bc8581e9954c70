#include "services/message_blocks.h"

#include <new>

namespace mock_robot {

MessageBlocks::~MessageBlocks() {
  // Who gave the last one back did so before gRPC's shutdown returned; ThreadSanitizer cannot see
  // that, but it sees the lock.
  const std::lock_guard lock(mutex_);
  for (void* block : idle_) ::operator delete(block);
}

void* MessageBlocks::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      void* const block = idle_.back();
      idle_.pop_back();
      return block;
    }
  }
  return ::operator new(kBytes);
}

void MessageBlocks::Give(void* block) {
  {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kMostIdle) {
      idle_.push_back(block);
      return;
    }
  }
  ::operator delete(block);
}

}  // namespace mock_robot
