// gRPC servers with our limits, behind an interface without gRPC in it.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "payload_manager/base/address.h"
#include "payload_manager/base/outcome.h"

namespace mock_robot {

class Listener;
class Robot;
struct TlsIdentity;

// Threads: one owner. The destructor stops.
class GrpcServer {
 public:
  virtual ~GrpcServer() = default;
  // Calls in flight may end within `grace`, then they are cancelled. Idempotent.
  virtual void Stop(std::chrono::nanoseconds grace) = 0;
  virtual const payload_manager::Address& address() const = 0;
};

// The robot's own services, on connections that `listener` accepts; started when it returns. Plain
// if `identity` is null. Both references must outlive the server, except that the listener must be
// stopped before it.
payload_manager::Checked<std::unique_ptr<GrpcServer>> StartRobotServer(Robot& robot,
                                                                       Listener& listener,
                                                                       const TlsIdentity* identity);

// The administration service on a port of its own, plain. `address` must be loopback.
payload_manager::Checked<std::unique_ptr<GrpcServer>> StartAdminServer(
    Robot& robot, const payload_manager::Address& address);

}  // namespace mock_robot
