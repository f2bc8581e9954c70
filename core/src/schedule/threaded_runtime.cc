#include <deque>
#include <thread>
#include <utility>

#include "payload_manager/runtime.h"
#include "schedule/thread_name.h"
#include "schedule/timer_queue.h"
#include "schedule/waiting.h"

namespace payload_manager {

// What the two threads and the runtime share. The threads own a share, so that a callback that
// outlasts the grace comes back to something that is still there.
class ThreadedRuntime::Shared {
 public:
  static void Start(const std::shared_ptr<Shared>& self) {
    self->scheduler_ = std::thread([self] { self->RunScheduler(); });
    self->callback_thread_ = std::thread([self] { self->RunCallbacks(); });
  }

  // Both wake after they have let go of the lock, which whoever wakes wants first. By then the task
  // may have run and the runtime have gone with it: the caller holds a share meanwhile.
  bool Post(TimePoint latest, Task task) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return false;
      inbox_.push_back(std::move(task));
      if (latest >= scheduler_sleeps_until_) return true;
      scheduler_sleeps_until_ = kAwake;  // one wake-up is enough
    }
    scheduler_wakes_.notify_one();
    return true;
  }

  bool PostCallback(Task task) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return false;
      callbacks_.push_back(std::move(task));
      if (!std::exchange(callback_thread_sleeps_, false)) return true;
    }
    callback_wakes_.notify_one();
    return true;
  }

  TimerQueue& timers() { return timers_; }
  bool OnOwnThread() const { return current_ == this; }

  bool Stop(Duration callback_grace) {
    std::deque<Task> dropped;  // dies after the lock
    {
      std::unique_lock lock(mutex_);
      stopping_ = true;
      scheduler_wakes_.notify_all();
      callback_wakes_.notify_all();
      if (OnOwnThread() || InCompletion()) return false;
      ended_.wait(lock, [this] { return scheduler_ended_; });
      if (!ended_.wait_until(lock, std::chrono::steady_clock::now() + Bounded(callback_grace),
                             [this] { return callbacks_ended_; })) {
        dropped.swap(callbacks_);
        return false;
      }
    }
    const std::lock_guard lock(join_mutex_);
    if (scheduler_.joinable()) scheduler_.join();
    if (callback_thread_.joinable()) callback_thread_.join();
    return true;
  }

  bool StopWasAsked() {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  // After Stop: lets go of the threads that could not be joined.
  void Abandon() {
    const std::lock_guard lock(join_mutex_);
    if (scheduler_.joinable()) scheduler_.detach();
    if (callback_thread_.joinable()) callback_thread_.detach();
  }

 private:
  void RunScheduler() {
    NameThisThread("pm-scheduler");
    current_ = this;
    std::deque<Task> batch;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      if (!inbox_.empty()) {
        batch.swap(inbox_);
        lock.unlock();
        for (Task& task : batch) {
          task();
          task = nullptr;  // what it owns waits for no other task
        }
        batch.clear();
        lock.lock();
      } else if (const auto due = timers_.NextDue(); !due) {
        scheduler_sleeps_until_ = TimePoint::max();
        scheduler_wakes_.wait(lock);
        scheduler_sleeps_until_ = kAwake;
      } else if (*due > std::chrono::steady_clock::now()) {
        scheduler_sleeps_until_ = *due;
        scheduler_wakes_.wait_until(lock, *due);
        scheduler_sleeps_until_ = kAwake;
      } else {
        lock.unlock();
        timers_.TakeDue (*due)();
        lock.lock();
      }
    }
    batch.swap(inbox_);
    lock.unlock();
    batch.clear();  // what tasks own dies here, never under the lock
    timers_ = TimerQueue();
    lock.lock();
    scheduler_ended_ = true;
    ended_.notify_all();
  }

  void RunCallbacks() {
    NameThisThread("pm-callbacks");
    current_ = this;
    std::unique_lock lock(mutex_);
    for (;;) {
      if (!callbacks_.empty()) {
        Task task = std::move(callbacks_.front());
        callbacks_.pop_front();
        lock.unlock();
        task();
        task = nullptr;
        lock.lock();
      } else if (stopping_) {
        break;
      } else {
        callback_thread_sleeps_ = true;
        callback_wakes_.wait(lock);
        callback_thread_sleeps_ = false;
      }
    }
    callbacks_ended_ = true;
    ended_.notify_all();
  }

  // Until when the scheduler thread sleeps while it does not: every task is in time.
  static constexpr TimePoint kAwake = TimePoint::min();

  static thread_local const Shared* current_;

  // The scheduler thread's own.
  TimerQueue timers_;

  // Guarded by mutex_, which is held for moments only, never while a task runs.
  std::mutex mutex_;
  std::condition_variable scheduler_wakes_;
  std::condition_variable callback_wakes_;
  std::condition_variable ended_;
  std::deque<Task> inbox_;
  std::deque<Task> callbacks_;
  TimePoint scheduler_sleeps_until_ = kAwake;
  bool callback_thread_sleeps_ = false;
  bool stopping_ = false;
  bool scheduler_ended_ = false;
  bool callbacks_ended_ = false;

  // Guarded by join_mutex_ once Start has returned.
  std::mutex join_mutex_;
  std::thread scheduler_;
  std::thread callback_thread_;
};

thread_local const ThreadedRuntime::Shared* ThreadedRuntime::Shared::current_ = nullptr;

ThreadedRuntime::ThreadedRuntime() : shared_(std::make_shared<Shared>()) { Shared::Start(shared_); }

ThreadedRuntime::~ThreadedRuntime() {
  const bool grace_was_given = shared_->StopWasAsked();
  if (!Stop(grace_was_given ? Duration(0) : kCallbackGrace)) shared_->Abandon();
}

bool Runtime::PostBy(TimePoint, Task task) { return Post(std::move(task)); }

bool ThreadedRuntime::Post(Task task) {
  const std::shared_ptr<Shared> shared = shared_;
  return shared->Post(TimePoint::min(), std::move(task));
}

bool ThreadedRuntime::PostBy(TimePoint latest, Task task) {
  const std::shared_ptr<Shared> shared = shared_;
  return shared->Post(latest, std::move(task));
}

TimerId ThreadedRuntime::StartTimer(TimePoint due, Task task) {
  return shared_->timers().Add(due, std::move(task));
}

void ThreadedRuntime::CancelTimer(TimerId timer) { shared_->timers().Cancel(timer); }

bool ThreadedRuntime::PostCallback(Task task) {
  const std::shared_ptr<Shared> shared = shared_;
  return shared->PostCallback(std::move(task));
}

bool ThreadedRuntime::Await(const Event& event, std::optional<Duration> limit) {
  return OnOwnThread() ? event.IsSet() : event.WaitInRealTime(limit);
}

bool ThreadedRuntime::OnOwnThread() const { return shared_->OnOwnThread(); }

bool ThreadedRuntime::Stop(Duration callback_grace) { return shared_->Stop(callback_grace); }

}  // namespace payload_manager
