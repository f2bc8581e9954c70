// Failures on the way to a robot.
#include "tests/integration/failures/scenarios.h"
#include "tests/support/raw_peer.h"
#include "tests/support/scripted_robot.h"

namespace payload_manager::testing {
namespace {

const std::vector<std::string> kRobotNames{"*.spot.robot", "localhost"};

TestAuthority& Authority() {
  static TestAuthority authority("Test Root");
  return authority;
}

Staged At(const std::string& host, std::uint16_t port) {
  Staged staged;
  staged.options = PlainTo(port);
  staged.options.robot.host = host;
  return staged;
}

Staged ByTlsTo(const std::shared_ptr<ScriptedRobot>& robot, const std::string& root) {
  Staged staged;
  staged.options = TlsTo(robot->port(), root);
  staged.peer = robot;
  return staged;
}

Staged Certified(const TlsIdentity& identity) {
  return ByTlsTo(std::make_shared<ScriptedRobot>(identity), Authority().root_pem());
}

Staged ByTlsTo(RawPeer::Behaviour behaviour) {
  const auto peer = std::make_shared<RawPeer>(std::move(behaviour));
  Staged staged;
  staged.options = TlsTo(peer->port(), Authority().root_pem());
  staged.peer = peer;
  return staged;
}

Staged PlainlyTo(RawPeer::Behaviour behaviour) {
  const auto peer = std::make_shared<RawPeer>(std::move(behaviour));
  Staged staged;
  staged.options = PlainTo(peer->port());
  staged.peer = peer;
  return staged;
}

Staged Impatiently(Staged staged) {
  staged.options.connect_timeout = std::chrono::milliseconds(500);  // nobody will answer anyway
  return staged;
}

}  // namespace

std::vector<Scenario> ConnectingScenarios() {
  constexpr Verb kRegister = Verb::kRegister;
  return {
      {"host-unknown", kRegister, [] { return At("no-such-robot.invalid", 443); }},
      // Somebody listened there a moment ago.
      {"refused", kRegister, [] { return At("127.0.0.1", ScriptedRobot().port()); }},
      // No connection leads to a broadcast address, whatever the machine's network.
      {"no-route", kRegister, [] { return At("127.255.255.255", 443); }},
      {"no-answer", kRegister,
       [] {
         const auto peer = std::make_shared<DeafPeer>();
         Staged staged;
         staged.options = PlainTo(peer->port());
         staged.peer = peer;
         return Impatiently(staged);
       }},
      {"silent", kRegister, [] { return Impatiently(ByTlsTo(&StaySilent)); }},
      {"silent-plain", kRegister, [] { return Impatiently(PlainlyTo(&StaySilent)); }},
      {"not-grpc", kRegister, [] { return PlainlyTo(&BeAWebServer); }},
      {"peer-speaks-plain", kRegister,
       [] { return ByTlsTo(std::make_shared<ScriptedRobot>(), Authority().root_pem()); }},
      {"peer-speaks-tls", kRegister,
       [] {
         const auto robot = std::make_shared<ScriptedRobot>(Authority().Issue(kRobotNames));
         Staged staged;
         staged.options = PlainTo(robot->port());
         staged.peer = robot;
         return staged;
       }},
      {"tls-failed", kRegister, [] { return ByTlsTo(&HangUp); }},
      {"unknown-certificate-authority", kRegister,
       [] {
         return ByTlsTo(std::make_shared<ScriptedRobot>(Authority().Issue(kRobotNames)),
                        TestAuthority("Other Root").root_pem());
       }},
      {"root-of-the-same-name", kRegister,
       [] {
         return ByTlsTo(std::make_shared<ScriptedRobot>(Authority().Issue(kRobotNames)),
                        TestAuthority("Test Root").root_pem());
       }},
      {"certificate-expired", kRegister,
       [] { return Certified(Authority().IssueExpired(kRobotNames)); }},
      {"certificate-not-yet-valid", kRegister,
       [] { return Certified(Authority().IssueForTomorrow(kRobotNames)); }},
      {"certificate-not-trusted", kRegister,
       [] { return Certified(Authority().IssueForClients(kRobotNames)); }},
      {"name-not-in-certificate", kRegister,
       [] { return Certified(Authority().Issue({"printer.example"})); }},
  };
}

}  // namespace payload_manager::testing
