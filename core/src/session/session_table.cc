#include "session/session_table.h"

#include <algorithm>
#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "session/call_class.h"

namespace payload_manager {
namespace {

// What follows from an answer that changes nothing is the next beat, seconds later.
constexpr Duration kPatience = std::chrono::milliseconds(50);

// So many observers are told of the end of all by one task: each wake-up of the callback thread
// costs more than what it does for one.
constexpr std::size_t kFarewellsAtATime = 256;

Duration PatienceFor(const SessionOptions& options) {
  return std::min(kPatience, std::min(options.interval, options.token_poll) / 10);
}

}  // namespace

SessionTable::SessionTable(Surroundings surroundings, std::uint64_t seed, FleetOptions options)
    : around_(std::move(surroundings)),
      most_calls_(static_cast<std::size_t>(std::max(1, options.most_calls_under_way))),
      seeds_(seed) {}

SessionTable::~SessionTable() {
  around_.open_calls->LetGoOfRuntime();
  around_.open_calls->CancelAll();
}

void SessionTable::AddRobot(RobotHandle robot, std::string name,
                            std::shared_ptr<RobotConnection> connection,
                            const PacingOptions& pacing) {
  if (stopped_) return Release(std::move(connection));
  robots_.emplace(robot, Robot{robot, std::move(name), std::move(connection),
                               RobotQueue(pacing, seeds_.Seed())});
}

void SessionTable::RemoveRobot(RobotHandle handle, const std::shared_ptr<Departure>& departure) {
  for (const auto& [number, call] : calls_) {  // some may outlast the robot, after ForgetAll
    if (call.robot == handle) around_.open_calls->HoldUp(number, departure);
  }
  Robot* robot = Find(handle);
  if (robot == nullptr) return;
  if (!stopped_) {
    for (const SessionId id : robot->sessions) {
      End(*Find(id), "the robot was removed");
      sessions_.erase(id);
    }
  }
  SetTimer(*robot, std::nullopt);
  Release(std::move(robot->connection));
  robots_.erase(handle);
}

void SessionTable::UpdateConnection(RobotHandle handle,
                                    std::shared_ptr<RobotConnection> connection) {
  Robot* robot = Find(handle);
  if (robot == nullptr || stopped_) return Release(std::move(connection));
  Release(std::exchange(robot->connection, std::move(connection)));
  robot->queue.ConnectionChanged(around_.runtime->Now());
  for (const SessionId id : robot->sessions) {
    Session& session = *Find(id);
    if (!session.call) continue;
    session.machine.GivenUp(*session.call);
    GiveUpCall(session);
    Update(session);
  }
  Pump(*robot);
}

void SessionTable::AddSession(NewSession added) {
  Robot* found = Find(added.robot);
  if (found == nullptr || stopped_) return;
  Robot& robot = *found;
  const TimePoint now = around_.runtime->Now();
  PayloadCredentials credentials{added.definition->guid(), std::move(added.secret)};
  Session& session =
      sessions_
          .emplace(added.id, Session{added.id, &robot,
                                     SessionMachine(added.options, std::move(added.definition),
                                                    seeds_.Seed(), now),
                                     std::move(credentials), added.options.call_timeout,
                                     PatienceFor(added.options), std::move(added.subscription)})
          .first->second;
  robot.sessions.insert(added.id);
  if (robot.queue.outage()) session.machine.RobotUnreachable(*robot.queue.outage(), now);
  Update(session);
  Pump(robot);
}

void SessionTable::RemoveSession(SessionId id, const std::shared_ptr<Departure>& departure) {
  for (const auto& [number, call] : calls_) {
    if (call.session == id) around_.open_calls->HoldUp(number, departure);
  }
  Session* session = Find(id);
  if (session == nullptr) return;
  Robot& robot = *session->robot;
  End(*session, "the session was removed");
  robot.sessions.erase(id);
  sessions_.erase(id);
  Pump(robot);
}

void SessionTable::UpdateDefinition(SessionId id,
                                    std::shared_ptr<const bosdyn::api::Payload> definition) {
  Session* session = Find(id);
  if (session == nullptr) return;
  const TimePoint now = around_.runtime->Now();
  Robot& robot = *session->robot;
  if (session->call == CallKind::kRegister) {
    // An answer to the old definition must not be taken for one to the new.
    session->machine.GivenUp(CallKind::kRegister);
    GiveUpCall(*session);
  }
  session->machine.UpdateDefinition(std::move(definition), now);
  if (robot.queue.outage()) session->machine.RobotUnreachable(*robot.queue.outage(), now);
  Update(*session);
  Pump(robot);
}

void SessionTable::Ask(SessionId id, CallKind kind, const bosdyn::api::SoftwareVersion& version,
                       ResultCallback done) {
  Session* session = Find(id);
  if (session == nullptr) {
    Report(std::move(done), Failed{Failure{FailureKind::kShutDown, "there is no such session"}});
    return;
  }
  const std::uint64_t number = ++last_request_;
  if (!session->machine.Ask({kind, number}, around_.runtime->Now())) {
    Report(std::move(done), Failed{Failure{FailureKind::kInvalidArgument,
                                           "too many requests of this payload are waiting"}});
    return;
  }
  session->requests.emplace(number, WaitingRequest{version, std::move(done)});
  if (session->call) around_.open_calls->Await(session->call_number);
  Update(*session);
  Pump(*session->robot);
}

void SessionTable::StopAll() {
  stopped_ = true;
  const TimePoint now = around_.runtime->Now();
  const std::string reason = "shut down";
  around_.board->PublishEnd(now);
  std::vector<Farewell> farewells;
  farewells.reserve(kFarewellsAtATime + 1);
  for (auto& [id, session] : sessions_) {
    session.machine.Remove(reason, now);
    for (SessionEffect& effect : session.machine.TakeEffects()) {
      if (std::holds_alternative<ResultEffect>(effect)) {
        Tell(session, std::move(effect));
      } else if (session.subscription->Accept(effect)) {
        farewells.push_back({session.subscription, std::move(effect)});
      }
    }
    if (farewells.size() < kFarewellsAtATime) continue;
    Tell(std::exchange(farewells, {}));
    farewells.reserve(kFarewellsAtATime + 1);
  }
  if (!farewells.empty()) Tell(std::move(farewells));
}

void SessionTable::ForgetAll() {
  for (auto& [id, session] : sessions_) SetTimer(session, std::nullopt);
  sessions_.clear();
  for (auto& [id, robot] : robots_) {
    SetTimer(robot, std::nullopt);
    Release(std::move(robot.connection));
  }
  robots_.clear();
  std::erase_if(calls_, [this](auto& numbered) {
    if (around_.open_calls->Await(numbered.first)) return false;  // its answer lets go of it
    Release(std::move(numbered.second.connection));
    return true;
  });
}

SessionTable::Session* SessionTable::Find(SessionId session) {
  const auto found = sessions_.find(session);
  return stopped_ || found == sessions_.end() ? nullptr : &found->second;
}

SessionTable::Robot* SessionTable::Find(RobotHandle robot) {
  const auto found = robots_.find(robot);
  return found == robots_.end() ? nullptr : &found->second;
}

void SessionTable::End(Session& session, const std::string& reason) {
  session.machine.Remove(reason, around_.runtime->Now());
  around_.board->Publish(session.id, session.machine.snapshot(), std::nullopt);
  SetTimer(session, std::nullopt);
  GiveUpCall(session);
  session.robot->queue.Withdraw(Number(session.id));
  TellEffects(session);
}

void SessionTable::Update(Session& session) {
  session.shown_attempt = Arrange(session);
  around_.board->Publish(session.id, session.machine.snapshot(), session.shown_attempt);
  TellEffects(session);
}

std::optional<TimePoint> SessionTable::Arrange(Session& session) {
  std::optional<TimePoint> next_attempt;
  std::optional<TimePoint> ask_again;
  if (!session.call) {
    const SessionMachine::Wish wish =
        session.machine.WhatNext(around_.runtime->Now(), !session.robot->list_began);
    if (wish.call) {
      session.robot->queue.Enqueue(Number(session.id), ClassOf(*wish.call));
    } else {
      session.robot->queue.Withdraw(Number(session.id));
      next_attempt = wish.at;
    }
    ask_again = wish.at;
  }
  SetTimer(session, ask_again);
  return next_attempt;
}

void SessionTable::ShowAttempt(Session& session, std::optional<TimePoint> next) {
  if (std::exchange(session.shown_attempt, next) == next) return;
  around_.board->PublishNextAttempt(session.id, next);
}

void SessionTable::TellEffects(Session& session) {
  for (SessionEffect& effect : session.machine.TakeEffects()) Tell(session, std::move(effect));
}

void SessionTable::Tell(Session& session, SessionEffect effect) {
  if (const auto* result = std::get_if<ResultEffect>(&effect)) {
    auto request = session.requests.extract(result->request);
    if (request) Report(std::move(request.mapped().done), result->outcome);
    return;
  }
  if (!session.subscription->Accept(effect)) return;
  around_.runtime->PostCallback(
      [user_code = around_.user_code, subscription = session.subscription,
       effect = std::move(effect)] { user_code->Run([&] { subscription->Tell(effect); }); });
}

void SessionTable::Tell(std::vector<Farewell> farewells) {
  around_.runtime->PostCallback([user_code = around_.user_code, farewells = std::move(farewells)] {
    for (const Farewell& farewell : farewells) {
      user_code->Run([&] { farewell.subscription->Tell(farewell.effect); });
    }
  });
}

void SessionTable::Report(ResultCallback done, Outcome<Done> outcome) {
  if (!done) return;
  around_.runtime->PostCallback(
      [user_code = around_.user_code, done = std::move(done), outcome = std::move(outcome)] {
        user_code->Run([&] { done(outcome); });
      });
}

void SessionTable::SetTimer(Session& session, std::optional<TimePoint> due) {
  if (session.timer_due == due) return;
  around_.runtime->CancelTimer(std::exchange(session.timer, TimerId::kNone));
  session.timer_due = due;
  if (!due) return;
  // It is cancelled before the session goes, so nobody has to look that up.
  session.timer = around_.runtime->StartTimer(*due, [weak = weak_from_this(), woken = &session] {
    const auto table = weak.lock();
    if (table == nullptr || table->stopped_) return;
    woken->timer = TimerId::kNone;
    woken->timer_due.reset();
    table->ShowAttempt(*woken, table->Arrange(*woken));  // nothing else has changed
    table->Pump(*woken->robot);
  });
}

void SessionTable::SetTimer(Robot& robot, std::optional<TimePoint> due) {
  if (robot.timer_due == due) return;
  around_.runtime->CancelTimer(std::exchange(robot.timer, TimerId::kNone));
  robot.timer_due = due;
  if (!due) return;
  robot.timer = around_.runtime->StartTimer(*due, [weak = weak_from_this(), id = robot.handle] {
    const auto table = weak.lock();
    Robot* woken = table == nullptr ? nullptr : table->Find(id);
    if (woken == nullptr) return;
    woken->timer = TimerId::kNone;
    woken->timer_due.reset();
    table->Pump(*woken);
  });
}

void SessionTable::TellAll(Robot& robot, const std::optional<Failure>& outage) {
  for (const SessionId id : robot.sessions) {
    Session& session = *Find(id);
    if (outage) {
      if (session.call) around_.open_calls->Await(session.call_number);  // it may end the outage
      session.machine.RobotUnreachable(*outage, around_.runtime->Now());
    } else {
      session.machine.RobotReachable(around_.runtime->Now());
    }
    Update(session);
  }
}

void SessionTable::Release(std::shared_ptr<RobotConnection> connection) {
  around_.runtime->PostCallback([connection = std::move(connection)] {});
}

}  // namespace payload_manager
