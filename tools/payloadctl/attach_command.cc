#include "tools/payloadctl/commands.h"

namespace payload_manager::payloadctl {
namespace {

Result Update(Invocation& invocation, Attachment attachment) {
  const auto credentials = invocation.Credentials();
  if (!credentials.ok()) return Failed{credentials.error()};
  const auto robot = invocation.Robot();
  if (!robot.ok()) return Failed{robot.error()};
  const auto done =
      (*robot)->UpdatePayloadAttached(*credentials, attachment, invocation.call_options());
  if (!done.ok()) return CallFailed(done.error());

  const bool attached = attachment == Attachment::kAttach;
  Report report;
  report.json["guid"] = credentials->guid;
  report.json["attached"] = attached;
  report.text = credentials->guid + (attached ? ": attached\n" : ": detached\n");
  return report;
}

Result RunAttach(Invocation& invocation) { return Update(invocation, Attachment::kAttach); }
Result RunDetach(Invocation& invocation) { return Update(invocation, Attachment::kDetach); }

}  // namespace

Command AttachCommand() {
  return {"attach",
          {},
          "Tell the robot that the payload is mounted.",
          "The robot then reckons with the payload's mass and shape. The payload must be\n"
          "authorized. Attaching one that is attached already is no error.\n\n"
          "JSON: {\"guid\", \"attached\"}",
          {CredentialsFlag()},
          &RunAttach};
}

Command DetachCommand() {
  return {"detach",
          {},
          "Tell the robot that the payload is not mounted.",
          "The payload stays registered and authorized.\n\n"
          "JSON: {\"guid\", \"attached\"}",
          {CredentialsFlag()},
          &RunDetach};
}

}  // namespace payload_manager::payloadctl
