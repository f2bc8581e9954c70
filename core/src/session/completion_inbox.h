// Where answers of robots arrive, on whatever thread, on their way to the scheduler.
#pragma once

#include <mutex>
#include <utility>

#include "payload_manager/runtime.h"

namespace payload_manager {

// Completions share the inbox and own nothing else: a completion that were the last owner of a
// runtime would have to wait, on its own thread, for itself. Threads: any.
class CompletionInbox {
 public:
  explicit CompletionInbox(Runtime& runtime) : runtime_(&runtime) {}

  // Posts the task, or drops it when closed.
  void Post(Runtime::Task task) {
    const std::lock_guard lock(mutex_);
    if (runtime_ != nullptr) runtime_->Post(std::move(task));
  }

  // The same by Runtime::PostBy, unless somebody waits.
  void PostBy(TimePoint latest, Runtime::Task task) {
    const std::lock_guard lock(mutex_);
    if (runtime_ == nullptr) return;
    if (awaited_) {
      runtime_->Post(std::move(task));
    } else {
      runtime_->PostBy(latest, std::move(task));
    }
  }

  // From now on somebody waits for every answer. One that came before is taken in with the next
  // task of the scheduler's: off its thread, one is to be posted after this.
  void AwaitAnswers() {
    const std::lock_guard lock(mutex_);
    awaited_ = true;
  }

  // After this returns the runtime is not used any more.
  void Close() {
    const std::lock_guard lock(mutex_);
    runtime_ = nullptr;
  }

 private:
  std::mutex mutex_;
  Runtime* runtime_;
  bool awaited_ = false;
};

}  // namespace payload_manager
