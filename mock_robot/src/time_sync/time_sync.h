// The time-sync handshake: what the robot makes of the round trips that clients report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <string>
#include <unordered_map>

#include "bosdyn/api/time_sync.pb.h"
#include "mock_robot/registry.h"

namespace mock_robot {

// Threads: none of its own and no locks; one caller at a time.
class TimeSync {
 public:
  // So many clients are remembered, the latest ones: they come from outside and must not fill the
  // memory. One that was forgotten starts over, which costs it a few round trips.
  static constexpr std::size_t kMostClocks = 1000;
  // The best estimate is that of the shortest among so many latest round trips.
  static constexpr std::size_t kRecent = 25;

  // `random` (clock identifiers) must outlive this.
  explicit TimeSync(const Assumptions& assumptions = {},
                    payload_manager::RandomSource& random = payload_manager::SystemRandom());

  // From here on, notes in `log`, which must outlive this, how to undo a reboot.
  void UndoBy(UndoLog& log) { undo_ = &log; }

  // The whole of TimeSyncUpdate but for the header; an invalid request leaves `response` alone.
  Answer<payload_manager::Done> Update(const bosdyn::api::TimeSyncUpdateRequest& request,
                                       RobotTime now,
                                       bosdyn::api::TimeSyncUpdateResponse& response);

  // All clocks are forgotten.
  void Reboot();

 private:
  struct Estimate {
    payload_manager::Duration round_trip{0};
    payload_manager::Duration skew{0};  // robot minus client
    RobotTime measured;
  };
  struct Clock {
    std::string identifier;
    std::deque<Estimate> recent;  // in the order of arrival
    std::uint64_t samples = 0;
  };
  using Clocks = std::list<Clock>;  // the one heard last in front

  Clock& Recall(const std::string& identifier);

  const std::uint64_t samples_needed_;
  const bool refuse_unknown_;
  payload_manager::RandomSource& random_;
  Clocks clocks_;
  std::unordered_map<std::string, Clocks::iterator> by_identifier_;
  UndoLog* undo_ = nullptr;
};

}  // namespace mock_robot
