#include "session/callback_lane.h"

#include <list>
#include <mutex>
#include <utility>

namespace payload_manager {

class CallbackLane::Lane : public std::enable_shared_from_this<CallbackLane::Lane> {
 public:
  bool Post(CallbackPool& pool, Task task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    if (is_due_) return true;
    is_due_ = pool.Run([self = shared_from_this()] { self->Run(); });
    if (!is_due_) tasks_.pop_back();
    return is_due_;
  }

  bool OnOwnThread() const { return current_ == this; }

 private:
  void Run() {
    current_ = this;
    std::unique_lock lock(mutex_);
    while (!tasks_.empty()) {
      Task task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      task = nullptr;
      lock.lock();
    }
    is_due_ = false;
    current_ = nullptr;
  }

  static thread_local const Lane* current_;

  std::mutex mutex_;       // never held while a task runs or dies
  std::list<Task> tasks_;  // takes no memory while empty, which it nearly always is
  bool is_due_ = false;    // the pool is going to look at the tasks
};

thread_local const CallbackLane::Lane* CallbackLane::Lane::current_ = nullptr;

CallbackLane::CallbackLane(std::shared_ptr<Runtime> shared, std::shared_ptr<CallbackPool> pool)
    : shared_(std::move(shared)), pool_(std::move(pool)), lane_(std::make_shared<Lane>()) {}

CallbackLane::~CallbackLane() = default;

bool CallbackLane::PostCallback(Task task) { return lane_->Post(*pool_, std::move(task)); }

bool CallbackLane::Await(const Event& event, std::optional<Duration> limit) {
  return OnOwnThread() ? event.IsSet() : shared_->Await(event, limit);
}

bool CallbackLane::OnOwnThread() const { return lane_->OnOwnThread() || shared_->OnOwnThread(); }

}  // namespace payload_manager
