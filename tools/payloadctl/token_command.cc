#include "tools/payloadctl/commands.h"

namespace payload_manager::payloadctl {
namespace {

Result Run(Invocation& invocation) {
  const auto credentials = invocation.Credentials();
  if (!credentials.ok()) return Failed{credentials.error()};
  const auto robot = invocation.Robot();
  if (!robot.ok()) return Failed{robot.error()};
  const auto token = (*robot)->GetPayloadAuthToken(*credentials, invocation.call_options());
  if (!token.ok()) return CallFailed(token.error());

  const bool show = invocation.arguments().Has("show");
  Report report;
  report.json["guid"] = credentials->guid;
  report.json["authorized"] = true;
  if (show) report.json["token"] = token->Reveal();
  report.text = show ? std::string(token->Reveal()) + '\n'
                     : credentials->guid + ": authorized; the robot gave a token (--show it)\n";
  return report;
}

}  // namespace

Command TokenCommand() {
  return {"token",
          {},
          "Ask for the payload's token: is it authorized?",
          "Asks the robot for a token with the payload's GUID and secret. Succeeds once an\n"
          "administrator has authorized the payload; exit code 6 until then. The token opens the\n"
          "robot's services for 12 hours, so it is printed only with --show.\n\n"
          "JSON: {\"guid\", \"authorized\", \"token\" (only with --show)}",
          {CredentialsFlag(), {"show", "", "Print the token itself."}},
          &Run};
}

}  // namespace payload_manager::payloadctl
