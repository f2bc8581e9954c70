// Makes a mock robot misbehave.
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "bosdyn/api/header.pb.h"
#include "tools/payloadctl/commands.h"

namespace payload_manager::payloadctl {
namespace {

namespace wire = ::mock_robot::v1;
using google::protobuf::util::TimeUtil;

// Which flags, beside those of all faults, a kind takes; the first `needed` of them it must have.
struct Kind {
  const char* name;
  std::size_t needed;
  std::vector<std::string> flags;
};

const std::vector<Kind>& Kinds() {
  static const auto& kinds = *new std::vector<Kind>{
      {"latency", 1, {"delay", "delay-max", "exponential"}},
      {"hang", 0, {}},
      {"grpc-status", 1, {"code", "message", "details"}},
      {"too-many-requests", 0, {}},
      {"header-error", 0, {"code", "message"}},
      {"unset-header", 0, {}},
      {"unset-status", 0, {}},
      {"status", 1, {"status"}},
      {"reset", 0, {}},
      {"answer", 1, {"answer"}},
      {"offline", 0, {}},
      {"clock-skew", 0, {"ahead", "behind"}},
      {"reboot", 0, {"down"}},
      {"expire-tokens", 0, {}},
  };
  return kinds;
}

using Checked = BasicOutcome<Done, Trouble>;

// What the flags of one command line say, in the fields of a fault.
class FaultFlags {
 public:
  FaultFlags(const cli::Arguments& arguments, wire::Fault& fault)
      : arguments_(arguments), fault_(fault) {}

  Checked Read(const Kind& kind) {
    for (std::size_t i = 0; i < kind.needed; ++i) {
      if (!arguments_.Has(kind.flags[i])) {
        return BadInput("--" + kind.flags[i] + ": is missing for '" + kind.name + "'");
      }
    }
    for (const Kind& other : Kinds()) {
      for (const std::string& flag : other.flags) {
        if (arguments_.Has(flag) &&
            std::find(kind.flags.begin(), kind.flags.end(), flag) == kind.flags.end()) {
          return BadInput("--" + flag + ": has no meaning for '" + kind.name + "'");
        }
      }
    }
    if (Checked common = ReadCommon(); !common.ok()) return common;
    return ReadKind(kind.name);
  }

 private:
  std::string Text(const char* flag) const { return arguments_.Get(flag).value_or(""); }

  template <typename Number>
  Checked ReadNumber(const char* flag, const char* what, Number& number) const {
    const std::string text = Text(flag);
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && stopped == end) return Done{};
    return BadInput(std::string("--") + flag + ": '" + text + "' is not " + what);
  }
  // Leaves `time` alone if the flag is not there.
  template <typename Target>
  Checked ReadTime(const char* flag, Target target) const {
    if (!arguments_.Has(flag)) return Done{};
    const auto seconds = cli::ParseSeconds(flag, Text(flag));
    if (!seconds.ok()) return BadInput(seconds.error().message);
    *target() = TimeUtil::NanosecondsToDuration(seconds->count());
    return Done{};
  }

  Checked ReadCommon() {
    auto& calls = *fault_.mutable_calls();
    calls.set_rpc(Text("rpc"));
    calls.set_guid(Text("guid"));
    calls.set_client_name(Text("client"));
    if (arguments_.Has("times")) {
      std::uint64_t times = 0;
      if (Checked read = ReadNumber("times", "a number of calls", times); !read.ok()) return read;
      fault_.set_times(times);
    }
    if (arguments_.Has("probability")) {
      double probability = 0;
      if (Checked read = ReadNumber("probability", "a number", probability); !read.ok()) {
        return read;
      }
      fault_.set_probability(probability);
    }
    if (arguments_.Has("seed")) {
      std::uint64_t seed = 0;
      if (Checked read = ReadNumber("seed", "a whole number", seed); !read.ok()) return read;
      fault_.set_seed(seed);
    }
    if (arguments_.Has("effect")) {
      const std::string effect = Text("effect");
      if (effect != "none" && effect != "taken") {
        return BadInput("--effect: '" + effect + "' is neither 'none' nor 'taken'");
      }
      fault_.set_effect(effect == "none" ? wire::EFFECT_NONE : wire::EFFECT_TAKEN);
    }
    return ReadTime("for", [&] { return fault_.mutable_lasts(); });
  }

