#include "session/callback_lane.h"

#include <deque>
#include <system_error>
#include <thread>
#include <utility>

namespace payload_manager {

class CallbackLane::Lane : public std::enable_shared_from_this<CallbackLane::Lane> {
 public:
  bool Post(Task task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    if (running_) return true;
    if (thread_.joinable()) thread_.join();  // it has said that it ends, and takes no lock any more
    try {
      thread_ = std::thread([self = shared_from_this()] { self->Run(); });
    } catch (const std::system_error&) {
      tasks_.pop_back();
      return false;
    }
    running_ = true;
    return true;
  }

  // After this nothing is posted.
  void End() {
    if (OnOwnThread()) {
      thread_.detach();
    } else if (thread_.joinable()) {
      thread_.join();
    }
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
    running_ = false;
    current_ = nullptr;
  }

  static thread_local const Lane* current_;

  std::mutex mutex_;  // never held while a task runs or dies
  std::deque<Task> tasks_;
  bool running_ = false;  // the thread is going to look at the tasks again
  std::thread thread_;
};

thread_local const CallbackLane::Lane* CallbackLane::Lane::current_ = nullptr;

CallbackLane::CallbackLane(std::shared_ptr<Runtime> shared)
    : shared_(std::move(shared)), lane_(std::make_shared<Lane>()) {}

CallbackLane::~CallbackLane() { lane_->End(); }

bool CallbackLane::PostCallback(Task task) { return lane_->Post(std::move(task)); }

bool CallbackLane::Await(const Event& event, std::optional<Duration> limit) {
  return OnOwnThread() ? event.IsSet() : shared_->Await(event, limit);
}

bool CallbackLane::OnOwnThread() const { return lane_->OnOwnThread() || shared_->OnOwnThread(); }

}  // namespace payload_manager
