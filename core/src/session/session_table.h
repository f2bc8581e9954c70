// All sessions and robots, as the scheduler thread sees them: asks each machine what it wants,
// stands in its robot's line for it, makes the call and hands the answer back.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "bosdyn/api/robot_id.pb.h"
#include "payload_manager/payload_sessions.h"
#include "session/completion_inbox.h"
#include "session/robot_queue.h"
#include "session/session_machine.h"
#include "session/snapshot_board.h"
#include "session/subscription.h"

namespace payload_manager {

// Threads: the scheduler's, for every member but the constructor and destructor. User code is only
// ever posted to the callback thread.
class SessionTable : public std::enable_shared_from_this<SessionTable> {
 public:
  using ResultCallback = PayloadSessions::ResultCallback;

  struct NewSession {
    SessionId id;
    RobotHandle robot;
    std::shared_ptr<const bosdyn::api::Payload> definition;
    Secret secret;
    SessionOptions options;
    std::shared_ptr<Subscription> subscription;
  };

  SessionTable(std::shared_ptr<Runtime> runtime, std::uint64_t seed,
               std::shared_ptr<SnapshotBoard> board);
  ~SessionTable();
  SessionTable(const SessionTable&) = delete;
  SessionTable& operator=(const SessionTable&) = delete;

  void AddRobot(RobotHandle robot, std::string name, std::shared_ptr<RobotConnection> connection,
                const PacingOptions& pacing);
  void AddSession(NewSession session);
  // `ended` is set on the callback thread once the session's calls have ended and its callbacks
  // have run.
  void RemoveSession(SessionId session, std::shared_ptr<Event> ended);
  void UpdateDefinition(SessionId session, std::shared_ptr<const bosdyn::api::Payload> definition);
  // `version` is for CallKind::kVersion.
  void Ask(SessionId session, CallKind kind, const bosdyn::api::SoftwareVersion& version,
           ResultCallback done);
  // Ends everything. The events are set once no call is left, and once every callback has run.
  void StopAll(std::shared_ptr<Event> calls_ended, std::shared_ptr<Event> callbacks_ended);

 private:
  struct Robot {
    std::string name;
    std::shared_ptr<RobotConnection> connection;
    RobotQueue queue;
    std::set<SessionId> sessions;
    TimerId timer = TimerId::kNone;
  };
  struct WaitingRequest {
    bosdyn::api::SoftwareVersion version;
    ResultCallback done;
  };
  struct Session {
    SessionId id;
    Robot* robot;
    SessionMachine machine;
    PayloadCredentials credentials;
    Duration call_timeout;
    std::shared_ptr<Subscription> subscription;
    std::map<std::uint64_t, WaitingRequest> requests = {};
    TimerId timer = TimerId::kNone;
    std::optional<TimePoint> timer_due = std::nullopt;
    // The call under way. Its epoch tells its answer from those of calls given up before.
    std::optional<CallKind> call = std::nullopt;
    std::uint64_t epoch = 0;
    std::stop_source cancel = {};
    int open_calls = 0;  // under way or given up, and not yet ended
  };
  struct Leaving {
    int open_calls;
    std::shared_ptr<Event> ended;
  };

  Session* Find(SessionId session);
  // Brings timer, place in line, effects and snapshot up to date with the machine.
  void Update(Session& session);
  void Publish(const Session& session, std::optional<TimePoint> next_attempt);
  void TellEffects(Session& session);
  void Report(ResultCallback done, Outcome<Done> outcome);
  void SetTimer(Session& session, std::optional<TimePoint> due);
  // Makes the calls whose turn it is.
  void Pump(Robot& robot);
  void Send(Session& session, CallKind call);
  void GiveUpCall(Session& session);

  template <typename T>
  Completion<T> AnswerOf(const Session& session);
  template <typename T>
  void Answered(SessionId session, std::uint64_t epoch, const Outcome<T>& outcome);
  void CallEnded(SessionId session);
  void TellAll(Robot& robot, const std::optional<Failure>& outage);

  const std::shared_ptr<Runtime> runtime_;
  const std::shared_ptr<SnapshotBoard> board_;
  const std::shared_ptr<CompletionInbox> inbox_;
  Jitter seeds_;
  std::map<RobotHandle, Robot> robots_;
  std::map<SessionId, Session> sessions_;
  std::map<SessionId, Leaving> leaving_;
  std::uint64_t last_request_ = 0;
  int open_calls_ = 0;
  std::shared_ptr<Event> calls_ended_;  // set when stopping
};

}  // namespace payload_manager
