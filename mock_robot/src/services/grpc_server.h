// gRPC servers with our limits, behind an interface without gRPC in it.
#pragma once

#include <chrono>
#include <memory>

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
};

// Both start a server on the connections that `listener` accepts, and start the listener. `robot`
// must outlive the server; the listener must be stopped before the server is.

// The robot's own services; plain if `identity` is null.
payload_manager::Checked<std::unique_ptr<GrpcServer>> StartRobotServer(Robot& robot,
                                                                       Listener& listener,
                                                                       const TlsIdentity* identity);

// The administration, plain and without a password: for a listener on loopback only.
payload_manager::Checked<std::unique_ptr<GrpcServer>> StartAdminServer(Robot& robot,
                                                                       Listener& listener);

}  // namespace mock_robot
