// The seam to a robot joined onto the mock robot's rules: no sockets, no threads, any amount of
// time. With the mock robot's own headers this is the only room that sees both sides.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "mock_robot/registry.h"
#include "tests/support/fake_connection.h"

namespace payload_manager::testing {

// A robot in virtual time: `registry` is what its administrator uses, `connection` what its
// payloads use. Threads: the virtual runtime's.
class LoopbackRobot {
 public:
  explicit LoopbackRobot(std::shared_ptr<VirtualRuntime> runtime);

  mock_robot::RobotTime Now() const { return runtime_->clock().WallNow(); }
  // How the list shows the payload; nullopt: the robot does not know it.
  std::optional<bosdyn::api::Payload> Find(const std::string& guid) const;
  bool TokenHolds(const std::string& token) const;
  // Everything is gone, as after a factory reset.
  void Erase();

  std::unique_ptr<mock_robot::Registry> registry;
  std::shared_ptr<FakeConnection> connection;
  std::optional<FailureKind> outage;  // every call fails so, without effect
  Duration latency{0};

 private:
  Reply Answer(const Call& call);
  Reply GrantToken(const Call& call);
  Reply UpdateAttached(const Call& call);
  Reply Succeeds() const { return Ok(latency); }
  Reply Refuses(FailureKind kind) const { return Fails(kind, latency); }

  std::shared_ptr<VirtualRuntime> runtime_;
  std::map<std::string, std::uint64_t> grants_;  // epochs by token
};

}  // namespace payload_manager::testing
