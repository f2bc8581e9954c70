// What a ScriptedRobot shares between the test and gRPC's threads; has the locks, knows no gRPC.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/scripted_robot.h"

namespace payload_manager::testing {

// Threads: every member may be called from any thread.
class RobotScript {
 public:
  void Set(std::string_view method, ScriptedAnswer answer);
  // Remembers the call and tells what to answer.
  ScriptedAnswer Ask(SeenCall call);
  void GivenUp(const std::string& method);

  std::vector<SeenCall> Seen() const;
  bool WaitForCall(std::string_view method, int times) const;
  bool WaitForGivenUp(std::string_view method, int times) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  // All guarded by mutex_.
  std::map<std::string, ScriptedAnswer, std::less<>> answers_;
  std::vector<SeenCall> seen_;
  std::vector<std::string> given_up_;
};

}  // namespace payload_manager::testing
