// The loop of one PayloadRegistrationKeepAlive.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/payload_registration_keep_alive.h"
#include "schedule/back_off.h"
#include "session/completion_inbox.h"

namespace payload_manager {

//   kIdle ── Start ──► kStarting ── registered ──► kRunning ── kAbort ──► kAborted
//     ▲                    │
//     └────── failed ──────┘                Shutdown leads from each of these to kShutDown, and
//                                           the runtime's end from the middle two to kIdle.
//
// Threads: Start, IsAlive and Shutdown on any; what is marked so on the scheduler's only.
class PayloadRegistrationKeepAlive::Loop
    : public std::enable_shared_from_this<PayloadRegistrationKeepAlive::Loop> {
 public:
  Loop(std::shared_ptr<RobotConnection> connection,
       std::shared_ptr<const bosdyn::api::Payload> payload, const Secret& secret,
       KeepAliveOptions options);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void Start();
  bool IsAlive() const;
  bool Shutdown(Duration callback_grace);

 private:
  enum class Phase { kIdle, kStarting, kRunning, kAborted, kShutDown };
  // The first registration, while Start waits for it.
  class FirstAnswer;
  // Lives as long as the runtime is going to do what this loop needs; see Start.
  struct Watch;
  // The task of Shutdown.
  struct Stopping;
  // What Shutdown waits for. Told to nobody before whoever tells has let go of the loop.
  struct Ends {
    Event call;      // stopped, and no call is under way
    Event callback;  // stopped, and no user code is running
  };
  // How every task of a runtime comes to the loop.
  class Visit;

  Phase phase() const;
  // From one phase to another; false, and nothing changed, when it was not in the first.
  bool Move(Phase from, Phase to);

  // Scheduler thread.
  void BeginFirst(std::shared_ptr<FirstAnswer> first, const std::shared_ptr<Watch>& watch);
  void Send();
  void Answered(const Outcome<Done>& outcome);
  void AnsweredWithoutNews();  // a beat, and the payload is registered as before
  void FirstAnswered(const Outcome<Done>& outcome);
  void AskUser(const Failure& failure);
  void Act(KeepAliveAction action);
  void WaitFor(Duration since_begin);
  void Stop();
  void Dismiss();

  // Callback thread: runs the user's code, unless shut down first.
  template <typename UserCode>
  void RunUserCode(UserCode code);
  // Any thread: one line to the log function, on the callback thread. Drops it when too many wait.
  void Log(LogLevel level, std::string line);

  const std::shared_ptr<RobotConnection> connection_;
  const std::shared_ptr<const bosdyn::api::Payload> payload_;
  const Secret secret_;
  const KeepAliveOptions options_;
  const std::shared_ptr<Runtime> runtime_;
  const std::shared_ptr<CompletionInbox> inbox_;
  const std::stop_source cancel_;  // of every call: there is one end only

  // The scheduler thread's own.
  BackOff back_off_;
  TimerId timer_ = TimerId::kNone;
  TimePoint began_{};
  bool in_flight_ = false;
  std::shared_ptr<FirstAnswer> first_;
  std::weak_ptr<Watch> watch_;
  TimerId watch_timer_ = TimerId::kNone;

  const std::shared_ptr<Ends> ends_ = std::make_shared<Ends>();
  std::atomic<bool> call_is_over_ = false;      // for the visit to tell
  std::atomic<bool> callback_is_over_ = false;  // the same

  mutable std::mutex mutex_;  // never held while anything else runs
  Phase phase_ = Phase::kIdle;
  bool user_code_runs_ = false;
  std::size_t lines_waiting_ = 0;
  std::size_t lines_dropped_ = 0;
};

}  // namespace payload_manager
