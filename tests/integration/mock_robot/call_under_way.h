// A call that is under way on a thread of its own.
#pragma once

#include <functional>
#include <thread>

#include "tests/integration/mock_robot/robot_under_test.h"

namespace mock_robot::testing {

// Joins when it dies, so whatever the call waits for must have come by then.
class CallUnderWay {
 public:
  explicit CallUnderWay(std::function<WireStatus()> call)
      : thread_([this, call = std::move(call)] { status_ = call(); }) {}
  // Registers the payload.
  explicit CallUnderWay(WireClient& client)
      : CallUnderWay([&client] { return Register(client); }) {}

  WireStatus Join() {
    thread_.join();
    return status_;
  }

 private:
  WireStatus status_;
  std::jthread thread_;
};

inline bool OneIsHeld(const RobotSnapshot& snapshot) { return snapshot.held_answers == 1; }

}  // namespace mock_robot::testing
