// A server that says what a test tells it to, right or wrong, and remembers what it was asked. For
// tests of the client where the mock robot is too well-behaved.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/test_certificates.h"

namespace google::protobuf {
class MessageLite;
}

namespace payload_manager::testing {

struct SeenCall {
  std::string method;  // `RegisterPayload`
  std::string authority;
  std::multimap<std::string, std::string> metadata;
  std::string request;  // as it came on the wire
};

struct ScriptedAnswer {
  bool parked = false;  // never answered; ends when the client gives up
  int code = 0;         // gRPC's; the rest of what the client is told depends on it
  std::string message;
  std::string details;
  std::string response;
};

class RobotScript;
class ScriptedServer;

// Listens on 127.0.0.1, any free port. Threads: every member may be called from any thread.
class ScriptedRobot {
 public:
  // Plain without an identity, else TLS.
  explicit ScriptedRobot(const std::optional<TlsIdentity>& identity = std::nullopt);
  // Gives up parked calls.
  ~ScriptedRobot();

  std::uint16_t port() const;

  // The answer to every call of the method from now on. A method without one is UNIMPLEMENTED.
  void Answers(std::string_view method, const google::protobuf::MessageLite& response);
  void Fails(std::string_view method, int code, const std::string& message,
             const std::string& details = {});
  void Parks(std::string_view method);

  // What was asked so far, of all methods or of one, in order of arrival.
  std::vector<SeenCall> Seen() const;
  std::vector<SeenCall> Seen(std::string_view method) const;
  // Waits until the method has been called `times` times in all, or until so many of its parked
  // calls were given up by the client. False after 20 s.
  bool WaitForCall(std::string_view method, int times = 1) const;
  bool WaitForGivenUp(std::string_view method, int times = 1) const;

 private:
  const std::shared_ptr<RobotScript> script_;
  const std::unique_ptr<ScriptedServer> server_;
};

}  // namespace payload_manager::testing
