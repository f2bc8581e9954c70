// All payloads on all robots: registers each, keeps it registered, obtains and renews its token.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "payload_manager/base/outcome.h"
#include "payload_manager/base/secret.h"
#include "payload_manager/payload_session.h"
#include "payload_manager/robot_connection.h"
#include "payload_manager/runtime.h"

namespace payload_manager {

enum class SessionId : std::uint64_t {};
enum class RobotHandle : std::uint64_t {};

// How fast one robot may be asked, all its payloads together. The robot refuses more than 10
// registration and 5 authentication calls a second, whoever makes them; the defaults leave some of
// that to others, and hold though calls arrive up to 200 ms late: 10 and 5 in any 1.2 s. Beats,
// token calls, versions and attaching are registration calls, renewals auth calls; the list of
// payloads, asked for after each authorization and then hourly, has no limit. One list does for all
// payloads of a robot that want it: it goes out behind the registration calls that stood in line
// before it, which make more of them want it.
struct PacingOptions {
  int registration_calls_per_second = 8;
  int auth_calls_per_second = 4;
  // After "too many requests", and between probes of a robot that does not answer: drawn between
  // zero and a bound that doubles from the first to the last. It starts anew after a call within
  // the limits, and once the robot has been in reach for six times the last. A probe waits up to
  // its timeout for a connection, and counts from its beginning: a robot that comes back is found
  // as soon as it can be connected to.
  Duration first_back_off = std::chrono::seconds(1);
  Duration last_back_off = std::chrono::seconds(10);
  // Calls that may be under way at once, of all kinds. At the default rates a robot that takes less
  // than a second to answer never gets there; one that hangs does, until a call has timed out.
  int most_calls_under_way = 16;
};

struct FleetOptions {
  // Calls that may be under way at once, all robots together; a bound on memory and sockets. A
  // robot that has none under way may always begin one, so that no number of hung robots keeps
  // another from being asked: together there are never more than this plus one for each robot. What
  // had to wait goes out as calls end, robot by robot in the order of waiting.
  int most_calls_under_way = 256;
};

// A table of sessions without a thread of its own: everything happens on the given runtime.
//
// Threads: every member may be called from any thread, and from callbacks. Only RemoveAndWait,
// RemoveRobotAndWait, Shutdown and the destructor block; called on the runtime's own threads, or in
// a completion (base/completion_scope.h), they only ask and return at once. Any limit and any
// interval may be Duration::max(): what is longer than 100 years is taken for that.
// Ownership: shares the runtime, and each connection until its robot is removed or has another one
// (or the table is shut down or gone) and none of its calls is left; it is let go of on the
// callback thread, because closing one may take a moment.
// Order: a request made after Add on the same thread finds the session.
class PayloadSessions {
 public:
  // The result of a request: exactly once, on the callback thread. kShutDown when the session was
  // removed or the table shut down first. Never when the runtime was stopped before: then there is
  // no thread left to tell it on, and the callback is dropped.
  using ResultCallback = std::function<void(Outcome<Done>)>;

  static constexpr Duration kCallbackGrace = std::chrono::seconds(1);

  // `seed` decides all jitter, so that tests know the instants.
  explicit PayloadSessions(std::shared_ptr<Runtime> runtime, std::uint64_t seed = RandomSeed(),
                           FleetOptions options = {});
  // Shutdown(), and waits for the connections to be let go of.
  ~PayloadSessions();
  PayloadSessions(const PayloadSessions&) = delete;
  PayloadSessions& operator=(const PayloadSessions&) = delete;

  static std::uint64_t RandomSeed();

  // `name` is for people. Throws Error (kInvalidArgument) when there is no connection.
  RobotHandle AddRobot(std::string name, std::shared_ptr<RobotConnection> connection,
                       PacingOptions pacing = {});

  // Ends every session of the robot, as Remove does, cancels its calls and lets go of its
  // connection. Never blocks. The handle is not used again. False when there is no such robot.
  bool RemoveRobot(RobotHandle robot);
  // RemoveRobot, then waits until no callback of its sessions is running or to come, its calls have
  // ended and the connection has been let go of; false as RemoveAndWait is.
  bool RemoveRobotAndWait(RobotHandle robot, Duration limit = kCallbackGrace);

  // The same robot is reached otherwise from now on: another address, another certificate. Calls
  // under way on the old connection are cancelled at once, and what they still answer is not
  // believed; they are made again on the new one. Sessions keep their state, token and requests and
  // go on at once, within the robot's pace, which counts on: moving a robot is no burst. One that
  // was out of reach is probed at once. Refused: no connection, an unknown robot, a table that was
  // shut down.
  Checked<Done> UpdateConnection(RobotHandle robot, std::shared_ptr<RobotConnection> connection);

  // Starts to register the payload. Refused: no definition, an empty GUID or secret, a GUID that
  // this robot already has a session for (regardless of case), an interval or timeout that is not
  // positive, an unknown robot, a table that was shut down.
  Checked<SessionId> Add(RobotHandle robot, std::shared_ptr<const bosdyn::api::Payload> definition,
                         Secret secret, SessionOptions options = {}, SessionObserver observer = {});

  // Ends the session: its call is cancelled and its requests answered kShutDown. The payload stays
  // registered on the robot. No observer callback starts after Remove has returned; one may be
  // running. Its GUID may be added again at once. False when there is no such session.
  bool Remove(SessionId session);
  // Remove, then waits until no callback of the session is running or to come and its call has
  // ended; false when `limit` passed first, at once on an own thread or in a completion, and at
  // once when the runtime has been stopped, which leaves nobody to tell.
  bool RemoveAndWait(SessionId session, Duration limit = kCallbackGrace);

  // From the next beat on. A robot keeps the definition it has; when it differs from the new one,
  // definition_differs tells so. Refused: another GUID, no definition, an unknown session.
  Checked<Done> UpdateDefinition(SessionId session,
                                 std::shared_ptr<const bosdyn::api::Payload> definition);

  // Requests are carried out in order, as soon as the state allows (a version once registered,
  // attaching once authorized). One that got no answer, or "too many requests", is sent again after
  // 1, 2, 4 and 8 s, as far as the state allows; the fifth such failure is its result. Any other
  // failure is its result at once. At most 64 wait per session; one more is answered
  // kInvalidArgument.
  void SetVersion(SessionId session, const bosdyn::api::SoftwareVersion& version,
                  ResultCallback done = {});
  void Attach(SessionId session, ResultCallback done = {});
  void Detach(SessionId session, ResultCallback done = {});

  // Never waits for a robot, a callback or the scheduler, nor keeps one waiting: each snapshot is
  // of one instant, all of them together need not be. nullopt: no such session.
  std::optional<PayloadSnapshot> Snapshot(SessionId session) const;
  std::map<SessionId, PayloadSnapshot> Snapshots() const;

  // Refuses new sessions, cancels every call at once and ends every session (kRemoved). Waits at
  // most 100 ms for the calls to end and at most `callback_grace` for the callbacks under way;
  // returns whether both have: then no callback and no call of the table runs any more. Only its
  // connections are let go of on the callback thread meanwhile and after, which for a thousand
  // takes longer than the rest, and what they refer to (ConnectionOptions::clock) has to last: a
  // later call, the destructor and Runtime::Stop wait for that too, within their grace. A runtime
  // stopped before has no thread for it: then they are held until the table is gone. Idempotent.
  // The runtime goes on: it may be shared.
  bool Shutdown(Duration callback_grace = kCallbackGrace);

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace payload_manager
