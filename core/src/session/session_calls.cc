// The calls of SessionTable: whose turn it is, making them, and what their answers mean.
#include <algorithm>
#include <type_traits>
#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "session/call_class.h"
#include "session/outage.h"
#include "session/session_table.h"

namespace payload_manager {
namespace {

// All of the robot's sessions wait for a list that one of them has asked for.
constexpr Duration kLongestList = CallOptions::kDefaultTimeout;

}  // namespace

void SessionTable::Pump(Robot& robot) {
  if (stopped_) return;
  MakeCalls(robot);
  const auto probe = robot.queue.NextProbe();
  if (std::exchange(robot.shown_probe, probe) != probe) {
    around_.board->ShowProbe(robot.handle, probe);
  }
}

void SessionTable::MakeCalls(Robot& robot) {
  const TimePoint now = around_.runtime->Now();
  while (HasRoomFor(robot)) {
    const auto granted = robot.queue.Grant(now);
    if (!granted) return SetTimer(robot, robot.queue.NextGrant());
    Session& session = *Find(SessionId{granted->waiter});
    const SessionMachine::Wish wish = session.machine.WhatNext(now, !robot.list_began);
    if (wish.call && ClassOf(*wish.call) == granted->call_class) {
      Send(session, *wish.call);
    } else {  // something else has fallen due while it stood in line
      robot.queue.Ended();
      robot.queue.Withdraw(granted->waiter);
      Update(session);
    }
  }
  SetTimer(robot, std::nullopt);
  if (!robot.queue.NextGrant() || std::exchange(robot.waits_for_room, true)) return;
  waiting_for_room_.push_back(robot.handle);
}

bool SessionTable::HasRoomFor(const Robot& robot) const {
  return robot.queue.under_way() == 0 || calls_.size() < most_calls_;
}

void SessionTable::PumpWaiting() {
  // Each at most once: who does not get all its turns goes to the end of the line.
  for (std::size_t left = waiting_for_room_.size(); left > 0; --left) {
    Robot* robot = Find(waiting_for_room_.front());
    if (robot != nullptr && !HasRoomFor(*robot)) return;
    waiting_for_room_.pop_front();
    if (robot == nullptr) continue;
    robot->waits_for_room = false;
    Pump(*robot);
  }
}

void SessionTable::Send(Session& session, CallKind call) {
  const auto begun = around_.open_calls->Begin();
  if (!begun) return session.robot->queue.Ended();  // all of this is about to end
  Robot& robot = *session.robot;
  session.machine.Began(call, around_.runtime->Now());
  session.call = call;
  session.call_number = begun->number;
  if (IsAttachment(call)) session.shares_list = false;
  if (call == CallKind::kList) BeginList(robot);
  calls_.emplace(begun->number, OpenCall{session.id, &session, robot.handle, robot.connection});
  ShowAttempt(session, std::nullopt);
  CallOptions options;
  options.timeout = session.call_timeout;
  if (call == CallKind::kList) options.timeout = std::min(session.call_timeout, kLongestList);
  options.cancellation = begun->cancellation;
  options.wait_for_ready = robot.queue.WaitsForConnection(Number(session.id));
  Make(session, call, *robot.connection, options);
}

void SessionTable::Make(const Session& session, CallKind call, RobotConnection& robot,
                        const CallOptions& options) {
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

void SessionTable::BeginList(Robot& robot) {
  const TimePoint now = around_.runtime->Now();
  robot.list_began = now;
  for (const SessionId id : robot.sessions) {
    Session& session = *Find(id);
    if (session.call == CallKind::kList || !session.machine.WantsList(now)) continue;
    session.shares_list = !session.call || !IsAttachment(*session.call);
    Update(session);  // out of the line
  }
}

void SessionTable::EndList(Robot& robot, const Outcome<bosdyn::api::ListPayloadsResponse>* list) {
  const TimePoint began = *std::exchange(robot.list_began, std::nullopt);
  const TimePoint now = around_.runtime->Now();
  for (const SessionId id : robot.sessions) {
    Session* session = Find(id);
    if (session == nullptr) continue;  // the robot is being removed
    const bool shares = std::exchange(session->shares_list, false);
    if (shares && session->machine.WantsList(began) && list != nullptr && list->ok()) {
      session->machine.Listed(*list, now);
    }
    Update(*session);  // its own list may be wished for again, now or later
  }
}

void SessionTable::GiveUpCall(Session& session) {
  if (!session.call) return;
  const bool lists = std::exchange(session.call, std::nullopt) == CallKind::kList;
  session.robot->queue.Ended();
  session.robot->queue.Withdraw(Number(session.id));  // it may have been the probe
  calls_.at(session.call_number).given_up = true;
  around_.open_calls->Cancel(session.call_number);
  if (lists) EndList(*session.robot, nullptr);
}

template <typename T>
Completion<T> SessionTable::AnswerOf(const Session& session) {
  const Duration patience = ExpectsNoNews(session) ? session.patience : Duration(0);
  return [open_calls = around_.open_calls, weak = weak_from_this(), number = session.call_number,
          patience](Outcome<T> outcome) {
    const bool is_news = patience == Duration(0) || outcome.ok() ||
                         outcome.error().kind != FailureKind::kPayloadAlreadyExists;
    if (!is_news) {  // what the robot sent with it dies here, where it was made
      return open_calls->End(number, AnswerWithoutNews{weak, number}, patience);
    }
    open_calls->End(number, [weak, number, outcome = std::move(outcome)] {
      if (const auto table = weak.lock()) table->Answered<T>(number, outcome);
    });
  };
}

void SessionTable::AnswerWithoutNews::operator()() const {
  if (const auto alive = table.lock()) {
    alive->Answered<Done>(number, Failed{Failure{FailureKind::kPayloadAlreadyExists, {}}});
  }
}

bool SessionTable::ExpectsNoNews(const Session& session) const {
  return session.call == CallKind::kRegister && IsRegistered(session.machine.state()) &&
         !session.machine.snapshot().failure && session.requests.empty() &&
         !session.robot->queue.outage() && calls_.size() <= most_calls_ / 2;
}

template <typename T>
void SessionTable::Answered(std::uint64_t number, const Outcome<T>& outcome) {
  Session* session = Close(number);
  if (session == nullptr) return PumpWaiting();
  Judge(*session, *std::exchange(session->call, std::nullopt), outcome);
  if constexpr (std::is_same_v<T, bosdyn::api::ListPayloadsResponse>) {
    EndList(*session->robot, &outcome);
  }
  Update(*session);
  PumpWaiting();  // before its own robot, which would have every call that ends there
  Pump(*session->robot);
}

SessionTable::Session* SessionTable::Close(std::uint64_t number) {
  auto closed = calls_.extract(number);
  if (closed.empty()) return nullptr;  // ForgetAll was first
  OpenCall& call = closed.mapped();
  Session* session = nullptr;
  if (call.given_up || stopped_) {
    Release(std::move(call.connection));  // it may be nobody else's any more
  } else {
    session = call.asker;
    session->robot->queue.Ended();
  }
  return session;
}

template <typename T>
void SessionTable::Judge(Session& session, CallKind call, const Outcome<T>& outcome) {
  const TimePoint now = around_.runtime->Now();
  const std::uint64_t id = Number(session.id);
  Robot& robot = *session.robot;
  const Failure* failure = outcome.ok() ? nullptr : &outcome.error();
  const bool limited = failure != nullptr && failure->kind == FailureKind::kTooManyRequests;
  if (limited) {
    robot.queue.TooManyRequests(now);
  } else if (failure == nullptr || !IsLoss(failure->kind)) {
    robot.queue.WithinLimits();
  }
  if (failure != nullptr && IsOutage(call, failure->kind)) {
    if (robot.queue.AnsweredSince(session.machine.call_began())) {
      return session.machine.LostAlone(call, *failure, now);
    }
    session.machine.Lost(call, *failure);
    // A probe that waited in vain for a connection knows less than what is known already.
    const bool in_vain =
        robot.queue.WaitsForConnection(id) && failure->kind == FailureKind::kTimedOut;
    const Failure cause = in_vain ? *robot.queue.outage() : *failure;
    if (robot.queue.OutOfReach(id, cause, now)) {
      TellAll(robot, cause);
    } else {
      session.machine.RobotUnreachable(cause, now);
    }
    return;
  }
  if (JudgesRobot(call) && robot.queue.Answered(id, now)) TellAll(robot, std::nullopt);
  if (limited && JudgesRobot(call)) {
    session.machine.Lost(call, *failure);
  } else {
    session.machine.Answered(call, outcome, now);
  }
}

}  // namespace payload_manager
