#include "session/subscription.h"

namespace payload_manager {
namespace {

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

template <typename Callback, typename... Arguments>
void CallIfSet(const Callback& callback, const Arguments&... arguments) {
  if (callback) callback(arguments...);
}

bool HasNoToken(PayloadState state) {
  return state == PayloadState::kWaiting || state == PayloadState::kCredentialsRejected ||
         state == PayloadState::kRemoved;
}

}  // namespace

bool Subscription::Accept(const SessionEffect& effect) {
  const std::lock_guard lock(mutex_);
  if (waiting_ < kMostWaiting && rest_ == nullptr) {
    ++waiting_;
    return true;
  }
  if (rest_ == nullptr) rest_ = std::make_unique<Rest>();
  PutTogether(*rest_, effect);
  return false;
}

void Subscription::Tell(const SessionEffect& effect) {
  TellNow(effect);
  std::unique_ptr<Rest> rest;
  {
    const std::lock_guard lock(mutex_);
    if (--waiting_ == 0) rest = std::move(rest_);
  }
  if (rest != nullptr) TellNow(*rest);
}

void Subscription::PutTogether(Rest& rest, const SessionEffect& effect) {
  std::visit(Overloaded{
                 [&rest](const StateChange& change) {
                   const PayloadState before = rest.change ? rest.change->before : change.before;
                   rest.change = change;
                   rest.change->before = before;
                   if (HasNoToken(change.after)) rest.token.reset();
                 },
                 [&rest](const TokenEffect& e) { rest.token = e; },
                 [&rest](const DiffersEffect& e) { rest.differs = e; },
                 [&rest](const ForgottenEffect&) { rest.forgotten = true; },
                 [&rest](const DeauthorizedEffect&) { rest.deauthorized = true; },
                 [&rest](const AttachedEffect& e) { rest.attached = e; },
                 [](const ResultEffect&) {},
             },
             effect);
}

void Subscription::TellNow(const Rest& rest) const {
  if (rest.forgotten) TellNow(ForgottenEffect{});
  if (rest.deauthorized) TellNow(DeauthorizedEffect{});
  if (rest.change) TellNow(*rest.change);
  if (rest.token) TellNow(*rest.token);
  if (rest.differs) TellNow(*rest.differs);
  if (rest.attached) TellNow(*rest.attached);
}

void Subscription::TellNow(const SessionEffect& effect) const {
  if (closed_.load()) return;
  std::visit(
      Overloaded{
          [this](const StateChange& change) { CallIfSet(observer_.state_changed, change); },
          [this](const TokenEffect& e) { CallIfSet(observer_.token, e.token, e.news); },
          [this](const DiffersEffect& e) { CallIfSet(observer_.definition_differs, e.fields); },
          [this](const ForgottenEffect&) { CallIfSet(observer_.forgotten); },
          [this](const DeauthorizedEffect&) { CallIfSet(observer_.deauthorized); },
          [this](const AttachedEffect& e) { CallIfSet(observer_.attached, e.attached); },
          [](const ResultEffect&) {},
      },
      effect);
}

}  // namespace payload_manager
