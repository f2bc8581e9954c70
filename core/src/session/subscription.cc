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

}  // namespace

void Subscription::Tell(const SessionEffect& effect) const {
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
