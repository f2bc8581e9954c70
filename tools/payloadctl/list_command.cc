#include "bosdyn/api/payload.pb.h"
#include "payload_manager/base/files.h"
#include "payload_manager/software_version.h"
#include "tools/payloadctl/commands.h"
#include "tools/payloadctl/table.h"

namespace payload_manager::payloadctl {
namespace {

using TokenOrTrouble = BasicOutcome<Secret, Trouble>;

BasicOutcome<Secret, Trouble> ReadPassword(Invocation& invocation, const std::string& user) {
  const auto file = invocation.arguments().Get("password-file");
  if (!file) {
    auto typed = invocation.environment().AskPassword("Password of " + user + ": ");
    if (!typed.ok()) return BadInput(typed.error().message);
    return *std::move(typed);
  }
  auto content = ReadPrivateFile(*file);
  if (!content.ok()) return BadInput("--password-file: " + content.error().message);
  std::string_view line = *content;
  line = line.substr(0, line.find_first_of("\r\n"));
  if (line.empty()) return BadInput("--password-file: " + *file + ": line 1 is empty");
  return Secret(line);
}

TokenOrTrouble UserToken(Invocation& invocation, const std::string& user) {
  if (invocation.arguments().Has("credentials")) {
    return BadInput("--user, --credentials: give one of them, not both");
  }
  const auto robot = invocation.Robot();
  if (!robot.ok()) return Failed{robot.error()};
  const auto password = ReadPassword(invocation, user);
  if (!password.ok()) return Failed{password.error()};
  auto token = (*robot)->Authenticate(user, *password, invocation.call_options());
  if (!token.ok()) return CallFailed(token.error());
  return *std::move(token);
}

TokenOrTrouble PayloadToken(Invocation& invocation) {
  if (invocation.arguments().Has("password-file")) {
    return BadInput("--password-file: only makes sense together with --user");
  }
  if (!invocation.arguments().Has("credentials")) {
    return BadInput("--credentials: is missing; give a payload's credentials, or --user");
  }
  const auto credentials = invocation.Credentials();
  if (!credentials.ok()) return Failed{credentials.error()};
  const auto robot = invocation.Robot();
  if (!robot.ok()) return Failed{robot.error()};
  auto token = (*robot)->GetPayloadAuthToken(*credentials, invocation.call_options());
  if (!token.ok()) return CallFailed(token.error());
  return *std::move(token);
}

Json Describe(const bosdyn::api::Payload& payload) {
  Json json;
  json["guid"] = payload.guid();
  json["name"] = payload.name();
  json["description"] = payload.description();
  json["authorized"] = payload.is_authorized();
  json["attached"] = payload.is_enabled();
  if (payload.has_version()) {
    json["version"] = FormatSoftwareVersion(payload.version());
  } else {
    json["version"] = nullptr;
  }
  json["mass_kg"] = payload.mass_volume_properties().total_mass();
  json["presets"] = Json::array();
  for (const auto& preset : payload.preset_configurations()) {
    json["presets"].push_back(preset.preset_name());
  }
  return json;
}

Result Run(Invocation& invocation) {
  const auto user = invocation.arguments().Get("user");
  const auto token = user ? UserToken(invocation, *user) : PayloadToken(invocation);
  if (!token.ok()) return Failed{token.error()};
  const auto robot = invocation.Robot();
  const auto response = (*robot)->ListPayloads(*token, invocation.call_options());
  if (!response.ok()) return CallFailed(response.error());

  Report report;
  report.json["payloads"] = Json::array();
  std::vector<std::vector<std::string>> rows{{"GUID", "AUTHORIZED", "ATTACHED", "VERSION", "NAME"}};
  for (const auto& payload : response->payloads()) {
    report.json["payloads"].push_back(Describe(payload));
    rows.push_back({payload.guid(), payload.is_authorized() ? "yes" : "no",
                    payload.is_enabled() ? "yes" : "no",
                    payload.has_version() ? FormatSoftwareVersion(payload.version()) : "-",
                    payload.name()});
  }
  report.text = FormatTable(rows);
  return report;
}

}  // namespace

Command ListCommand() {
  return {
      "list",
      {},
      "List all payloads the robot knows.",
      "Whoever asks needs a token: name an authorized payload's credentials, or a user of the\n"
      "robot, whose password is read from --password-file or asked for on the terminal.\n\n"
      "JSON: {\"payloads\": [{\"guid\", \"name\", \"description\", \"authorized\", \"attached\",\n"
      "\"version\" (or null), \"mass_kg\", \"presets\": [name]}]}",
      {CredentialsFlag(),
       {"user", "NAME", "Ask as this user of the robot."},
       {"password-file", "FILE",
        "The user's password in line 1; only its owner may read the file."}},
      &Run};
}

}  // namespace payload_manager::payloadctl
