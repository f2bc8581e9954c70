#include "session/ending.h"

#include <chrono>

#include "schedule/waiting.h"

namespace payload_manager {

void UserCode::Enter() {
  const std::lock_guard lock(mutex_);
  running_ = true;
}

void UserCode::Leave() {
  const std::lock_guard lock(mutex_);
  running_ = false;
  quiet_.notify_all();
}

bool UserCode::AwaitQuiet(Duration limit) const {
  std::unique_lock lock(mutex_);
  return quiet_.wait_until(lock, std::chrono::steady_clock::now() + limit,
                           [this] { return !running_; });
}

bool Ending::Await(Runtime& runtime, Duration limit) const {
  return AwaitWhereAllowed(runtime, over_, limit) && in_turn_;
}

bool Ending::AwaitQuiet(Runtime& runtime, const UserCode& user_code, Duration limit) const {
  const TimePoint end = runtime.Now() + Bounded(limit);
  if (!AwaitWhereAllowed(runtime, over_, limit)) return false;
  if (in_turn_) return true;
  return user_code.AwaitQuiet(MayWait(runtime) ? end - runtime.Now() : Duration(0));
}

Departure::~Departure() {
  struct Announcement {
    explicit Announcement(std::shared_ptr<Ending> of) : ending(std::move(of)) {}
    Announcement(const Announcement&) = delete;
    Announcement& operator=(const Announcement&) = delete;
    ~Announcement() { ending->over_.Set(); }
    const std::shared_ptr<Ending> ending;
  };
  auto announcement = std::make_shared<Announcement>(ending_);
  runtime_->PostCallback(
      [announcement = std::move(announcement)] { announcement->ending->in_turn_ = true; });
}

}  // namespace payload_manager
