// The faults of one robot at work: which calls they hit, who waits for them, and what they do to
// the robot as a whole.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "faults/fault_table.h"
#include "faults/verdict.h"
#include "faults/waiting_calls.h"
#include "mock_robot/faults.h"
#include "store/commit_queue.h"

namespace mock_robot {

// What faults may do to the robot. Called from any thread, under no lock of the faults. What a hook
// changed is not to be told before its ticket says that it is on the disk.
struct FaultHooks {
  std::function<RobotTime()> now;  // of the robot's rules
  std::function<Ticket()> reboot;
  std::function<Ticket()> expire_tokens;
  std::function<void()> changed;  // calls wait, or go on
};
// What they may do to its connections.
struct ConnectionHooks {
  std::function<void(const std::string& peer)> cut;
  std::function<void()> cut_all;
  std::function<void(bool offline)> set_offline;
};

// A fault that was injected, and what must be on the disk before that is told.
struct Injected {
  FaultId id = 0;
  Ticket until_kept;
};

// Threads: every member from any thread, none blocks (Stop joins a thread that does not block
// either). Calls go on under no lock.
class FaultsOnDemand {
 public:
  explicit FaultsOnDemand(FaultHooks hooks);
  ~FaultsOnDemand();  // Stop()

  // Before any call comes. Until then faults touch no connection.
  void Connect(ConnectionHooks connections);

  // As the members of MockRobot, but that Inject waits for no disk.
  payload_manager::Checked<Injected> Inject(Fault fault);
  std::vector<FaultInfo> List() const;
  bool Remove(FaultId id);
  std::size_t RemoveAll();
  // Nothing if there is no such fault.
  std::optional<std::size_t> Release(FaultId id);
  void HoldAnswers(CallMatch calls);
  void ReleaseAnswers();
  std::size_t Held() const { return waiting_.HeldByAny(); }
  // Robot time has moved: what is over by now ends.
  void TimeMoved() { Apply(); }
  void Stop();

  // How far ahead the time is that clients see.
  payload_manager::Duration clock_ahead() const {
    return payload_manager::Duration(clock_ahead_.load(std::memory_order_relaxed));
  }

  // Whether any fault may hit a call.
  bool armed() const { return armed_.load(std::memory_order_acquire); }

  // For every call: whether one of the faults hits it. Costs one look at an atomic if there are
  // none.
  std::optional<Verdict> Judge(const CallFacts& call) {
    if (!armed()) return std::nullopt;
    return JudgeArmed(call);
  }

  // For calls that were hit; see WaitingCalls.
  void Wait(WaitingCalls::Key key, const Verdict::Wait& wait, WaitingCalls::GoOn go_on) {
    waiting_.Wait(key, wait, std::move(go_on));
  }
  void Abandon(WaitingCalls::Key key) { waiting_.Abandon(key); }
  void Forget(WaitingCalls::Key key) { waiting_.Forget(key); }
  // What the end of this call does to the connections and the robot; just before its answer is
  // sent. Nothing if the end is about the answer only.
  void Strike(const Verdict::End& end, const std::string& peer);

 private:
  std::optional<Verdict> JudgeArmed(const CallFacts& call);
  // Makes what the table says of the robot as a whole come true.
  void Apply();
  Ticket Reboot(payload_manager::Duration down);
  std::shared_ptr<const ConnectionHooks> Connections() const;

  const FaultHooks hooks_;
  std::atomic<bool> armed_{false};
  std::atomic<payload_manager::Duration::rep> clock_ahead_{0};

  mutable std::mutex mutex_;
  FaultTable table_;
  std::shared_ptr<const ConnectionHooks> connections_;  // never null
  std::vector<std::pair<CallMatch, FaultId>> holds_;    // of HoldAnswers
  bool stopped_ = false;

  std::mutex apply_mutex_;  // one change of the condition at a time, taken before mutex_
  bool offline_ = false;

  WaitingCalls waiting_;
};

}  // namespace mock_robot
