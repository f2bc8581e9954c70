#include "payload_manager/payload_sessions.h"

#include <algorithm>
#include <random>
#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "definition/compare/guid.h"
#include "payload_manager/errors.h"
#include "schedule/waiting.h"
#include "session/session_table.h"
#include "session/snapshot_board.h"
#include "session/subscription.h"

namespace payload_manager {
namespace {

constexpr Duration kOwnPart = std::chrono::milliseconds(100);

Failed<Problem> Refused(std::string why) { return Failed{Problem{std::move(why)}}; }

// The first thing wrong with the options, or empty.
std::string WrongWith(const SessionOptions& options) {
  const std::pair<Duration, const char*> positive[] = {
      {options.interval, "interval"},
      {options.token_poll, "token_poll"},
      {options.slowest_token_poll, "slowest_token_poll"},
      {options.token_check, "token_check"},
      {options.token_renewal, "token_renewal"},
      {options.definition_check, "definition_check"},
      {options.call_timeout, "call_timeout"}};
  for (const auto& [duration, name] : positive) {
    if (duration <= Duration(0)) return std::string("the option ") + name + " must be positive";
  }
  return {};
}

SessionOptions WithBoundedWaits(SessionOptions options) {
  for (Duration* each :
       {&options.interval, &options.token_poll, &options.slowest_token_poll, &options.token_check,
        &options.token_renewal, &options.definition_check, &options.call_timeout}) {
    *each = Bounded(*each);
  }
  return options;
}

// Sets an event when it is destroyed, be it with a task that a stopped runtime has dropped.
class SetAtTheEnd {
 public:
  explicit SetAtTheEnd(std::shared_ptr<Event> event) : event_(std::move(event)) {}
  SetAtTheEnd(const SetAtTheEnd&) = delete;
  SetAtTheEnd& operator=(const SetAtTheEnd&) = delete;
  ~SetAtTheEnd() { event_->Set(); }

 private:
  const std::shared_ptr<Event> event_;
};

}  // namespace

// Constant after construction but for the members below the mutex. What happens, happens in the
// table on the scheduler thread; this class checks, posts and waits.
class PayloadSessions::Core {
 public:
  Core(std::shared_ptr<Runtime> runtime_in, std::uint64_t seed, FleetOptions options)
      : runtime(std::move(runtime_in)),
        sessions(std::make_shared<SessionTable>(
            SessionTable::Surroundings{runtime, board, open_calls, user_code}, seed, options)) {}

  // Runs `work(table)` on the scheduler thread; drops it when the runtime has been stopped.
  template <typename Work>
  void Post(Work work) const {
    runtime->Post([table = sessions, work = std::move(work)]() mutable { work(*table); });
  }

  std::shared_ptr<Ending> Remove(SessionId session) const {
    auto ending = std::make_shared<Ending>();
    Post([session, departure = std::make_shared<Departure>(runtime, ending)](SessionTable& table) {
      table.RemoveSession(session, departure);
    });
    return ending;
  }

  // Null when there is no such robot.
  std::shared_ptr<Ending> Remove(RobotHandle robot) {
    std::vector<std::shared_ptr<Subscription>> closed;  // die after the lock
    const std::lock_guard lock(mutex);
    if (robots.erase(robot) == 0) return nullptr;
    closed = board->CloseAll(robot);
    auto ending = std::make_shared<Ending>();
    Post([robot, departure = std::make_shared<Departure>(runtime, ending)](SessionTable& table) {
      table.RemoveRobot(robot, departure);
    });
    return ending;
  }

  const std::shared_ptr<Runtime> runtime;
  const std::shared_ptr<SnapshotBoard> board = std::make_shared<SnapshotBoard>();
  const std::shared_ptr<OpenCalls> open_calls = std::make_shared<OpenCalls>(*runtime);
  const std::shared_ptr<UserCode> user_code = std::make_shared<UserCode>();
  const std::shared_ptr<SessionTable> sessions;

