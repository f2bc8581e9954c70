// The gRPC side of ScriptedRobot: a generic service that takes every method as bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "tests/support/test_certificates.h"

namespace payload_manager::testing {

class RobotScript;

// Serves from construction to destruction. Stops the test when it cannot.
class ScriptedServer {
 public:
  ScriptedServer(std::shared_ptr<RobotScript> script, const std::optional<TlsIdentity>& identity);
  ~ScriptedServer();
  std::uint16_t port() const { return port_; }

 private:
  struct Serving;
  std::unique_ptr<Serving> serving_;
  std::uint16_t port_ = 0;
};

}  // namespace payload_manager::testing
