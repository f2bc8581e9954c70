// All sessions and robots, as the scheduler thread sees them: asks each machine what it wants,
// stands in its robot's line for it, makes the call and hands the answer back.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "bosdyn/api/robot_id.pb.h"
#include "payload_manager/payload_sessions.h"
#include "session/ending.h"
#include "session/open_calls.h"
#include "session/robot_queue.h"
#include "session/session_machine.h"
#include "session/snapshot_board.h"
#include "session/subscription.h"

namespace payload_manager {

// Threads: the scheduler's, for every member but the constructor and destructor. User code is only
// ever posted to the callback thread; that includes the end of a connection.
class SessionTable : public std::enable_shared_from_this<SessionTable> {
 public:
  using ResultCallback = PayloadSessions::ResultCallback;

  // What it shares with whoever made it; none is null.
  struct Surroundings {
    std::shared_ptr<Runtime> runtime;
    std::shared_ptr<SnapshotBoard> board;
    std::shared_ptr<OpenCalls> open_calls;
    std::shared_ptr<UserCode> user_code;
  };

  struct NewSession {
    SessionId id;
    RobotHandle robot;
    std::shared_ptr<const bosdyn::api::Payload> definition;
    Secret secret;
    SessionOptions options;
    std::shared_ptr<Subscription> subscription;
  };

  SessionTable(Surroundings surroundings, std::uint64_t seed, FleetOptions options);
  ~SessionTable();
  SessionTable(const SessionTable&) = delete;
  SessionTable& operator=(const SessionTable&) = delete;

  void AddRobot(RobotHandle robot, std::string name, std::shared_ptr<RobotConnection> connection,
                const PacingOptions& pacing);
  // Ends its sessions. The departure ends with the last of their calls, and with the connection.
  void RemoveRobot(RobotHandle robot, const std::shared_ptr<Departure>& departure);
  void UpdateConnection(RobotHandle robot, std::shared_ptr<RobotConnection> connection);
  // Nothing happens when its robot was removed meanwhile.
  void AddSession(NewSession session);
  // The departure ends with the last of its calls.
  void RemoveSession(SessionId session, const std::shared_ptr<Departure>& departure);
  void UpdateDefinition(SessionId session, std::shared_ptr<const bosdyn::api::Payload> definition);
  // `version` is for CallKind::kVersion.
  void Ask(SessionId session, CallKind kind, const bosdyn::api::SoftwareVersion& version,
           ResultCallback done);
  // Ends every session and tells so; nothing is called from now on. What the sessions held, their
  // places in line, timers and connections are still there.
  void StopAll();
  // Cancels a part of the calls under way, while whoever shuts down is at the others.
  void HelpCancelling() { around_.open_calls->CancelAll(); }
  // After StopAll: lets go of those, of a connection once no call on it is under way. Apart,
  // because nobody needs to wait for it: closing a thousand takes longer than all the rest.
  void ForgetAll();

 private:
  struct Robot {
    RobotHandle handle;
    std::string name;
    std::shared_ptr<RobotConnection> connection;
    RobotQueue queue;
    std::set<SessionId> sessions = {};
    TimerId timer = TimerId::kNone;
    std::optional<TimePoint> timer_due = std::nullopt;
    std::optional<TimePoint> shown_probe = std::nullopt;
    bool waits_for_room = false;  // is in waiting_for_room_
    // When the list that is under way went out: one at a time, because it serves all who wanted it
    // by then.
    std::optional<TimePoint> list_began = std::nullopt;
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
    Duration patience;  // so much later an answer without news may be taken in
    std::shared_ptr<Subscription> subscription;
    std::map<std::uint64_t, WaitingRequest> requests = {};
    TimerId timer = TimerId::kNone;
    std::optional<TimePoint> timer_due = std::nullopt;
    std::optional<TimePoint> shown_attempt = std::nullopt;  // the next one, on the board
    // The call under way, by kind and number. One that was given up is not believed any more.
    std::optional<CallKind> call = std::nullopt;
    std::uint64_t call_number = 0;
    // Wanted the list that another session's call is fetching when that went out, and has neither
    // attached nor detached since, of which the list may not know.
    bool shares_list = false;
  };
  // A call until it has ended, be it given up long before.
  struct OpenCall {
    SessionId session;
    Session* asker;  // until it is given up
    RobotHandle robot;
    std::shared_ptr<RobotConnection> connection;
    bool given_up = false;
  };

  // The beat's payload is registered as before.
  struct AnswerWithoutNews {
    std::weak_ptr<SessionTable> table;
    std::uint64_t number;
    void operator()() const;
  };

  // Null after StopAll.
  Session* Find(SessionId session);
  Robot* Find(RobotHandle robot);
  // What an observer is to be told of the end of all.
  struct Farewell {
    std::shared_ptr<Subscription> subscription;
    SessionEffect effect;
  };

  // Brings timer, place in line, effects and snapshot up to date with the machine.
  void Update(Session& session);
  // The same for timer and place in line alone; when its next attempt is, unless it waits for
  // something else.
  std::optional<TimePoint> Arrange(Session& session);
  void ShowAttempt(Session& session, std::optional<TimePoint> next);
  void TellEffects(Session& session);
  void Tell(Session& session, SessionEffect effect);
  void Tell(std::vector<Farewell> farewells);
  void Report(ResultCallback done, Outcome<Done> outcome);
  void SetTimer(Session& session, std::optional<TimePoint> due);
  void SetTimer(Robot& robot, std::optional<TimePoint> due);
  void End(Session& session, const std::string& reason);
  void TellAll(Robot& robot, const std::optional<Failure>& outage);
  // Lets go of a connection where that holds up nobody.
  void Release(std::shared_ptr<RobotConnection> connection);

  // Makes the calls whose turn it is, and shows when the next probe is.
  void Pump(Robot& robot);
  void MakeCalls(Robot& robot);
  // The fleet has room for one more call of the robot.
  bool HasRoomFor(const Robot& robot) const;
  // Lets the robots go on that waited for others' calls to end.
  void PumpWaiting();
  void Send(Session& session, CallKind call);
  void Make(const Session& session, CallKind call, RobotConnection& robot,
            const CallOptions& options);
  // A list goes out: whoever wants one is to share it.
  void BeginList(Robot& robot);
  // It came back or was given up. Those who share it have it, if it is one; the others may ask.
  void EndList(Robot& robot, const Outcome<bosdyn::api::ListPayloadsResponse>* list);
  // Cancels the call, whose answer is not believed any more.
  void GiveUpCall(Session& session);
  template <typename T>
  Completion<T> AnswerOf(const Session& session);
  // The session's beat is probably going to say that all is as it was, which nobody waits for.
  bool ExpectsNoNews(const Session& session) const;
  template <typename T>
  void Answered(std::uint64_t number, const Outcome<T>& outcome);
  template <typename T>
  void Judge(Session& session, CallKind call, const Outcome<T>& outcome);
  // Takes the ended call off the books; the session whose call it was, unless it was given up.
  Session* Close(std::uint64_t number);

  const Surroundings around_;
  const std::size_t most_calls_;
  Jitter seeds_;
  std::map<RobotHandle, Robot> robots_;
  std::map<SessionId, Session> sessions_;
  std::unordered_map<std::uint64_t, OpenCall> calls_;
  std::deque<RobotHandle> waiting_for_room_;
  std::uint64_t last_request_ = 0;
  bool stopped_ = false;
};

}  // namespace payload_manager