  std::mutex mutex;  // adding, removing and shutting down must not pass each other
  std::map<RobotHandle, std::string> robots;
  std::uint64_t last_robot = 0;
  bool shut_down = false;
};

PayloadSessions::PayloadSessions(std::shared_ptr<Runtime> runtime, std::uint64_t seed,
                                 FleetOptions options)
    : core_(std::make_shared<Core>(std::move(runtime), seed, options)) {}

PayloadSessions::~PayloadSessions() {
  Shutdown();
  Shutdown();  // waits for the connections, which the first leaves to the callback thread
}

std::uint64_t PayloadSessions::RandomSeed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

RobotHandle PayloadSessions::AddRobot(std::string name, std::shared_ptr<RobotConnection> connection,
                                      PacingOptions pacing) {
  if (connection == nullptr) {
    ThrowError({FailureKind::kInvalidArgument, "robot " + name + " needs a connection"});
  }
  const auto kept = connection;  // not to die under the lock, should the task be dropped
  const std::lock_guard lock(core_->mutex);
  const RobotHandle robot{++core_->last_robot};
  core_->robots.emplace(robot, name);
  core_->Post([robot, name = std::move(name), connection = std::move(connection),
               pacing](SessionTable& table) mutable {
    table.AddRobot(robot, std::move(name), std::move(connection), pacing);
  });
  return robot;
}

bool PayloadSessions::RemoveRobot(RobotHandle robot) { return core_->Remove(robot) != nullptr; }

bool PayloadSessions::RemoveRobotAndWait(RobotHandle robot, Duration limit) {
  const auto ending = core_->Remove(robot);
  return ending != nullptr && ending->Await(*core_->runtime, limit);
}

Checked<Done> PayloadSessions::UpdateConnection(RobotHandle robot,
                                                std::shared_ptr<RobotConnection> connection) {
  if (connection == nullptr) return Refused("there is no connection");
  const auto kept = connection;  // as in AddRobot
  const std::lock_guard lock(core_->mutex);
  if (core_->shut_down) return Refused("the payload manager has been shut down");
  if (!core_->robots.contains(robot)) return Refused("there is no such robot");
  core_->Post([robot, connection = std::move(connection)](SessionTable& table) mutable {
    table.UpdateConnection(robot, std::move(connection));
  });
  return Done{};
}

Checked<SessionId> PayloadSessions::Add(RobotHandle robot,
                                        std::shared_ptr<const bosdyn::api::Payload> definition,
                                        Secret secret, SessionOptions options,
                                        SessionObserver observer) {
  if (definition == nullptr) return Refused("there is no payload definition");
  if (definition->guid().empty()) return Refused("the payload definition has no GUID");
  if (secret.empty()) return Refused("payload " + definition->guid() + ": the secret is empty");
  if (const std::string wrong = WrongWith(options); !wrong.empty()) return Refused(wrong);
  // Dies after the lock, should the session not come to be.
  const auto subscription = std::make_shared<Subscription>(std::move(observer));

  const std::lock_guard lock(core_->mutex);
  if (core_->shut_down) return Refused("the payload manager has been shut down");
  const auto known = core_->robots.find(robot);
  if (known == core_->robots.end()) return Refused("there is no such robot");
  PayloadSnapshot first;
  first.robot = known->second;
  first.guid = definition->guid();
  first.since = core_->runtime->Now();
  const auto session = core_->board->Open(robot, std::move(first), subscription);
  if (!session) {
    return Refused("payload " + definition->guid() + " is on robot " + known->second +
                   " already: a GUID belongs to one payload");
  }
  core_->Post([added = SessionTable::NewSession{*session, robot, std::move(definition),
                                                std::move(secret), WithBoundedWaits(options),
                                                subscription}](SessionTable& table) mutable {
    table.AddSession(std::move(added));
  });
  return *session;
}

bool PayloadSessions::Remove(SessionId session) {
  if (!core_->board->Close(session)) return false;
  core_->Remove(session);
  return true;
}

bool PayloadSessions::RemoveAndWait(SessionId session, Duration limit) {
  if (!core_->board->Close(session)) return false;
  return core_->Remove(session)->Await(*core_->runtime, limit);
}

Checked<Done> PayloadSessions::UpdateDefinition(
    SessionId session, std::shared_ptr<const bosdyn::api::Payload> definition) {
  if (definition == nullptr) return Refused("there is no payload definition");
  const auto guid = core_->board->GuidOf(session);
  if (!guid) return Refused("there is no such session");
  if (!SameGuid(*guid, definition->guid())) {
    return Refused("payload " + *guid + ": a new definition may not change the GUID (to '" +
                   definition->guid() + "')");
  }
  core_->Post([session, definition = std::move(definition)](SessionTable& table) mutable {
    table.UpdateDefinition(session, std::move(definition));
  });
  return Done{};
}

void PayloadSessions::SetVersion(SessionId session, const bosdyn::api::SoftwareVersion& version,
                                 ResultCallback done) {
  core_->Post([session, version, done = std::move(done)](SessionTable& table) mutable {
    table.Ask(session, CallKind::kVersion, version, std::move(done));
  });
}

void PayloadSessions::Attach(SessionId session, ResultCallback done) {
  core_->Post([session, done = std::move(done)](SessionTable& table) mutable {
    table.Ask(session, CallKind::kAttach, {}, std::move(done));
  });
}

void PayloadSessions::Detach(SessionId session, ResultCallback done) {
  core_->Post([session, done = std::move(done)](SessionTable& table) mutable {
    table.Ask(session, CallKind::kDetach, {}, std::move(done));
  });
}

std::optional<PayloadSnapshot> PayloadSessions::Snapshot(SessionId session) const {
  return core_->board->Get(session);
}

std::map<SessionId, PayloadSnapshot> PayloadSessions::Snapshots() const {
  return core_->board->All();
}

bool PayloadSessions::Shutdown(Duration callback_grace) {
  Core& core = *core_;
  const TimePoint own_part_ends = core.runtime->Now() + kOwnPart;
  // Behind all that is waiting on the scheduler, and then behind all that is waiting to be told.
  // What becomes of the calls is told nobody, so this need not come behind their ends.
  const auto ending = std::make_shared<Ending>();
  auto departure = std::make_shared<Departure>(core.runtime, ending);
  {
    const std::lock_guard lock(core.mutex);
    const bool first = !std::exchange(core.shut_down, true);
    core.Post([first, departure = std::move(departure)](SessionTable& table) mutable {
      if (first) table.StopAll();
      departure.reset();
      table.HelpCancelling();
    });
  }
  core.open_calls->CancelAll();  // here and now: the scheduler may be busy
  const bool calls_ended = AwaitWhereAllowed(*core.runtime, core.open_calls->none_left(), kOwnPart);
  // Nobody waits for its end, but for its beginning: Runtime::Stop lets a task end that has begun,
  // and drops the others with what they were to let go of.
  const auto begun = std::make_shared<Event>();
  core.Post([begins = std::make_shared<SetAtTheEnd>(begun)](SessionTable& table) mutable {
    begins.reset();
    table.ForgetAll();
  });
  const auto left_of_own_part = [&] {
    return std::max(own_part_ends - core.runtime->Now(), Duration(0));
  };
  AwaitWhereAllowed(*core.runtime, *begun, left_of_own_part());
  const Duration left = left_of_own_part();
  const bool told =
      ending->AwaitQuiet(*core.runtime, *core.user_code, left + Bounded(callback_grace));
  if (MayWait(*core.runtime) && !ending->CameInTurn()) core.board->CloseSubscriptions();
  return calls_ended && told;
}

}  // namespace payload_manager
