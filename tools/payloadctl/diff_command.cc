#include <algorithm>
#include <cctype>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/definition.h"
#include "payload_manager/definition_compare.h"
#include "tools/payloadctl/commands.h"

namespace payload_manager::payloadctl {
namespace {

bool SameGuid(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

Report Describe(const std::string& guid, const std::vector<std::string>& differences) {
  Report report;
  report.json["guid"] = guid;
  report.json["differs"] = !differences.empty();
  report.json["differences"] = Json::array();
  for (const std::string& difference : differences) {
    report.json["differences"].push_back(difference);
    report.text += difference + '\n';
  }
  if (differences.empty()) report.text = "the robot has this definition\n";
  report.exit_code = differences.empty() ? cli::ExitCode::kDone : cli::ExitCode::kOther;
  return report;
}

Result Run(Invocation& invocation) {
  auto ours = ParseDefinitionFile(invocation.words()[0]);
  if (!ours.ok()) return BadInput(ours.error().message);
  const auto credentials = invocation.Credentials();
  if (!credentials.ok()) return Failed{credentials.error()};
  if (ours->guid().empty()) ours->set_guid(credentials->guid);
  const auto robot = invocation.Robot();
  if (!robot.ok()) return Failed{robot.error()};
  const auto token = (*robot)->GetPayloadAuthToken(*credentials, invocation.call_options());
  if (!token.ok()) return CallFailed(token.error());
  const auto response = (*robot)->ListPayloads(*token, invocation.call_options());
  if (!response.ok()) return CallFailed(response.error());

  for (const auto& payload : response->payloads()) {
    if (SameGuid(payload.guid(), credentials->guid)) {
      return Describe(credentials->guid, CompareDefinitions(*ours, payload));
    }
  }
  return Failed{Trouble{cli::ExitCode::kDoesNotExist,
                        credentials->guid + ": the robot does not list this payload"}};
}

}  // namespace

Command DiffCommand() {
  return {
      "diff",
      {"DEFINITION"},
      "Compare a definition with the one the robot has.",
      "The robot keeps the definition a payload first registered with until it is forgotten.\n"
      "Names each field that differs. What the administrator chose (a preset) and what belongs\n"
      "to the robot is no difference. Exit code 1 when they differ. The payload must be\n"
      "authorized.\n\n"
      "JSON: {\"guid\", \"differs\", \"differences\": [text]}",
      {CredentialsFlag()},
      &Run};
}

}  // namespace payload_manager::payloadctl
