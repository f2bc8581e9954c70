#include "bosdyn/api/robot_id.pb.h"
#include "payload_manager/software_version.h"
#include "tools/payloadctl/commands.h"

namespace payload_manager::payloadctl {
namespace {

Result Run(Invocation& invocation) {
  const auto version = ParseSoftwareVersion(invocation.words()[0]);
  if (!version.ok()) return BadInput(version.error().message);
  const auto credentials = invocation.Credentials();
  if (!credentials.ok()) return Failed{credentials.error()};
  const auto robot = invocation.Robot();
  if (!robot.ok()) return Failed{robot.error()};
  const auto done =
      (*robot)->UpdatePayloadVersion(*credentials, *version, invocation.call_options());
  if (!done.ok()) return CallFailed(done.error());

  Report report;
  report.json["guid"] = credentials->guid;
  report.json["version"] = FormatSoftwareVersion(*version);
  report.text = credentials->guid + ": version " + FormatSoftwareVersion(*version) + '\n';
  return report;
}

}  // namespace

Command UpdateVersionCommand() {
  return {
      "update-version",
      {"X.Y.Z"},
      "Tell the robot which software the payload runs.",
      "Works before the payload is authorized, too. Of what was registered, the version is the\n"
      "one thing that can be changed without forgetting the payload first.\n\n"
      "JSON: {\"guid\", \"version\"}",
      {CredentialsFlag()},
      &Run};
}

}  // namespace payload_manager::payloadctl
