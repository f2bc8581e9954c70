#include "faults/fault_check.h"

#include <cmath>
#include <cstdlib>
#include <string>

#include "faults/bend.h"
#include "faults/fault_table.h"

namespace mock_robot {

using payload_manager::Checked;
using payload_manager::Done;
using payload_manager::Duration;
using payload_manager::Failed;
using payload_manager::Problem;

namespace {

constexpr Duration kLongestDelay = std::chrono::hours(1);
constexpr Duration kLongestTime = std::chrono::hours(24 * 365);
// gRPC's clients take 8 kB of metadata, in which both texts travel, percent-encoded.
constexpr std::size_t kLongestText = 1000;

Failed<Problem> Wrong(const char* field, const std::string& what) {
  return Failed{Problem{std::string(field) + ": " + what}};
}

Checked<Done> CheckText(const char* field, const std::string& text) {
  if (text.size() > kLongestText) return Wrong(field, "is longer than 1000 bytes");
  return Done{};
}

// One overload per kind that can be wrong; `calls` says which rpc is meant.
struct CheckKind {
  const Fault& fault;
  const Rpc* rpc;  // null: every one

  Checked<Done> operator()(const fault::Latency& latency) const {
    if (latency.at_least < Duration(0) || latency.at_least > kLongestDelay) {
      return Wrong("at_least", "must be from nothing to an hour");
    }
    if (latency.at_most < Duration(0) || latency.at_most > kLongestDelay) {
      return Wrong("at_most", "must be from nothing to an hour");
    }
    if (latency.at_least <= Duration(0) && latency.at_most <= Duration(0)) {
      return Wrong("at_least", "is nothing, and so is at_most: that is no delay");
    }
    return Done{};
  }
  Checked<Done> operator()(const fault::GrpcStatus& status) const {
    if (status.code < 1 || status.code > 16) return Wrong("code", "must be from 1 to 16");
    if (auto checked = CheckText("message", status.message); !checked) return checked;
    return CheckText("details", status.details);
  }
  Checked<Done> operator()(const fault::HeaderError& error) const {
    if (error.code == 1) return Wrong("code", "1 is CODE_OK, which is no error");
    return CheckText("message", error.message);
  }
  Checked<Done> operator()(const fault::UnsetStatus&) const {
    if (rpc != nullptr && rpc->status() == nullptr) {
      return Wrong("calls.rpc", std::string(rpc->name) + " answers without a status");
    }
    return Done{};
  }
  Checked<Done> operator()(const fault::Status& status) const {
    if (rpc != nullptr && rpc->status() == nullptr) {
      return Wrong("calls.rpc", std::string(rpc->name) + " answers without a status");
    }
    for (const Rpc& known : Rpcs()) {
      if ((rpc == nullptr || rpc == &known) && StatusNumber(known, status.status)) return Done{};
    }
    return Wrong("status", "'" + status.status.substr(0, 100) + "' is neither a number nor a " +
                               "status of " + (rpc ? std::string(rpc->name) : "any rpc"));
  }
  Checked<Done> operator()(const fault::Answer& answer) const {
    if (rpc == nullptr) return Wrong("calls.rpc", "must be set for a scripted answer");
    if (answer.response == nullptr) return Wrong("response", "is missing, and so is a text");
    if (answer.text) return Wrong("answer.text", "makes no sense together with a response");
    const auto* wanted = rpc->response->GetDescriptor();
    if (answer.response->GetDescriptor() != wanted) {
      return Wrong("response", "must be a " + wanted->full_name() + ", which is what " +
                                   std::string(rpc->name) + " answers");
    }
    return Done{};
  }
  Checked<Done> operator()(const fault::ClockSkew& skew) const {
    if (skew.ahead > kLongestTime || skew.ahead < -kLongestTime) {
      return Wrong("ahead", "must be within a year");
    }
    return NoEffect();
  }
  Checked<Done> operator()(const fault::ExpireTokens&) const {
    if (StrikesAtOnce(fault) && fault.lasts) {
      return Wrong("lasts", "has no meaning for what happens once");
    }
    return NoEffect();
  }
  Checked<Done> operator()(const fault::Reboot& reboot) const {
    if (reboot.down < Duration(0) || reboot.down > kLongestTime) {
      return Wrong("down", "must be from nothing to a year");
    }
    if (!StrikesAtOnce(fault)) return Done{};
    if (fault.lasts) return Wrong("lasts", "has no meaning for what happens once");
    return NoEffect();
  }
  Checked<Done> operator()(const fault::Offline&) const {
    return StrikesAtOnce(fault) ? NoEffect() : Done{};
  }
  template <typename Other>
  Checked<Done> operator()(const Other&) const {
    return Done{};
  }

 private:
  Checked<Done> NoEffect() const {
    if (fault.effect == Effect::kUsual) return Done{};
    return Wrong("effect", std::string("has no meaning for ") + NameOf(fault.what) +
                               (StrikesAtOnce(fault) ? " that strikes at once" : ""));
  }
};

}  // namespace

Checked<Done> CheckFault(const Fault& fault) {
  const Rpc* rpc = fault.calls.rpc.empty() ? nullptr : FindRpc(fault.calls.rpc);
  if (rpc == nullptr && !fault.calls.rpc.empty()) {
    return Wrong("calls.rpc", "no rpc is called '" + fault.calls.rpc.substr(0, 100) + "'");
  }
  if (fault.times && *fault.times == 0) return Wrong("times", "must be at least 1");
  if (fault.lasts && (*fault.lasts <= Duration(0) || *fault.lasts > kLongestTime)) {
    return Wrong("lasts", "must be more than nothing and at most a year");
  }
  if (!(fault.probability > 0 && fault.probability <= 1)) {
    return Wrong("probability", "must be above 0 and at most 1");
  }
  return std::visit(CheckKind{fault, rpc}, fault.what);
}

}  // namespace mock_robot
