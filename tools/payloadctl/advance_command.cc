// The clock of a mock robot, moved by hand.
#include <google/protobuf/util/time_util.h>

#include <utility>

#include "tools/payloadctl/admin_answer.h"
#include "tools/payloadctl/commands.h"

namespace payload_manager::payloadctl {
namespace {

using google::protobuf::util::TimeUtil;

Result RunAdvance(Invocation& invocation) {
  const std::string& words = invocation.words()[0];
  const auto by = cli::ParseSecondsArgument("SECONDS", words);
  if (!by.ok()) return BadInput(by.error().message);
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  const auto advanced = (*admin)->Advance(*by, invocation.call_options());
  if (!advanced.ok()) return CallFailed(advanced.error());
  const std::string now = TimeUtil::ToString(advanced->now);
  Json json;
  json["advanced"] = std::chrono::duration<double>(*by).count();
  json["now"] = now;
  return Conclude(advanced->answer, std::move(json), "moved ahead by " + words + " s, to " + now);
}

}  // namespace

Command MockAdvanceCommand() {
  return {
      "mock advance",
      {"SECONDS"},
      "Move the mock robot's clock ahead.",
      "Tokens, lock-outs, liveness, what is authorized by itself and the end of faults come\n"
      "due without waiting, and have when this ends. Adds to whatever the clock does, real\n"
      "time or --time-scale; on a robot whose clock stands still (mock-robot --time-scale 0)\n"
      "no other time passes. A clock is not moved back, nor more than ten years ahead in all.\n\n"
      "JSON: {\"advanced\": seconds, \"now\": the robot's time}",
      {},
      &RunAdvance};
}

}  // namespace payload_manager::payloadctl
