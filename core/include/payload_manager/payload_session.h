// One payload on one robot, as users see it: its state, options and events. PayloadSessions
// (payload_sessions.h) keeps them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payload_manager/base/clock.h"
#include "payload_manager/base/secret.h"
#include "payload_manager/failure.h"

namespace payload_manager {

// What is known about the payload on its robot. "Registered" means that the robot has shown to
// know the payload with our secret: kWaiting and kAuthorized.
//
//     ┌───────────────┐ known and authorized         ┌─────────────┐
//     │ kRegistering  ├─────────────────────────────►│ kAuthorized │
//     │               │ new, or     ┌──────────┐     │             │
//     │               ├────────────►│ kWaiting ├────►│             │
//     └───────────────┘ not yet     │          │◄────┤             │
//       ▲           ▲   authorized  └──────────┘     └─────────────┘
//       │           │                 de-authorized, or forgotten and registered anew
//       │           └── the robot answers again ── kUnreachable ◄── the robot is out of reach, from
//       │                                                           every state but the next
//       └── a new definition ── kDefinitionRejected ◄── CODE_INVALID_REQUEST, from those above
//
//   kCredentialsRejected ◄── the GUID is known with another secret, from the three above; leads to
//       kWaiting or kAuthorized once the GUID was forgotten or the secret is right again
//   kRemoved ends every path
//
// What a failed call says, beyond what the diagram shows:
//
//   beat or token call: no connection, connection lost,  the robot is out of reach, for all its
//     timed out, 502, 504, or a robot that does not      payloads; told by the first call that
//     know payload registration                          fails so
//   the same, but the robot has answered another since    this call's own: made again at once, and
//     it was sent                                        if that is lost too, after its usual gap
//   beat or token call: any other failure                this payload's own; it stays in its state,
//                                                        the failure stands in the snapshot, and
//                                                        the call is made again after its usual gap
//   beat: any failure after which it may have been       it may have registered the payload anew:
//     carried out all the same                           the next token replaces the held one, and
//                                                        the list is looked at; "forgotten" is not
//                                                        told then, because it is not known
//   list of payloads: no answer                          a beat at once, which tells whether it is
//                                                        the robot; the list after a token check
//   renewal of the token: any failure                    a new one from the credentials at once; if
//                                                        the token was void, the list as well
//   request of a user: no answer, or over the limit      a beat at once; sent again, see
//                                                        PayloadSessions::SetVersion
//   attaching or detaching: any failure after which      until then or until the list tells, it is
//     it may have been done all the same                 not known whether it is attached; the list
//                                                        is asked for as soon as the result is told
//   request of a user: any other failure                 its result
enum class PayloadState {
  kRegistering,          // nothing proven yet: before the first answers, and after an outage
  kWaiting,              // registered with our secret; an administrator has to authorize it
  kAuthorized,           // registered and authorized; there is a token
  kCredentialsRejected,  // the robot knows this GUID with another secret: somebody else owns it, or
                         // our secret was lost. No beats; looked at again every token check
  kDefinitionRejected,   // the robot calls the definition invalid; parked until it changes
  kUnreachable,          // the robot does not answer, to no payload; tried again with back-off
  kRemoved,              // removed, or the table was shut down
};
// As state lines show it: "waiting for authorization".
std::string_view ToString(PayloadState state);
// kWaiting or kAuthorized.
bool IsRegistered(PayloadState state);

struct SessionOptions {
  // Between two registration beats, ±10 % so that many payloads do not march in step. A beat that
  // could not be sent in time is skipped, not made up for.
  Duration interval = std::chrono::seconds(10);
  // While waiting for authorization: asked every `token_poll` at first, slowing down as a tenth of
  // the time waited so far, to `slowest_token_poll`.
  Duration token_poll = std::chrono::seconds(1);
  Duration slowest_token_poll = std::chrono::seconds(10);
  // Once authorized (or credentials rejected): how often the credentials are tried, which is how
  // de-authorization, forgetting and theft come to light. An authorization that was taken and given
  // back between two checks passes them: the robot answers with a new token each time, whatever
  // became of the one held. That one's being void comes to light at the next renewal, or when it
  // opens the list that serves all payloads of the robot, and the payload's being detached at most
  // a check after that: within an hour by these defaults, or sooner by a smaller `token_renewal`.
  Duration token_check = std::chrono::seconds(60);
  Duration token_renewal = std::chrono::hours(1);
  Duration definition_check = std::chrono::hours(1);
  // Of each call; an outage is noticed when the first beat or token call after it began has failed.
  Duration call_timeout = std::chrono::seconds(10);
};

struct PayloadSnapshot {
  std::string robot;  // the name given to PayloadSessions::AddRobot
  std::string guid;
  PayloadState state = PayloadState::kRegistering;
  TimePoint since{};           // when it entered the state
  std::uint64_t attempts = 0;  // registration calls answered or failed so far
  // The last one, unless a success of the same call came after it, or a new token after a renewal
  // that failed.
  std::optional<Failure> failure;
  // When the next call is due; unset while one is under way or waiting for its turn. Of a robot out
  // of reach: when it is probed next, be it for another of its payloads.
  std::optional<TimePoint> next_attempt;
  bool has_token = false;
  std::optional<bool> attached;          // unset: not known
  std::vector<std::string> differences;  // see CompareDefinitions; empty: none known
};

struct StateChange {
  PayloadState before;
  PayloadState after;
  std::string reason;  // one line for an operator
  TimePoint at;
};

enum class TokenNews { kObtained, kRenewed };

// What a session tells. Members left empty are not told. What is told, the snapshot shows already.
// Threads: called on the runtime's callback thread, in order, with no lock held; they may call
// PayloadSessions, but anything that waits there is only a request. They should return soon: all
// sessions share the thread. While 64 calls wait for an observer, what comes next is put together
// and told after them: one change to the state it has come to, the latest token if it is still
// good, the latest of the rest. They must not throw.
struct SessionObserver {
  // What was told last is its `before`.
  std::function<void(const StateChange&)> state_changed;
  // A token to use from now on; the one before is to be dropped. In kWaiting, kCredentialsRejected
  // and kRemoved there is none; an outage leaves it valid.
  std::function<void(const Secret&, TokenNews)> token;
  // The robot's definition differs from ours in these fields; empty: it agrees again.
  std::function<void(const std::vector<std::string>&)> definition_differs;
  // The robot had forgotten the payload, which is registered anew and unauthorized.
  std::function<void()> forgotten;
  // An administrator took the authorization back; the token is void, and whether the payload is
  // attached or differs is not known until it is authorized again. When the answer to a beat was
  // lost before, the robot may have forgotten it instead: the two look alike then, and the reason
  // of the state change says so.
  std::function<void()> deauthorized;
  // When it becomes known, and is not what was told last (at first: detached).
  std::function<void(bool attached)> attached;
};

}  // namespace payload_manager
