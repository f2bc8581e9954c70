#include "tools/payloadctl/command.h"

#include <utility>

#include "payload_manager/credentials.h"
#include "tools/cli/robot_flags.h"

namespace payload_manager::payloadctl {

Failed<Trouble> BadInput(std::string message) {
  return Failed{Trouble{cli::ExitCode::kBadInput, std::move(message)}};
}

Failed<Trouble> CallFailed(const Failure& failure) {
  return Failed{Trouble{cli::ExitCodeFor(failure.kind), cli::WithFlagNames(failure.message)}};
}

Invocation::Invocation(Environment& environment, const cli::Arguments& arguments,
                       std::vector<std::string> words, CallOptions call_options)
    : environment_(environment),
      arguments_(arguments),
      words_(std::move(words)),
      call_options_(std::move(call_options)) {}

BasicOutcome<RobotConnection*, Trouble> Invocation::Robot() {
  if (!robot_) {
    auto options = cli::ReadRobotFlags(arguments_);
    if (!options.ok()) return BadInput(options.error().message);
    options->client_name = "payloadctl";
    auto robot = environment_.ConnectRobot(*options);
    if (!robot.ok()) return BadInput(cli::WithFlagNames(robot.error().message));
    robot_ = *std::move(robot);
  }
  return robot_.get();
}

BasicOutcome<RobotAdmin*, Trouble> Invocation::Admin() {
  if (!admin_) {
    const auto text = arguments_.Get("admin");
    if (!text) {
      return BadInput("--admin: is missing; give the address the mock robot's ready line names");
    }
    const auto address = ParseAddress(*text, 0);
    if (!address.ok()) return BadInput("--admin: " + address.error().message);
    if (address->port == 0) return BadInput("--admin: '" + *text + "' has no port");
    admin_ = environment_.ConnectAdmin(*address);
  }
  return admin_.get();
}

BasicOutcome<PayloadCredentials, Trouble> Invocation::Credentials() const {
  const auto file = arguments_.Get("credentials");
  if (!file) return BadInput("--credentials: is missing; name the payload's credentials file");
  auto credentials = ReadCredentialsFile(*file);
  if (!credentials.ok()) return BadInput("--credentials: " + credentials.error().message);
  return *std::move(credentials);
}

cli::Flag CredentialsFlag() {
  return {"credentials", "FILE",
          "The payload's GUID (line 1) and secret (line 2); only its owner may read it."};
}

}  // namespace payload_manager::payloadctl
