#include "tests/stress/threaded_robot.h"

#include <utility>

namespace payload_manager::testing {

ThreadedRobot::ThreadedRobot(std::uint64_t seed) : state_(seed) {
  for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { Work(); });
}

ThreadedRobot::~ThreadedRobot() {
  std::vector<std::shared_ptr<Pending>> unanswered;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    unanswered.swap(unanswered_);
    for (auto& pending : unanswered) queue_.emplace_back(std::move(pending), Fate::kSilence);
  }
  wakes_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadedRobot::Enqueue(const CallOptions& options, std::function<void(Fate)> complete) {
  ++calls;
  auto pending = std::make_shared<Pending>();
  pending->complete = std::move(complete);
  {
    const std::lock_guard lock(mutex_);
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    const std::uint64_t draw = (state_ >> 33) % 16;
    if (draw < silences) {
      unanswered_.push_back(pending);
    } else {
      queue_.emplace_back(pending, draw < 7    ? Fate::kSuccess
                                   : draw < 15 ? Fate::kRefusal
                                               : Fate::kLost);
    }
  }
  wakes_.notify_one();
  // Cancelling answers on a thread of the robot's, like gRPC.
  pending->on_stop.emplace(options.cancellation, [this, weak = std::weak_ptr(pending)] {
    if (auto cancelled = weak.lock()) {
      const std::lock_guard lock(mutex_);
      queue_.emplace_back(std::move(cancelled), Fate::kSilence);
    }
    wakes_.notify_one();
  });
}

void ThreadedRobot::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (!queue_.empty()) {
      auto [pending, fate] = std::move(queue_.front());
      queue_.pop_front();
      std::erase(unanswered_, pending);
      lock.unlock();
      if (!pending->ended.exchange(true)) pending->complete(fate);
      lock.lock();
    } else if (stopping_) {
      return;
    } else {
      wakes_.wait(lock);
    }
  }
}

}  // namespace payload_manager::testing
