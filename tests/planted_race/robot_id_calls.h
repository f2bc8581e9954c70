// A thin gRPC adapter of the same make as those of the project: callback API, no shared state, no
// locks, compiled without ThreadSanitizer.
#pragma once

#include <functional>
#include <memory>

namespace payload_manager {

// A server and a channel to it in this process.
class RobotIdCalls {
 public:
  RobotIdCalls();
  ~RobotIdCalls();  // returns when no call is in flight

  // Threads: any. `done` runs on one of gRPC's threads, with whether the call succeeded.
  void GetRobotId(std::function<void(bool)> done);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace payload_manager
