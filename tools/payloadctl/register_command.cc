#include "bosdyn/api/payload.pb.h"
#include "payload_manager/definition.h"
#include "tools/payloadctl/commands.h"

namespace payload_manager::payloadctl {
namespace {

std::string Join(const std::vector<DefinitionFinding>& findings) {
  std::string text;
  for (const DefinitionFinding& finding : findings) {
    text += (text.empty() ? "" : "; ") + finding.message;
  }
  return text;
}

Result Run(Invocation& invocation) {
  const std::string& file = invocation.words()[0];
  auto payload = ParseDefinitionFile(file);
  if (!payload.ok()) return BadInput(payload.error().message);
  if (const auto report = ValidateDefinition(*payload); !report.ok()) {
    return BadInput(file + ": " + Join(report.errors));
  }
  const auto credentials_file = invocation.arguments().Get("credentials");
  if (!credentials_file) {
    return BadInput("--credentials: is missing; name a file, which is made if there is none");
  }
  const auto robot = invocation.Robot();
  if (!robot.ok()) return Failed{robot.error()};
  // Only now, when nothing local can go wrong any more: an identity that is not used is litter.
  const auto credentials = ReadOrCreateCredentialsFile(
      *credentials_file, invocation.environment().random(), payload->guid());
  if (!credentials.ok()) return BadInput("--credentials: " + credentials.error().message);
  payload->set_guid(credentials->guid);

  const auto done =
      (*robot)->RegisterPayload(*payload, credentials->secret, invocation.call_options());
  if (!done.ok()) return CallFailed(done.error());

  Report report;
  report.json["guid"] = credentials->guid;
  report.json["registered"] = true;
  report.text = credentials->guid + ": registered; an administrator has to authorize it\n";
  ValidationContext context;
  context.secret_length = credentials->secret.size();
  for (const DefinitionFinding& warning : ValidateDefinition(*payload, context).warnings) {
    report.warnings.push_back(file + ": " + warning.message);
  }
  return report;
}

}  // namespace

Command RegisterCommand() {
  return {
      "register",
      {"DEFINITION"},
      "Register a payload.",
      "Checks the definition (.textproto, .txtpb, .pbtxt, .json, .binpb or .pb) and sends it.\n"
      "The credentials file is made when there is none, with a fresh GUID (or the definition's)\n"
      "and a fresh secret. Exit code 4 when the robot knows the GUID already: it then keeps the\n"
      "definition it has, whatever the secret.\n\n"
      "JSON: {\"guid\", \"registered\"}",
      {CredentialsFlag()},
      &Run};
}

}  // namespace payload_manager::payloadctl
