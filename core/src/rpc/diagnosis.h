// Why a robot cannot be reached: decides when to probe it, and has failed calls wait for what is
// found.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payload_manager/base/clock.h"
#include "payload_manager/failure.h"
#include "rpc/exchange.h"
#include "rpc/findings.h"
#include "rpc/probe.h"

namespace payload_manager {

class Diagnosis;

// A failed call that waits for a report. Threads: any.
class HeldCall {
 public:
  explicit HeldCall(std::shared_ptr<Diagnosis> diagnosis) : diagnosis_(std::move(diagnosis)) {}
  // Where it waits.
  Diagnosis& diagnosis() const { return *diagnosis_; }
  // It is to wait no longer: it is finished soon, on the probe's thread.
  void LetGo();

 private:
  friend class Diagnosis;
  const std::shared_ptr<Diagnosis> diagnosis_;
  std::atomic<bool> let_go_ = false;
};

// One connection's. A probe runs on a thread of its own that ends with it; in one process at most
// kMostAtOnce run, and a robot that finds no place is probed at a later failure.
//
// A report holds until the next one, or until the robot has answered a call. It is shared, and so
// is the pace, with the other connections that see the robot in the same way (findings.h); a call
// may wait for the probe of another connection.
//
// Threads: every member may be called from any thread; only Wait and Close block.
class Diagnosis : public std::enable_shared_from_this<Diagnosis> {
 public:
  static constexpr Duration kLongestProbe = std::chrono::seconds(2);
  static constexpr int kMostAtOnce = 8;

  // `findings` are those of the target. `clock` paces the probes and must outlive the last
  // call of this object; `limit` is how long one may take, in real time. An empty probe: nothing is
  // ever diagnosed.
  Diagnosis(ProbeTarget target, std::shared_ptr<Findings> findings, Probe probe, const Clock* clock,
            Duration limit = kLongestProbe);
  Diagnosis(const Diagnosis&) = delete;
  Diagnosis& operator=(const Diagnosis&) = delete;

  // The robot has answered, be it with a refusal: what was found before no longer holds. Two loads
  // when there is nothing to forget.
  void Answered();

  // A call has failed in transport: starts a probe when the failure is doubtful and a probe is due.
  // Returns where the call had better wait for a report that is on its way (Hold): here, or at
  // another connection's diagnosis. Null: nowhere.
  std::shared_ptr<Diagnosis> Consider(const Exchange& exchange, const Failure& failure);

  // Runs `finish` exactly once, on the probe's thread and under no lock: when the report is there,
  // when `until` (real time) is over, or when the call was let go or this object closed. It must
  // not block. False, and nothing is kept: there is nothing to wait for (any more).
  bool Hold(std::shared_ptr<HeldCall> call, std::optional<TimePoint> until,
            std::function<void()> finish);

  // The same for who waits in person: returns when `finish` would run, at once where Hold is false.
  void Wait(std::shared_ptr<HeldCall> call, std::optional<TimePoint> until);

  // What is known by now about calls to this authority.
  std::optional<ProbeReport> Known(std::string_view authority) const;

  // Ends the probe that is running, lets all calls go that are held here and returns when they have
  // been finished. Nothing is probed any more. Idempotent. Not on the probe's thread.
  void Close();

 private:
  friend class HeldCall;
  struct Waiting {
    std::shared_ptr<HeldCall> call;
    std::optional<TimePoint> until;
    std::function<void()> finish;
  };

  bool StartProbe(std::string_view authority);    // under mutex_
  void Run(const ProbeTarget& target, int wake);  // the probe's thread
  bool WaitFor(TimePoint deadline, int wake, int descriptor, short events);
  // Finishes what no longer waits; returns when the next of the others is due.
  std::optional<TimePoint> FinishDue();
  void Wake();

  const ProbeTarget target_;
  const std::shared_ptr<Findings> findings_;
  const Probe probe_;
  const Clock* const clock_;
  const Duration limit_;

  std::atomic<bool> answered_ = false;  // since the last failure

  mutable std::mutex mutex_;
  std::condition_variable ended_;
  // All guarded by mutex_.
  std::vector<Waiting> waiting_;
  int wake_ = -1;         // an event descriptor while a probe is running
  bool probing_ = false;  // calls can be held
  bool running_ = false;  // the probe's thread
  bool closed_ = false;
};

}  // namespace payload_manager
