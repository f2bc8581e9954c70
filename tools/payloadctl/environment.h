// Everything outside the process that payloadctl touches, besides files: so that every command can
// be tested without sockets or a terminal.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "payload_manager/base/address.h"
#include "payload_manager/base/random.h"
#include "payload_manager/connect.h"
#include "tools/payloadctl/robot_admin.h"

namespace payload_manager::payloadctl {

// Threads: one, the main thread.
class Environment {
 public:
  virtual ~Environment() = default;
  // Data, and nothing else.
  virtual std::ostream& out() = 0;
  // Errors and warnings.
  virtual std::ostream& err() = 0;
  virtual RandomSource& random() = 0;
  virtual Checked<std::unique_ptr<RobotConnection>> ConnectRobot(
      const ConnectionOptions& options) = 0;
  virtual std::unique_ptr<RobotAdmin> ConnectAdmin(const Address& address) = 0;
  // Asks on the terminal, without echo. A problem when there is no terminal.
  virtual Checked<Secret> AskPassword(const std::string& prompt) = 0;
};

// The real one.
std::unique_ptr<Environment> MakeEnvironment();

}  // namespace payload_manager::payloadctl
