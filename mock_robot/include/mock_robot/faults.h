// Faults on demand: how a test makes a robot misbehave, and which calls it is about.
//
//   robot->Inject({.calls = {.rpc = "RegisterPayload"}, .times = 2,
//                  .what = fault::GrpcStatus{.code = 14, .message = "out of order"}});
//
// Time: delays run in real time, because the client that suffers them does; everything else that
// has a duration (`lasts`, being offline) runs in robot time.
//
// Neither generated code nor Protobuf is needed: a MockRobotProcess takes the same faults.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "payload_manager/base/clock.h"

namespace google::protobuf {
class Message;
}

namespace mock_robot {

// Which calls are meant: those that agree with everything that is set.
struct CallMatch {
  std::string rpc{};  // the bare name, "RegisterPayload"
  // Of the payload the request is about or, where it names none, of the one whose token came with
  // the call and opens it. Regardless of case.
  std::string guid{};
  std::string client_name{};  // as the request's header has it

  bool empty() const { return rpc.empty() && guid.empty() && client_name.empty(); }
  friend bool operator==(const CallMatch&, const CallMatch&) = default;
};

// Whether a call that a fault hits takes effect. What is usual stands at each kind of fault.
enum class Effect {
  kUsual,
  kNone,   // the fault strikes before the effect: the robot does nothing of what was asked
  kTaken,  // the fault strikes after the effect: only the answer suffers
};

// The kinds. Delays first: all that hit a call add up, and the call goes on afterwards.
namespace fault {

// The call waits this long, or for a random time between `at_least` and `at_most`, drawn with the
// fault's seed. Usually before the effect.
struct Latency {
  enum class Shape {
    kUniform,
    kExponential
  };  // kExponential: mean in the middle, cut at both ends
  payload_manager::Duration at_least{};
  payload_manager::Duration at_most{};  // below `at_least`: fixed
  Shape shape = Shape::kUniform;
};
// The call waits until the fault is released or removed. Usually after the effect.
struct Hang {};

// Ends: of those that hit a call the one injected first decides, and only it counts as fired.

// gRPC's status instead of an answer. Usually without effect.
struct GrpcStatus {
  int code = 14;  // 1 to 16; 14 is UNAVAILABLE
  std::string message{};
  std::string details{};
};
// Too many requests, as a robot says it. Usually without effect.
struct TooManyRequests {};
// The answer's header holds this error and no status is set. Usually without effect.
struct HeaderError {
  int code = 2;  // bosdyn.api.CommonError.Code; 2 is CODE_INTERNAL_SERVER_ERROR
  std::string message{};
};
// The answer lacks its header, or the value of its status. Usually after the effect. UnsetStatus
// leaves calls of rpcs that answer without a status alone.
struct UnsetHeader {};
struct UnsetStatus {};
// The answer has this status, a name like "STATUS_INVALID_CREDENTIALS" or a number, known or not.
// Usually without effect. Calls of rpcs that have no status of this name, or none at all, are left
// alone and do not count.
struct Status {
  std::string status;
};
// The connection that the call came on is cut. Usually after the effect: the caller cannot know.
struct Reset {};
// The answer is `response`, whose type must be that of `calls.rpc`, or what `text` says of it in
// Protobuf's text format; a MockRobotProcess takes text only. A header is put in if it has none.
// Usually without effect.
struct Answer {
  std::shared_ptr<const google::protobuf::Message> response{};
  std::optional<std::string> text{};
};

// What befalls the robot as a whole: at once if `calls`, `times` and `probability` are all left
// alone, else whenever they say, and then before the call that they hit has its usual answer.

// `lasts` of Offline and ClockSkew is how long the robot suffers, from each time that they strike;
// those that wait for a call wait until it comes, or until they are removed.

// Every connection is cut and none is taken, while the port stays taken: until `lasts` is over, or
// the fault is removed.
struct Offline {};
// The robot's time, as clients get to see it, runs this much ahead (or behind, if negative), until
// `lasts` is over or the fault is removed. Its rules go on in its own time.
struct ClockSkew {
  payload_manager::Duration ahead{};
};
// As MockRobot::Reboot, and all connections are cut; then it is offline for `down`.
struct Reboot {
  payload_manager::Duration down{};
};
// Every token handed out so far is void, as if its twelve hours were over.
struct ExpireTokens {};

}  // namespace fault

using FaultKind =
    std::variant<fault::Latency, fault::Hang, fault::GrpcStatus, fault::TooManyRequests,
                 fault::HeaderError, fault::UnsetHeader, fault::UnsetStatus, fault::Status,
                 fault::Reset, fault::Answer, fault::Offline, fault::ClockSkew, fault::Reboot,
                 fault::ExpireTokens>;

// The kind's name as scripts use it: "latency", "hang", "grpc-status", "too-many-requests",
// "header-error", "unset-header", "unset-status", "status", "reset", "answer", "offline",
// "clock-skew", "reboot", "expire-tokens". Lives for ever.
const char* NameOf(const FaultKind& kind);

struct Fault {
  CallMatch calls{};                     // all, unless said otherwise
  std::optional<std::uint64_t> times{};  // at most so often
  // Robot time, counted from the injection; of Offline and ClockSkew: see there.
  std::optional<payload_manager::Duration> lasts{};
  double probability = 1;  // of each call that agrees; above 0, at most 1
  std::uint64_t seed = 0;  // the same seed makes the same choices
  Effect effect = Effect::kUsual;
  FaultKind what{};
};

// Names a fault for as long as the robot lives; never 0, never used twice.
using FaultId = std::uint64_t;

struct FaultInfo {
  FaultId id = 0;
  Fault fault;
  std::uint64_t fired = 0;  // calls hit, or times that it befell the robot
  std::uint64_t held = 0;   // calls that wait because of it now
  bool spent = false;       // will not fire again: its times or its time are over
};

}  // namespace mock_robot
