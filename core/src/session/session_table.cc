#include "session/session_table.h"

#include <type_traits>
#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "session/outage.h"

namespace payload_manager {
namespace {

CallClass ClassOf(CallKind call) {
  switch (call) {
    case CallKind::kRefresh:
      return CallClass::kAuth;
    case CallKind::kList:
      return CallClass::kUnlimited;
    default:
      return CallClass::kRegistration;
  }
}

std::uint64_t Number(SessionId session) { return static_cast<std::uint64_t>(session); }

}  // namespace

SessionTable::SessionTable(std::shared_ptr<Runtime> runtime, std::uint64_t seed,
                           std::shared_ptr<SnapshotBoard> board)
    : runtime_(std::move(runtime)),
      board_(std::move(board)),
      inbox_(std::make_shared<CompletionInbox>(*runtime_)),
      seeds_(seed) {}

SessionTable::~SessionTable() {
  inbox_->Close();
  for (auto& [id, session] : sessions_) session.cancel.request_stop();
}

void SessionTable::AddRobot(RobotHandle robot, std::string name,
                            std::shared_ptr<RobotConnection> connection,
                            const PacingOptions& pacing) {
  robots_.emplace(
      robot, Robot{std::move(name), std::move(connection), RobotQueue(pacing, seeds_.Seed()), {}});
}

void SessionTable::AddSession(NewSession added) {
  if (calls_ended_ != nullptr) return;
  Robot& robot = robots_.at(added.robot);
  const TimePoint now = runtime_->Now();
  PayloadCredentials credentials{added.definition->guid(), std::move(added.secret)};
  Session& session =
      sessions_
          .emplace(added.id, Session{added.id, &robot,
                                     SessionMachine(added.options, std::move(added.definition),
                                                    seeds_.Seed(), now),
                                     std::move(credentials), added.options.call_timeout,
                                     std::move(added.subscription)})
          .first->second;
  robot.sessions.insert(added.id);
  if (robot.queue.outage()) session.machine.RobotUnreachable(*robot.queue.outage(), now);
  Update(session);
  Pump(robot);
}

void SessionTable::RemoveSession(SessionId id, std::shared_ptr<Event> ended) {
  Session* session = Find(id);
  if (session == nullptr) {
    ended->Set();
    return;
  }
  Robot& robot = *session->robot;
  session->machine.Remove("the session was removed", runtime_->Now());
  TellEffects(*session);
  SetTimer(*session, std::nullopt);
  GiveUpCall(*session);
  robot.queue.Withdraw(Number(id));
  robot.sessions.erase(id);
  if (session->open_calls > 0) {
    leaving_.emplace(id, Leaving{session->open_calls, std::move(ended)});
  } else {
    runtime_->PostCallback([ended = std::move(ended)] { ended->Set(); });
  }
  sessions_.erase(id);
  Pump(robot);
}

void SessionTable::UpdateDefinition(SessionId id,
                                    std::shared_ptr<const bosdyn::api::Payload> definition) {
  Session* session = Find(id);
  if (session == nullptr) return;
  Robot& robot = *session->robot;
  // An answer to the old definition must not be taken for one to the new.
  if (session->call == CallKind::kRegister) GiveUpCall(*session);
  session->machine.UpdateDefinition(std::move(definition), runtime_->Now());
  if (robot.queue.outage())
    session->machine.RobotUnreachable(*robot.queue.outage(), runtime_->Now());
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
  if (!session->machine.Ask({kind, number})) {
    Report(std::move(done), Failed{Failure{FailureKind::kInvalidArgument,
                                           "too many requests of this payload are waiting"}});
    return;
  }
  session->requests.emplace(number, WaitingRequest{version, std::move(done)});
  Update(*session);
  Pump(*session->robot);
}

void SessionTable::StopAll(std::shared_ptr<Event> calls_ended,
                           std::shared_ptr<Event> callbacks_ended) {
  calls_ended_ = std::move(calls_ended);
  for (auto& [id, robot] : robots_) {
    runtime_->CancelTimer(std::exchange(robot.timer, TimerId::kNone));
  }
  for (auto& [id, session] : sessions_) {
    session.machine.Remove("shut down", runtime_->Now());
    TellEffects(session);
    SetTimer(session, std::nullopt);
    Publish(session, std::nullopt);
    GiveUpCall(session);
    session.robot->queue.Withdraw(Number(id));
    session.robot->sessions.erase(id);
  }
  sessions_.clear();
  runtime_->PostCallback([event = std::move(callbacks_ended)] { event->Set(); });
  if (open_calls_ == 0) calls_ended_->Set();
}

SessionTable::Session* SessionTable::Find(SessionId session) {
  const auto found = sessions_.find(session);
  return found == sessions_.end() ? nullptr : &found->second;
}

void SessionTable::Update(Session& session) {
  TellEffects(session);
  std::optional<TimePoint> next_attempt;
  if (!session.call) {
    const SessionMachine::Wish wish = session.machine.WhatNext(runtime_->Now());
    if (wish.call) {
      session.robot->queue.Enqueue(Number(session.id), ClassOf(*wish.call));
    } else {
      session.robot->queue.Withdraw(Number(session.id));
      next_attempt = wish.at;
    }
  }
  SetTimer(session, next_attempt);
  Publish(session, next_attempt);
}

void SessionTable::Publish(const Session& session, std::optional<TimePoint> next_attempt) {
  PayloadSnapshot snapshot = session.machine.snapshot();
  snapshot.robot = session.robot->name;
  snapshot.next_attempt = next_attempt;
  board_->Publish(session.id, std::move(snapshot));
}

void SessionTable::TellEffects(Session& session) {
  for (SessionEffect& effect : session.machine.TakeEffects()) {
    if (const auto* result = std::get_if<ResultEffect>(&effect)) {
      auto request = session.requests.extract(result->request);
      if (request) Report(std::move(request.mapped().done), result->outcome);
    } else {
      runtime_->PostCallback([subscription = session.subscription, effect = std::move(effect)] {
        subscription->Tell(effect);
      });
    }
  }
}

void SessionTable::Report(ResultCallback done, Outcome<Done> outcome) {
  if (!done) return;
  runtime_->PostCallback([done = std::move(done), outcome = std::move(outcome)] { done(outcome); });
}

void SessionTable::SetTimer(Session& session, std::optional<TimePoint> due) {
  if (session.timer_due == due) return;
  runtime_->CancelTimer(std::exchange(session.timer, TimerId::kNone));
  session.timer_due = due;
  if (!due) return;
  session.timer = runtime_->StartTimer(*due, [weak = weak_from_this(), id = session.id] {
    const auto table = weak.lock();
    Session* woken = table == nullptr ? nullptr : table->Find(id);
    if (woken == nullptr) return;
    woken->timer = TimerId::kNone;
    woken->timer_due.reset();
    table->Update(*woken);
    table->Pump(*woken->robot);
  });
}

void SessionTable::Pump(Robot& robot) {
  runtime_->CancelTimer(std::exchange(robot.timer, TimerId::kNone));
  if (calls_ended_ != nullptr) return;
  const TimePoint now = runtime_->Now();
  while (const auto granted = robot.queue.Grant(now)) {
    Session* session = Find(SessionId{granted->waiter});
    if (session == nullptr) continue;
    const SessionMachine::Wish wish = session->machine.WhatNext(now);
    if (wish.call && ClassOf(*wish.call) == granted->call_class) {
      Send(*session, *wish.call);
    } else {  // something else has fallen due while it stood in line
      robot.queue.Withdraw(granted->waiter);
      Update(*session);
    }
  }
  const auto next = robot.queue.NextGrant();
  if (!next) return;
  robot.timer = runtime_->StartTimer(*next, [weak = weak_from_this(), &robot] {
    if (const auto table = weak.lock()) {
      robot.timer = TimerId::kNone;
      table->Pump(robot);
    }
  });
}

void SessionTable::Send(Session& session, CallKind call) {
  session.machine.Began(call, runtime_->Now());
  session.call = call;
  ++session.epoch;
  ++session.open_calls;
  ++open_calls_;
  session.cancel = std::stop_source();
  Publish(session, std::nullopt);
  CallOptions options;
  options.timeout = session.call_timeout;
  options.cancellation = session.cancel.get_token();
  RobotConnection& robot = *session.robot->connection;
  switch (call) {
    case CallKind::kRegister:
      return robot.RegisterPayloadAsync(*session.machine.definition(), session.credentials.secret,
                                        options, AnswerOf<Done>(session));
    case CallKind::kToken:
      return robot.GetPayloadAuthTokenAsync(session.credentials, options,
                                            AnswerOf<Secret>(session));
    case CallKind::kRefresh:
      return robot.RefreshTokenAsync(session.machine.token(), options, AnswerOf<Secret>(session));
    case CallKind::kList:
      return robot.ListPayloadsAsync(session.machine.token(), options,
                                     AnswerOf<bosdyn::api::ListPayloadsResponse>(session));
    case CallKind::kVersion:
      return robot.UpdatePayloadVersionAsync(
          session.credentials, session.requests.at(session.machine.request().number).version,
          options, AnswerOf<Done>(session));
    case CallKind::kAttach:
      return robot.UpdatePayloadAttachedAsync(session.credentials, Attachment::kAttach, options,
                                              AnswerOf<Done>(session));
    case CallKind::kDetach:
      return robot.UpdatePayloadAttachedAsync(session.credentials, Attachment::kDetach, options,
                                              AnswerOf<Done>(session));
  }
}

void SessionTable::GiveUpCall(Session& session) {
  if (!session.call) return;
  session.call.reset();
  ++session.epoch;
  session.robot->queue.Withdraw(Number(session.id));  // it may have been the probe
  session.cancel.request_stop();
}

template <typename T>
Completion<T> SessionTable::AnswerOf(const Session& session) {
  return [inbox = inbox_, weak = weak_from_this(), id = session.id,
          epoch = session.epoch](Outcome<T> outcome) {
    inbox->Post([weak, id, epoch, outcome = std::move(outcome)] {
      if (const auto table = weak.lock()) table->Answered<T>(id, epoch, outcome);
    });
  };
}

template <typename T>
void SessionTable::Answered(SessionId id, std::uint64_t epoch, const Outcome<T>& outcome) {
  CallEnded(id);
  Session* session = Find(id);
  if (session == nullptr || session->epoch != epoch || !session->call) return;
  const CallKind call = *std::exchange(session->call, std::nullopt);
  const TimePoint now = runtime_->Now();
  Robot& robot = *session->robot;
  const Failure* failure = outcome.ok() ? nullptr : &outcome.error();
  const bool limited = failure != nullptr && failure->kind == FailureKind::kTooManyRequests;
  if (limited) {
    robot.queue.TooManyRequests(now);
  } else if (failure == nullptr || !IsLoss(failure->kind)) {
    robot.queue.WithinLimits();
  }
  if (failure != nullptr && IsOutage(call, failure->kind)) {
    session->machine.Lost(call, *failure);
    if (robot.queue.OutOfReach(Number(id), *failure, now)) {
      TellAll(robot, *failure);
    } else {
      session->machine.RobotUnreachable(*failure, now);
    }
  } else {
    if (JudgesRobot(call) && robot.queue.Answered(Number(id), now)) TellAll(robot, std::nullopt);
    if (limited && JudgesRobot(call)) {
      session->machine.Lost(call, *failure);
    } else {
      session->machine.Answered(call, outcome, now);
    }
  }
  Update(*session);
  Pump(robot);
}

void SessionTable::CallEnded(SessionId id) {
  --open_calls_;
  if (Session* session = Find(id); session != nullptr) --session->open_calls;
  const auto leaving = leaving_.find(id);
  if (leaving != leaving_.end() && --leaving->second.open_calls == 0) {
    runtime_->PostCallback([ended = std::move(leaving->second.ended)] { ended->Set(); });
    leaving_.erase(leaving);
  }
  if (calls_ended_ != nullptr && open_calls_ == 0) calls_ended_->Set();
}

void SessionTable::TellAll(Robot& robot, const std::optional<Failure>& outage) {
  for (const SessionId id : robot.sessions) {
    Session& session = *Find(id);
    if (outage) {
      session.machine.RobotUnreachable(*outage, runtime_->Now());
    } else {
      session.machine.RobotReachable(runtime_->Now());
    }
    Update(session);
  }
}

}  // namespace payload_manager
