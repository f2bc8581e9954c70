// What tests of sessions share: a payload, a record of what its observer was told, and a fake robot
// that knows registration, secrets and authorization just well enough.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "payload_manager/payload_sessions.h"
#include "tests/support/fake_connection.h"
#include "tests/support/virtual_runtime.h"

namespace payload_manager::testing {

std::shared_ptr<const bosdyn::api::Payload> MakePayload(const std::string& guid,
                                                        double mass_kg = 3);

// Everything an observer was told, as "12.5 registering -> authorized": seconds and event.
class Diary {
 public:
  explicit Diary(const VirtualRuntime& runtime) : runtime_(runtime) {}
  SessionObserver Observer();
  PayloadSessions::ResultCallback Result(const std::string& what);
  void Write(const std::string& event);

  std::vector<std::string> entries;
  std::vector<std::string> events;  // the same without the instants

 private:
  const VirtualRuntime& runtime_;
};

// Answers like a robot, at once unless `latency` says otherwise.
struct FakeRobot {
  struct Known {
    std::string secret;
    bool authorized = false;
    bosdyn::api::Payload definition;
  };

  explicit FakeRobot(std::shared_ptr<VirtualRuntime> runtime)
      : connection(std::make_shared<FakeConnection>(std::move(runtime))) {
    connection->script = [this](const Call& call) { return Answer(call); };
  }
  Reply Answer(const Call& call);
  // Before the table made the payload known: somebody else did.
  void Own(const std::string& guid, const std::string& secret, bool authorized = false);

  std::shared_ptr<FakeConnection> connection;
  std::map<std::string, Known> payloads;
  std::optional<FailureKind> outage;  // every call fails so
  Duration latency{0};
  int tokens = 0;
};

}  // namespace payload_manager::testing
