#include "session/callback_pool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "schedule/thread_name.h"

namespace payload_manager {

class CallbackPool::Shared : public std::enable_shared_from_this<CallbackPool::Shared> {
 public:
  explicit Shared(Duration stall) : stall_(stall) {}

  bool Run(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
    if (standing_by_ > 0) {
      wakes_.notify_one();
    } else if (!AddThread() && threads_.empty()) {
      work_.pop_back();
      return false;
    }
    return true;
  }

  void End() {
    std::list<std::thread> ending;
    {
      const std::lock_guard lock(mutex_);
      is_ending_ = true;
      wakes_.notify_all();
      ending.splice(ending.end(), threads_);
      ending.splice(ending.end(), ended_);
    }
    for (std::thread& thread : ending) {
      if (thread.get_id() == std::this_thread::get_id()) {
        thread.detach();
      } else {
        thread.join();
      }
    }
  }

  Threads threads() const {
    const std::lock_guard lock(mutex_);
    return {threads_.size(), most_};
  }

 private:
  using Place = std::list<std::thread>::iterator;

  // These four: under the lock.
  bool AddThread() {
    for (std::thread& thread : std::exchange(ended_, {}))
      thread.join();  // it takes no lock any more
    threads_.emplace_front();
    try {
      threads_.front() =
          std::thread([self = shared_from_this(), place = threads_.begin()] { self->Work(place); });
    } catch (const std::system_error&) {
      threads_.pop_front();
      return false;
    }
    ++standing_by_;
    most_ = std::max(most_, threads_.size());
    return true;
  }
  // On a thread that stands by: until it is its turn to work, or to end.
  void StandBy(std::unique_lock<std::mutex>& lock) {
    while (!is_ending_) {
      if (work_.empty()) {
        wakes_.wait(lock);
      } else if (const auto due = last_begun_ + stall_;
                 working_ == 0 || std::chrono::steady_clock::now() >= due) {
        return;
      } else {
        wakes_.wait_until(lock, due);
      }
    }
  }
  void DoAll(std::unique_lock<std::mutex>& lock) {
    ++working_;
    while (!work_.empty()) {
      last_begun_ = std::chrono::steady_clock::now();
      std::function<void()> work = std::move(work_.front());
      work_.pop_front();
      if (!work_.empty() && standing_by_ == 0 && !is_ending_) AddThread();
      lock.unlock();
      work();
      work = nullptr;
      lock.lock();
    }
    --working_;
  }
  void Work(Place place) {
    NameThisThread("pm-callbacks");
    std::unique_lock lock(mutex_);
    for (;;) {
      StandBy(lock);
      --standing_by_;
      DoAll(lock);
      if (is_ending_) return;
      if (standing_by_ > 0) {
        ended_.splice(ended_.end(), threads_, place);
        return;
      }
      ++standing_by_;
    }
  }

  const Duration stall_;
  mutable std::mutex mutex_;  // never held while work runs or dies
  std::condition_variable wakes_;
  std::deque<std::function<void()>> work_;
  std::list<std::thread> threads_;
  std::list<std::thread> ended_;  // to be joined, which takes no time
  std::size_t standing_by_ = 0;   // those about to be, included
  std::size_t working_ = 0;
  std::size_t most_ = 0;
  TimePoint last_begun_{};
  bool is_ending_ = false;
};

CallbackPool::CallbackPool(Duration stall) : shared_(std::make_shared<Shared>(stall)) {}

CallbackPool::~CallbackPool() { shared_->End(); }

bool CallbackPool::Run(std::function<void()> work) {
  // The work may be done, and this object gone, before Run has returned.
  const std::shared_ptr<Shared> shared = shared_;
  return shared->Run(std::move(work));
}

CallbackPool::Threads CallbackPool::threads() const { return shared_->threads(); }

}  // namespace payload_manager
