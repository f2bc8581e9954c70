// The calls that the robot makes to payloads: bounded in number and time, ended by Stop.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "mock_robot/software.h"
#include "services/initiation_call.h"

namespace mock_robot {

// Threads: every member may be called from any thread; only Stop and the destructor block.
class PayloadCalls {
 public:
  using Done = std::function<void(const AdminAnswer&)>;
  static constexpr std::size_t kMostInFlight = 100;
  static constexpr std::chrono::minutes kLongestPatience{1};

  PayloadCalls() = default;
  PayloadCalls(const PayloadCalls&) = delete;
  PayloadCalls& operator=(const PayloadCalls&) = delete;
  ~PayloadCalls();  // Stop()

  // Calls the initiation service at `target`. `done` runs exactly once, under no lock: at once if
  // nothing was sent, otherwise on a thread of gRPC's, where it must not block.
  void Prompt(const std::string& target, SoftwarePrompt prompt, payload_manager::Duration patience,
              Done done);

  // Cancels every call and returns when the last one has told its end; later ones are refused.
  // Not to be called by a `done`.
  void Stop();

 private:
  void Ended(std::uint64_t id);

  std::mutex mutex_;
  std::condition_variable ended_;
  bool stopped_ = false;
  std::uint64_t last_id_ = 0;
  // Null until the call is known, which may be after it has ended.
  std::map<std::uint64_t, std::shared_ptr<OutgoingCall>> in_flight_;
};

}  // namespace mock_robot
