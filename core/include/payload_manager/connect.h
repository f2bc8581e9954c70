// Opens the gRPC connection to a robot.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "payload_manager/base/address.h"
#include "payload_manager/base/clock.h"
#include "payload_manager/base/outcome.h"
#include "payload_manager/robot_connection.h"

namespace payload_manager {

struct ConnectionOptions {
  static constexpr std::uint16_t kRobotPort = 443;

  Address robot;  // port kRobotPort unless said otherwise
  // TLS: the PEM text of the certificate(s) to trust. Robots have a certificate of Boston
  // Dynamics' own authority, so the system's trust store does not help.
  std::string root_certificates_pem;
  // Plain connection, no TLS (and no root certificates). Tokens are then not sent unless
  // `token_over_plain` says so: a call that needs one fails with kInvalidArgument.
  bool insecure = false;
  bool token_over_plain = false;
  // How long one attempt to connect may take, half a second at least.
  Duration connect_timeout = std::chrono::seconds(5);
  // A failure to connect that gRPC does not explain is looked into, at most once a minute for all
  // connections to the address that trust the same, and away from other calls: a connection of its
  // own to the robot's address finds out what the other end speaks and what is wrong with its
  // certificate. The failed call waits for that, within its timeout, at most 2 s and no longer than
  // `connect_timeout`, so that its failure says so. Sends nothing but a TLS greeting.
  bool diagnose = true;
  // Who calls, in every request header; shows in the robot's logs.
  std::string client_name = "payload-manager";
  // Stamps request headers, and paces the diagnoses. Must outlive the connection and its
  // completions.
  const Clock* clock = &SystemClock();
};

// Checks the options (a TLS connection needs a parsable root certificate); does not wait for the
// robot: gRPC connects on the first call to each of its services. Never blocks. Proxies named in
// the environment are not used: a robot is reached directly.
Checked<std::unique_ptr<RobotConnection>> Connect(const ConnectionOptions& options);

}  // namespace payload_manager
