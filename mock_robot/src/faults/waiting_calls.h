// Calls that wait: for a time, for faults to be released, or for both.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_set>
#include <vector>

#include "faults/verdict.h"

namespace mock_robot {

// Threads: every member from any thread. One thread of its own, made when the first call has to
// wait for a time, lets calls go on when theirs is over; it belongs to one robot, so that no robot
// waits for another's. Calls go on under no lock.
class WaitingCalls {
 public:
  // What is done when the waiting is over. `alone`: the caller has gone meanwhile. Must not block.
  using GoOn = std::function<void(bool alone)>;
  // Who waits; the same until Forget.
  using Key = const void*;

  // `changed` runs whenever calls come to wait or no longer do, before those go on. `tick` runs on
  // the thread, about every 20 ms while SetTicking(true) was said last.
  WaitingCalls(std::function<void()> changed, std::function<void()> tick);
  ~WaitingCalls();  // Stop()

  // Lets the call go on when all that `wait` says is over: at once, on this thread, if that is
  // nothing, or after Stop.
  void Wait(Key key, const Verdict::Wait& wait, GoOn go_on);
  // The caller has gone: whoever waits goes on, or will when it comes to wait.
  void Abandon(Key key);
  // This key will not wait again.
  void Forget(Key key);

  // A fault may hold calls from here on; from Close on it holds none, and those that it held go on.
  void Open(FaultId fault);
  void Close(FaultId fault);
  // The calls that this fault holds no longer wait for it. Returns how many.
  std::size_t Release(FaultId fault);
  // How many calls wait for this fault; how many for any.
  std::map<FaultId, std::size_t> Held() const;
  std::size_t HeldByAny() const;

  void SetTicking(bool on);

  // All go on now, and nobody waits from here on. Joins the thread. Idempotent.
  void Stop();

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Call {
    Key key = nullptr;
    SteadyTime due;
    std::set<FaultId> held_by;
    GoOn go_on;
  };
  using Calls = std::list<Call>;

  void Run();
  void StartThreadLocked();
  void LetGo(const Calls& calls, bool alone) const;

  const std::function<void()> notify_;
  const std::function<void()> tick_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Calls calls_;
  std::unordered_set<Key> gone_;
  std::set<FaultId> open_;
  bool ticking_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace mock_robot
