#include "payload_manager/payload_sessions.h"

#include <atomic>
#include <random>
#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "definition/compare/guid.h"
#include "payload_manager/errors.h"
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

}  // namespace

// Constant after construction but for the members below the mutex. What happens, happens in the
// table on the scheduler thread; this class checks, posts and waits.
class PayloadSessions::Core {
 public:
  Core(std::shared_ptr<Runtime> runtime_in, std::uint64_t seed)
      : runtime(std::move(runtime_in)),
        board(std::make_shared<SnapshotBoard>()),
        table(std::make_shared<SessionTable>(runtime, seed, board)) {}

  // Runs `work(table)` on the scheduler thread; false when the runtime has been stopped.
  template <typename Work>
  bool Post(Work work) const {
    return runtime->Post([table = table, work = std::move(work)]() mutable { work(*table); });
  }

  const std::shared_ptr<Runtime> runtime;
  const std::shared_ptr<SnapshotBoard> board;
  const std::shared_ptr<SessionTable> table;
  const std::shared_ptr<Event> calls_ended = std::make_shared<Event>();
  const std::shared_ptr<Event> callbacks_ended = std::make_shared<Event>();

  std::mutex mutex;  // adding and shutting down must not pass each other
  std::map<RobotHandle, std::string> robots;
  std::map<SessionId, std::string> guids;  // as in the first definition
  bool shut_down = false;
};

PayloadSessions::PayloadSessions(std::shared_ptr<Runtime> runtime, std::uint64_t seed)
    : core_(std::make_shared<Core>(std::move(runtime), seed)) {}

PayloadSessions::~PayloadSessions() { Shutdown(); }

std::uint64_t PayloadSessions::RandomSeed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

RobotHandle PayloadSessions::AddRobot(std::string name, std::shared_ptr<RobotConnection> connection,
                                      PacingOptions pacing) {
  if (connection == nullptr) {
    ThrowError({FailureKind::kInvalidArgument, "robot " + name + " needs a connection"});
  }
  const std::lock_guard lock(core_->mutex);
  const RobotHandle robot{core_->robots.size() + 1};
  core_->robots.emplace(robot, name);
  core_->Post([robot, name = std::move(name), connection = std::move(connection),
               pacing](SessionTable& table) mutable {
    table.AddRobot(robot, std::move(name), std::move(connection), pacing);
  });
  return robot;
}

Checked<SessionId> PayloadSessions::Add(RobotHandle robot,
                                        std::shared_ptr<const bosdyn::api::Payload> definition,
                                        Secret secret, SessionOptions options,
                                        SessionObserver observer) {
  if (definition == nullptr) return Refused("there is no payload definition");
  if (definition->guid().empty()) return Refused("the payload definition has no GUID");
  if (secret.empty()) return Refused("payload " + definition->guid() + ": the secret is empty");
  if (const std::string wrong = WrongWith(options); !wrong.empty()) return Refused(wrong);

  const std::lock_guard lock(core_->mutex);
  if (core_->shut_down) return Refused("the payload manager has been shut down");
  const auto known = core_->robots.find(robot);
  if (known == core_->robots.end()) return Refused("there is no such robot");
  PayloadSnapshot first;
  first.robot = known->second;
  first.guid = definition->guid();
  first.since = core_->runtime->Now();
  auto subscription = std::make_shared<Subscription>(std::move(observer));
  const auto session = core_->board->Open(robot, std::move(first), subscription);
  if (!session) {
    return Refused("payload " + definition->guid() + " is on robot " + known->second +
                   " already: a GUID belongs to one payload");
  }
  core_->guids.emplace(*session, definition->guid());
  core_->Post(
      [added = SessionTable::NewSession{*session, robot, std::move(definition), std::move(secret),
                                        options, std::move(subscription)}](
          SessionTable& table) mutable { table.AddSession(std::move(added)); });
  return *session;
}

bool PayloadSessions::Remove(SessionId session) {
  if (!core_->board->Close(session)) return false;
  {
    const std::lock_guard lock(core_->mutex);
    core_->guids.erase(session);
  }
  core_->Post(
      [session](SessionTable& table) { table.RemoveSession(session, std::make_shared<Event>()); });
  return true;
}

bool PayloadSessions::RemoveAndWait(SessionId session, Duration limit) {
  if (!core_->board->Close(session)) return false;
  {
    const std::lock_guard lock(core_->mutex);
    core_->guids.erase(session);
  }
  const auto ended = std::make_shared<Event>();
  core_->Post([session, ended](SessionTable& table) { table.RemoveSession(session, ended); });
  return core_->runtime->Await(*ended, limit);
}

Checked<Done> PayloadSessions::UpdateDefinition(
    SessionId session, std::shared_ptr<const bosdyn::api::Payload> definition) {
  if (definition == nullptr) return Refused("there is no payload definition");
  {
    const std::lock_guard lock(core_->mutex);
    const auto guid = core_->guids.find(session);
    if (guid == core_->guids.end()) return Refused("there is no such session");
    if (!SameGuid(guid->second, definition->guid())) {
      return Refused("payload " + guid->second +
                     ": a new definition may not change the GUID (to '" + definition->guid() +
                     "')");
    }
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
  {
    const std::lock_guard lock(core_->mutex);
    if (!std::exchange(core_->shut_down, true)) {
      const bool posted =
          core_->Post([calls = core_->calls_ended, callbacks = core_->callbacks_ended](
                          SessionTable& table) { table.StopAll(calls, callbacks); });
      if (!posted) {  // the runtime was stopped before: nothing of ours can run any more
        core_->calls_ended->Set();
        core_->callbacks_ended->Set();
      }
    }
  }
  const bool calls_ended = core_->runtime->Await(*core_->calls_ended, kOwnPart);
  const bool callbacks_ended = core_->runtime->Await(*core_->callbacks_ended, callback_grace);
  if (!core_->runtime->OnOwnThread()) core_->board->CloseSubscriptions();
  return calls_ended && callbacks_ended;
}

}  // namespace payload_manager
