// planted_race [locked]: a completion callback and the thread that started the call both change a
// number. With `locked` they take a lock; without, they are the race that ThreadSanitizer must
// report. Nothing orders the two changes, so the report does not depend on timing.
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string_view>

#include "robot_id_calls.h"

namespace {

class Tally {
 public:
  explicit Tally(bool locked) : locked_(locked) {}

  void Count() {
    if (locked_) {
      const std::lock_guard lock(mutex_);
      ++count_;
    } else {
      ++count_;
    }
  }

  void Finish(bool ok) {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    ok_ = ok;
    changed_.notify_one();
  }

  bool WaitUntilFinished() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return finished_; });
    return ok_ && count_ == 2;
  }

 private:
  const bool locked_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
  bool finished_ = false;
  bool ok_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  // On the heap: Clang 14 does not instrument the fields of a local variable, even a captured one,
  // where the functions that change them are inlined.
  const auto tally = std::make_unique<Tally>(argc > 1 && std::string_view(argv[1]) == "locked");
  payload_manager::RobotIdCalls calls;
  calls.GetRobotId([&tally](bool ok) {
    tally->Count();
    tally->Finish(ok);
  });
  tally->Count();  // while the call is in flight
  if (!tally->WaitUntilFinished()) {
    std::fputs("planted_race: the call failed\n", stderr);
    return 1;
  }
  return 0;
}
