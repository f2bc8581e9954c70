#include "faults/waiting_calls.h"

#include <algorithm>
#include <utility>

namespace mock_robot {
namespace {

constexpr std::chrono::milliseconds kTick{20};

}  // namespace

WaitingCalls::WaitingCalls(std::function<void()> changed, std::function<void()> tick)
    : notify_(std::move(changed)), tick_(std::move(tick)) {}

WaitingCalls::~WaitingCalls() { Stop(); }

void WaitingCalls::Wait(Key key, const Verdict::Wait& wait, GoOn go_on) {
  bool alone = false;
  GoOn at_once;
  {
    const std::lock_guard lock(mutex_);
    alone = gone_.count(key) != 0;
    // A fault may have been closed since it was found to hit this call.
    std::set<FaultId> held_by;
    for (const FaultId fault : wait.held_by) {
      if (open_.count(fault) != 0) held_by.insert(fault);
    }
    const bool delayed = wait.delay > payload_manager::Duration(0);
    if (alone || stopped_ || (!delayed && held_by.empty())) {
      at_once = std::move(go_on);
    } else {
      Call& call = calls_.emplace_back();
      call.key = key;
      call.due = std::chrono::steady_clock::now() + wait.delay;
      call.held_by = std::move(held_by);
      call.go_on = std::move(go_on);
      if (delayed) StartThreadLocked();
      changed_.notify_all();
    }
  }
  if (at_once) {
    at_once(alone);
  } else {
    notify_();
  }
}

void WaitingCalls::LetGo(const Calls& calls, bool alone) const {
  if (calls.empty()) return;
  notify_();
  for (const Call& call : calls) call.go_on(alone);
}

void WaitingCalls::Abandon(Key key) {
  Calls out;
  {
    const std::lock_guard lock(mutex_);
    gone_.insert(key);
    const auto found =
        std::find_if(calls_.begin(), calls_.end(), [key](const Call& c) { return c.key == key; });
    if (found != calls_.end()) out.splice(out.end(), calls_, found);
  }
  LetGo(out, true);
}

void WaitingCalls::Forget(Key key) {
  const std::lock_guard lock(mutex_);
  gone_.erase(key);
}

void WaitingCalls::Open(FaultId fault) {
  const std::lock_guard lock(mutex_);
  open_.insert(fault);
}

void WaitingCalls::Close(FaultId fault) {
  {
    const std::lock_guard lock(mutex_);
    if (open_.erase(fault) == 0) return;
  }
  Release(fault);
}

std::size_t WaitingCalls::Release(FaultId fault) {
  std::size_t released = 0;
  Calls out;
  {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    for (auto call = calls_.begin(); call != calls_.end();) {
      const auto next = std::next(call);
      released += call->held_by.count(fault);
      if (call->held_by.erase(fault) != 0 && call->held_by.empty() && call->due <= now) {
        out.splice(out.end(), calls_, call);
      }
      call = next;
    }
    changed_.notify_all();
  }
  LetGo(out, false);
  return released;
}

std::map<FaultId, std::size_t> WaitingCalls::Held() const {
  const std::lock_guard lock(mutex_);
  std::map<FaultId, std::size_t> held;
  for (const Call& call : calls_) {
    for (const FaultId fault : call.held_by) ++held[fault];
  }
  return held;
}

std::size_t WaitingCalls::HeldByAny() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      calls_.begin(), calls_.end(), [](const Call& call) { return !call.held_by.empty(); }));
}

void WaitingCalls::SetTicking(bool on) {
  const std::lock_guard lock(mutex_);
  ticking_ = on;
  if (on) StartThreadLocked();
  changed_.notify_all();
}

void WaitingCalls::Stop() {
  Calls out;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    out.swap(calls_);
    changed_.notify_all();
  }
  LetGo(out, false);
  std::thread thread;
  {
    const std::lock_guard lock(mutex_);
    thread.swap(thread_);
  }
  if (thread.joinable()) thread.join();
}

void WaitingCalls::StartThreadLocked() {
  if (!thread_.joinable() && !stopped_) thread_ = std::thread([this] { Run(); });
}

void WaitingCalls::Run() {
  std::unique_lock lock(mutex_);
  auto next_tick = std::chrono::steady_clock::now();
  while (!stopped_) {
    const auto now = std::chrono::steady_clock::now();
    auto wake = SteadyTime::max();
    Calls due;
    for (auto call = calls_.begin(); call != calls_.end();) {
      const auto next = std::next(call);
      if (call->held_by.empty() && call->due <= now) {
        due.splice(due.end(), calls_, call);
      } else if (call->due > now) {
        wake = std::min(wake, call->due);
      }
      call = next;
    }
    const bool tick = ticking_ && now >= next_tick;
    if (tick) next_tick = now + kTick;
    if (!due.empty() || tick) {
      lock.unlock();
      LetGo(due, false);
      if (tick) tick_();
      lock.lock();
      continue;  // something may have changed meanwhile
    }
    if (ticking_) wake = std::min(wake, next_tick);
    if (wake == SteadyTime::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, wake);
    }
  }
}

}  // namespace mock_robot
