// What an administrator does in a real robot's console, done to a mock robot.
#include <google/protobuf/util/time_util.h>

#include "payload_manager/base/text.h"
#include "payload_manager/software_version.h"
#include "tools/payloadctl/admin_answer.h"
#include "tools/payloadctl/commands.h"
#include "tools/payloadctl/table.h"

namespace payload_manager::payloadctl {
namespace {

namespace wire = ::mock_robot::v1;
using google::protobuf::util::TimeUtil;

Json Describe(const wire::PayloadState& payload) {
  Json json;
  json["guid"] = payload.guid();
  json["name"] = payload.name();
  json["authorized"] = payload.authorized();
  json["attached"] = payload.attached();
  if (payload.has_version()) {
    json["version"] = FormatSoftwareVersion(payload.version());
  } else {
    json["version"] = nullptr;
  }
  json["credentials_known"] = payload.credentials_known();
  json["preset_applied"] = payload.preset_applied();
  json["presets_offered"] = Json::array();
  for (const auto& preset : payload.presets_offered()) json["presets_offered"].push_back(preset);
  json["warnings"] = Json::array();
  for (const auto& warning : payload.warnings()) json["warnings"].push_back(warning);
  json["registrations"] = payload.registrations();
  json["first_registered"] = TimeUtil::ToString(payload.first_registered());
  json["last_registered"] = TimeUtil::ToString(payload.last_registered());
  return json;
}

Result RunList(Invocation& invocation) {
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  const auto payloads = (*admin)->List(invocation.call_options());
  if (!payloads.ok()) return CallFailed(payloads.error());

  Report report;
  report.json["payloads"] = Json::array();
  std::vector<std::vector<std::string>> rows{
      {"GUID", "AUTHORIZED", "ATTACHED", "VERSION", "PRESET", "NAME"}};
  for (const auto& payload : *payloads) {
    report.json["payloads"].push_back(Describe(payload));
    rows.push_back(
        {payload.guid(), payload.authorized() ? "yes" : "no", payload.attached() ? "yes" : "no",
         payload.has_version() ? FormatSoftwareVersion(payload.version()) : "-",
         payload.preset_applied().empty() ? "-" : payload.preset_applied(), payload.name()});
  }
  report.text = FormatTable(rows);
  return report;
}

// All that wait, in their default configuration. Stops at the first that cannot be authorized.
Result AuthorizeAll(RobotAdmin& admin, const CallOptions& options) {
  const auto payloads = admin.List(options);
  if (!payloads.ok()) return CallFailed(payloads.error());
  Report report;
  report.json["authorized"] = Json::array();
  for (const auto& payload : *payloads) {
    if (payload.authorized()) continue;
    const auto one = Conclude(admin.Authorize(payload.guid(), "", options), {}, "");
    if (!one.ok()) return Failed{one.error()};
    report.json["authorized"].push_back(payload.guid());
    report.text += OneLine(payload.guid()) + ": authorized\n";
  }
  if (report.text.empty()) report.text = "no payload waits\n";
  return report;
}

Result RunAuthorize(Invocation& invocation) {
  if (invocation.arguments().Has("all") && invocation.arguments().Has("preset")) {
    return BadInput("--all: authorizes in the default configuration, so without --preset");
  }
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  if (invocation.arguments().Has("all")) return AuthorizeAll(**admin, invocation.call_options());
  const std::string& guid = invocation.words()[0];
  const std::string preset = invocation.arguments().Get("preset").value_or("");
  Json json;
  json["guid"] = guid;
  json["authorized"] = true;
  json["preset"] = preset;
  return Conclude((*admin)->Authorize(guid, preset, invocation.call_options()), std::move(json),
                  guid + ": authorized" + (preset.empty() ? "" : " with preset '" + preset + "'"));
}

Result RunDeauthorize(Invocation& invocation) {
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  const std::string& guid = invocation.words()[0];
  Json json;
  json["guid"] = guid;
  json["authorized"] = false;
  return Conclude((*admin)->Deauthorize(guid, invocation.call_options()), std::move(json),
                  guid + ": no longer authorized");
}

Result RunForget(Invocation& invocation) {
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  const std::string& guid = invocation.words()[0];
  Json json;
  json["guid"] = guid;
  json["forgotten"] = true;
  return Conclude((*admin)->Forget(guid, invocation.call_options()), std::move(json),
                  guid + ": forgotten");
}

Result RunReboot(Invocation& invocation) {
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  Json json;
  json["rebooted"] = true;
  return Conclude((*admin)->Reboot(invocation.call_options()), std::move(json), "rebooted");
}

Result RunReject(Invocation& invocation) {
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  const std::string& guid = invocation.words()[0];
  Json json;
  json["guid"] = guid;
  json["rejected"] = true;
  return Conclude((*admin)->Reject(guid, invocation.call_options()), std::move(json),
                  guid + ": rejected");
}

}  // namespace

Command MockListCommand() {
  return {
      "mock list",
      {},
      "List the payloads of a mock robot.",
      "Needs no token; shows more than 'list' does.\n\n"
      "JSON: {\"payloads\": [{\"guid\", \"name\", \"authorized\", \"attached\", \"version\" (or "
      "null),\n\"credentials_known\", \"preset_applied\", \"presets_offered\": [name], "
      "\"warnings\": [text],\n\"registrations\", \"first_registered\", \"last_registered\"}]}",
      {},
      &RunList};
}

Command MockAuthorizeCommand() {
  return {"mock authorize",
          {"GUID"},
          "Accept a payload, as the console's administrator.",
          "Accepts it in its default configuration, or in one of its presets.\n\n"
          "JSON: {\"guid\", \"authorized\", \"preset\"}; with --all {\"authorized\": [guid]}",
          {{"preset", "NAME", "The configuration to accept it in; see 'mock list --json'."},
           {"all", "", "Accept every payload that waits, instead of GUID."}},
          &RunAuthorize,
          "all"};
}

Command MockDeauthorizeCommand() {
  return {"mock deauthorize",
          {"GUID"},
          "Take an authorization back.",
          "The payload stays registered and waits again.\n\n"
          "JSON: {\"guid\", \"authorized\"}",
          {},
          &RunDeauthorize};
}

Command MockRejectCommand() {
  return {"mock reject",
          {"GUID"},
          "Turn a waiting payload away.",
          "Its GUID is unknown afterwards, until it registers again. A payload that is authorized\n"
          "is not rejected but de-authorized or forgotten.\n\n"
          "JSON: {\"guid\", \"rejected\"}",
          {},
          &RunReject};
}

Command MockForgetCommand() {
  return {"mock forget",
          {"GUID"},
          "Make the mock robot forget a payload.",
          "Its GUID is unknown afterwards and its tokens are void, until it registers again.\n\n"
          "JSON: {\"guid\", \"forgotten\"}",
          {},
          &RunForget};
}

Command MockRebootCommand() {
  return {"mock reboot",
          {},
          "Restart the mock robot.",
          "Registered services leave its directory; payload registrations stay, as on a Spot.\n\n"
          "JSON: {\"rebooted\"}",
          {},
          &RunReboot};
}

}  // namespace payload_manager::payloadctl