  Checked ReadKind(const std::string& kind) {
    if (kind == "latency") return ReadLatency();
    if (kind == "grpc-status") return ReadGrpcStatus();
    if (kind == "header-error") return ReadHeaderError();
    if (kind == "clock-skew") return ReadClockSkew();
    if (kind == "reboot") {
      fault_.mutable_reboot();
      return ReadTime("down", [&] { return fault_.mutable_reboot()->mutable_down(); });
    }
    if (kind == "hang") fault_.mutable_hang();
    if (kind == "too-many-requests") fault_.mutable_too_many_requests();
    if (kind == "unset-header") fault_.mutable_unset_header();
    if (kind == "unset-status") fault_.mutable_unset_status();
    if (kind == "status") fault_.mutable_status()->set_status(Text("status"));
    if (kind == "reset") fault_.mutable_reset();
    if (kind == "answer") fault_.mutable_answer()->set_text(Text("answer"));
    if (kind == "offline") fault_.mutable_offline();
    if (kind == "expire-tokens") fault_.mutable_expire_tokens();
    return Done{};
  }

  Checked ReadLatency() {
    auto& latency = *fault_.mutable_latency();
    if (Checked read = ReadTime("delay", [&] { return latency.mutable_at_least(); }); !read.ok()) {
      return read;
    }
    if (arguments_.Has("exponential")) {
      if (!arguments_.Has("delay-max")) {
        return BadInput("--exponential: needs --delay-max as well");
      }
      latency.set_shape(wire::Latency::SHAPE_EXPONENTIAL);
    }
    return ReadTime("delay-max", [&] { return latency.mutable_at_most(); });
  }

  Checked ReadGrpcStatus() {
    static const auto& names =
        *new std::map<std::string, int>{{"CANCELLED", 1},           {"UNKNOWN", 2},
                                        {"INVALID_ARGUMENT", 3},    {"DEADLINE_EXCEEDED", 4},
                                        {"NOT_FOUND", 5},           {"ALREADY_EXISTS", 6},
                                        {"PERMISSION_DENIED", 7},   {"RESOURCE_EXHAUSTED", 8},
                                        {"FAILED_PRECONDITION", 9}, {"ABORTED", 10},
                                        {"OUT_OF_RANGE", 11},       {"UNIMPLEMENTED", 12},
                                        {"INTERNAL", 13},           {"UNAVAILABLE", 14},
                                        {"DATA_LOSS", 15},          {"UNAUTHENTICATED", 16}};
    auto& status = *fault_.mutable_grpc_status();
    status.set_message(Text("message"));
    status.set_details(Text("details"));
    int code = 0;
    if (const auto named = names.find(Text("code")); named != names.end()) {
      code = named->second;
    } else if (Checked read = ReadNumber("code", "a status of gRPC, name or number", code);
               !read.ok()) {
      return read;
    }
    status.set_code(code);
    return Done{};
  }

  Checked ReadHeaderError() {
    int code = bosdyn::api::CommonError::CODE_INTERNAL_SERVER_ERROR;
    if (arguments_.Has("code")) {
      bosdyn::api::CommonError::Code named{};
      if (bosdyn::api::CommonError::Code_Parse(Text("code"), &named)) {
        code = named;
      } else if (Checked read = ReadNumber("code", "a code of CommonError, name or number", code);
                 !read.ok()) {
        return read;
      }
    }
    fault_.mutable_header_error()->set_code(code);
    fault_.mutable_header_error()->set_message(Text("message"));
    return Done{};
  }

  Checked ReadClockSkew() {
    if (arguments_.Has("ahead") == arguments_.Has("behind")) {
      return BadInput("--ahead: 'clock-skew' wants either --ahead or --behind");
    }
    auto& ahead = *fault_.mutable_clock_skew()->mutable_ahead();
    if (arguments_.Has("ahead")) return ReadTime("ahead", [&] { return &ahead; });
    Checked read = ReadTime("behind", [&] { return &ahead; });
    ahead = TimeUtil::NanosecondsToDuration(-TimeUtil::DurationToNanoseconds(ahead));
    return read;
  }

