#include "tools/cli/robot_flags.h"

#include <string_view>
#include <utility>

#include "payload_manager/base/files.h"

namespace payload_manager::cli {
namespace {

Failed<Problem> Because(std::string message) { return Failed{Problem{std::move(message)}}; }

}  // namespace

std::vector<Flag> RobotFlags() {
  return {
      {"robot", "ADDR", "The robot: HOST[:PORT] or [v6]:PORT; port 443 unless said otherwise."},
      {"root-cert", "FILE",
       "PEM file with the root certificate to trust. The mock robot names its own in its ready "
       "line."},
      {"insecure", "", "Connect without TLS: for a mock robot started with --insecure."},
      {"token-over-plain", "",
       "With --insecure: send tokens although everybody on the way can read them."},
  };
}

Checked<ConnectionOptions> ReadRobotFlags(const Arguments& arguments) {
  const auto robot = arguments.Get("robot");
  if (!robot) return Because("--robot: is missing; say which robot, e.g. --robot 192.168.80.3");
  auto address = ParseAddress(*robot, ConnectionOptions::kRobotPort);
  if (!address.ok()) return Because("--robot: " + address.error().message);

  ConnectionOptions options;
  options.robot = *std::move(address);
  options.insecure = arguments.Has("insecure");
  options.token_over_plain = arguments.Has("token-over-plain");
  const auto root = arguments.Get("root-cert");
  if (root && options.insecure) {
    return Because("--root-cert, --insecure: give one of them, not both");
  }
  if (!root && !options.insecure) {
    return Because("--root-cert: is missing; give the robot's root certificate (or --insecure)");
  }
  if (options.token_over_plain && !options.insecure) {
    return Because("--token-over-plain: only makes sense together with --insecure");
  }
  if (root) {
    auto pem = ReadSmallFile(*root);
    if (!pem.ok()) return Because("--root-cert: " + pem.error().message);
    options.root_certificates_pem = *std::move(pem);
  }
  return options;
}

std::string WithFlagNames(std::string text) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"ConnectionOptions::robot", "--robot"},
      {"ConnectionOptions::root_certificates_pem", "--root-cert"},
      {"ConnectionOptions::insecure", "--insecure"},
      {"ConnectionOptions::token_over_plain", "--token-over-plain"},
  };
  for (const auto& [name, flag] : kNames) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
      text.replace(at, name.size(), flag);
    }
  }
  return text;
}

}  // namespace payload_manager::cli
