// The faults of a mock robot: listed, released, ended.
#include <google/protobuf/util/time_util.h>

#include <charconv>

#include "payload_manager/base/text.h"
#include "tools/payloadctl/commands.h"
#include "tools/payloadctl/table.h"

namespace payload_manager::payloadctl {
namespace {

namespace wire = ::mock_robot::v1;
using google::protobuf::util::TimeUtil;

BasicOutcome<std::uint64_t, Trouble> Id(const std::string& flag, const std::string& text) {
  std::uint64_t id = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, id);
  if (error == std::errc() && stopped == end) return id;
  return BadInput("--" + flag + ": '" + text + "' is not the number of a fault");
}

Json OrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json Describe(const wire::FaultState& state) {
  const wire::Fault& fault = state.fault();
  Json json;
  json["id"] = state.id();
  json["kind"] = state.kind();
  json["rpc"] = OrNull(fault.calls().rpc());
  json["guid"] = OrNull(fault.calls().guid());
  json["client"] = OrNull(fault.calls().client_name());
  json["times"] = fault.has_times() ? Json(fault.times()) : Json(nullptr);
  json["for"] =
      fault.has_lasts()
          ? Json(static_cast<double>(TimeUtil::DurationToNanoseconds(fault.lasts())) / 1e9)
          : Json(nullptr);
  json["probability"] = fault.has_probability() ? fault.probability() : 1.0;
  json["fired"] = state.fired();
  json["held"] = state.held();
  json["spent"] = state.spent();
  return json;
}

// "RegisterPayload guid 78b0…", "all".
std::string Calls(const wire::CallMatch& calls) {
  std::string text = calls.rpc();
  if (!calls.guid().empty()) text += " guid " + calls.guid();
  if (!calls.client_name().empty()) text += " client " + calls.client_name();
  return text.empty() ? "all" : text;
}

std::string Limits(const wire::Fault& fault) {
  std::string text;
  if (fault.has_times()) text += " " + std::to_string(fault.times()) + " times";
  if (fault.has_lasts()) text += " for " + TimeUtil::ToString(fault.lasts());
  if (fault.has_probability()) text += " p " + Json(fault.probability()).dump();
  return text.empty() ? "-" : text.substr(1);
}

Result List(FaultAdmin& faults, const CallOptions& options) {
  const auto list = faults.Faults(options);
  if (!list.ok()) return CallFailed(list.error());
  Report report;
  report.json["faults"] = Json::array();
  std::vector<std::vector<std::string>> rows{
      {"ID", "KIND", "CALLS", "LIMITS", "FIRED", "HELD", "SPENT"}};
  for (const auto& state : *list) {
    report.json["faults"].push_back(Describe(state));
    rows.push_back({std::to_string(state.id()), state.kind(), Calls(state.fault().calls()),
                    Limits(state.fault()), std::to_string(state.fired()),
                    std::to_string(state.held()), state.spent() ? "yes" : "no"});
  }
  report.text = FormatTable(rows);
  return report;
}

Result Run(Invocation& invocation) {
  const auto& arguments = invocation.arguments();
  const CallOptions& options = invocation.call_options();
  const int asked = (arguments.Has("remove") ? 1 : 0) + (arguments.Has("remove-all") ? 1 : 0) +
                    (arguments.Has("release") ? 1 : 0);
  if (asked > 1) return BadInput("--remove, --remove-all and --release: only one at a time");
  Report report;
  for (const char* flag : {"remove", "release"}) {
    const auto text = arguments.Get(flag);
    if (!text) continue;
    const auto id = Id(flag, *text);
    if (!id.ok()) return Failed{id.error()};
    const auto admin = invocation.Admin();
    if (!admin.ok()) return Failed{admin.error()};
    report.json["id"] = *id;
    if (std::string_view(flag) == "remove") {
      const auto done = (*admin)->faults().Remove(*id, options);
      if (!done.ok()) return CallFailed(done.error());
      report.json["removed"] = true;
      report.text = "fault " + *text + ": removed\n";
    } else {
      const auto released = (*admin)->faults().Release(*id, options);
      if (!released.ok()) return CallFailed(released.error());
      report.json["released"] = *released;
      report.text = "fault " + *text + ": let " + std::to_string(*released) + " calls go on\n";
    }
    return report;
  }
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  if (!arguments.Has("remove-all")) return List((*admin)->faults(), options);
  const auto removed = (*admin)->faults().RemoveAll(options);
  if (!removed.ok()) return CallFailed(removed.error());
  report.json["removed"] = *removed;
  report.text = std::to_string(*removed) + " faults removed\n";
  return report;
}

}  // namespace

Command MockFaultsCommand() {
  return {
      "mock faults",
      {},
      "List the mock robot's faults, or end them.",
      "Calls that wait because of a fault go on when it is removed. FIRED counts calls that were\n"
      "hit, or how often the robot as a whole was; a fault that is SPENT hits no more.\n\n"
      "JSON: {\"faults\": [{\"id\", \"kind\", \"rpc\", \"guid\", \"client\", \"times\", \"for\" "
      "(null where not\nset), \"probability\", \"fired\", \"held\", \"spent\"}]}, or {\"id\", "
      "\"removed\"}, {\"removed\"},\n{\"id\", \"released\"}",
      {{"remove", "ID", "End this one."},
       {"remove-all", "", "End all of them."},
       {"release", "ID", "Let the calls go on that it holds now, and keep it."}},
      &Run};
}

}  // namespace payload_manager::payloadctl
