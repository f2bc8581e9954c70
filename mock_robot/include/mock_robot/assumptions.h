// What no public source says about a real robot, and the mock assumes: each assumption that stands
// in SEMANTICS.md, with the value it has unless told otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "payload_manager/base/outcome.h"

namespace mock_robot {

// Threads: like any value.
struct Assumptions {
  // Round trips that a client must report before its clock counts as synchronized.
  std::uint64_t time_sync_samples = 3;
};

}  // namespace mock_robot