  const cli::Arguments& arguments_;
  wire::Fault& fault_;
};

// The robot complains about fields; people know flags.
std::string InFlags(const std::string& message) {
  static const auto& flags = *new std::map<std::string, std::string>{{"calls.rpc", "rpc"},
                                                                     {"times", "times"},
                                                                     {"lasts", "for"},
                                                                     {"effect", "effect"},
                                                                     {"probability", "probability"},
                                                                     {"at_least", "delay"},
                                                                     {"at_most", "delay-max"},
                                                                     {"code", "code"},
                                                                     {"message", "message"},
                                                                     {"details", "details"},
                                                                     {"status", "status"},
                                                                     {"answer.text", "answer"},
                                                                     {"ahead", "ahead"},
                                                                     {"down", "down"}};
  const auto colon = message.find(':');
  const auto found = flags.find(message.substr(0, colon));
  return found == flags.end() ? message : "--" + found->second + message.substr(colon);
}

Result Run(Invocation& invocation) {
  const std::string& name = invocation.words()[0];
  const auto kind = std::find_if(Kinds().begin(), Kinds().end(),
                                 [&name](const Kind& known) { return known.name == name; });
  if (kind == Kinds().end()) {
    return BadInput("KIND: there is no fault '" + name + "'; see payloadctl mock inject --help");
  }
  wire::Fault fault;
  if (const Checked read = FaultFlags(invocation.arguments(), fault).Read(*kind); !read.ok()) {
    return Failed{read.error()};
  }
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  const auto id = (*admin)->faults().Inject(fault, invocation.call_options());
  if (!id.ok() && id.error().kind == FailureKind::kInvalidArgument) {
    return BadInput(InFlags(id.error().message));
  }
  if (!id.ok()) return CallFailed(id.error());
  Report report;
  report.json["id"] = *id;
  report.json["kind"] = name;
  report.text = "fault " + std::to_string(*id) + ": " + name + '\n';
  return report;
}

}  // namespace

Command MockInjectCommand() {
  return {"mock inject",
          {"KIND"},
          "Make the mock robot misbehave.",
          "KIND is one of these; what stands in brackets may be left out.\n"
          "Calls are delayed, and go on:\n"
          "  latency --delay S [--delay-max S [--exponential]]   hang\n"
          "Calls end, the first fault that hits decides:\n"
          "  grpc-status --code NAME [--message T] [--details T]   too-many-requests   reset\n"
          "  header-error [--code NAME] [--message T]   unset-header   unset-status\n"
          "  status --status NAME   answer --rpc NAME --answer TEXTPROTO\n"
          "The robot as a whole, at once unless calls, times or a probability are given:\n"
          "  offline   reboot [--down S]   clock-skew --ahead S|--behind S   expire-tokens\n"
          "The flags below say which calls, how often and for how long. Delays are real time; "
          "--for and\n"
          "--down are the robot's. 'mock faults' lists and ends faults.\n\n"
          "JSON: {\"id\", \"kind\"}",
          {{"rpc", "NAME", "Only calls of this rpc, like RegisterPayload."},
           {"guid", "GUID", "Only calls about this payload, or made with its token."},
           {"client", "NAME", "Only calls of clients of this name."},
           {"times", "N", "At most so many calls."},
           {"for", "SECONDS",
            "Over after this time; offline and clock-skew: this long once they strike."},
           {"probability", "P", "Of each call that agrees, above 0 and at most 1."},
           {"seed", "N", "Makes the same choices each time; 0 unless said otherwise."},
           {"effect", "none|taken", "Whether a call that is hit takes effect; else as is usual."},
           {"delay", "SECONDS", "How long, at least."},
           {"delay-max", "SECONDS", "How long, at most."},
           {"exponential", "", "Short delays are likelier than long ones."},
           {"code", "CODE", "A status of gRPC or a code of CommonError, by name or number."},
           {"message", "TEXT", "What comes with the code."},
           {"details", "TEXT", "What comes with a status of gRPC, too."},
           {"status", "STATUS", "The answer's status, by name or any number."},
           {"answer", "TEXTPROTO", "The whole answer, in Protobuf's text format."},
           {"ahead", "SECONDS", "How far the robot's clock is ahead."},
           {"behind", "SECONDS", "How far the robot's clock is behind."},
           {"down", "SECONDS", "How long the robot is out of reach."}},
          &Run};
}

}  // namespace payload_manager::payloadctl
