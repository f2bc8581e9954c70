// What the faults that hit one call do to it.
#pragma once

#include <optional>
#include <vector>

#include "mock_robot/faults.h"
#include "store/ticket.h"

namespace mock_robot {

struct Verdict {
  // Before the effect, then after it: how long the call is delayed, and which faults hold it.
  struct Wait {
    payload_manager::Duration delay{};
    std::vector<FaultId> held_by;

    bool empty() const { return delay <= payload_manager::Duration(0) && held_by.empty(); }
  };
  // In place of the robot's own answer.
  struct End {
    FaultId id = 0;
    FaultKind what;
  };

  Wait before;
  Wait after;
  bool takes_effect = true;
  std::optional<End> end;
  // What happens to the robot, before the effect.
  bool expire_tokens = false;
  bool clock_skewed = false;
  // What of it must be on the disk before the call takes effect or is answered; null: nothing.
  Ticket until_kept;
};

}  // namespace mock_robot
