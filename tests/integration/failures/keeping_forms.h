// What keeps a payload registered, against a peer at which registering fails.
#pragma once

#include <memory>
#include <string>

#include "payload_manager/payload_session.h"
#include "payload_manager/robot_connection.h"
#include "tests/integration/failures/scenarios.h"

namespace payload_manager::testing {

struct KeptAlive {
  // As the document says it: "tolerated" (the loop goes on by itself), "reported" (the error
  // callback is asked), "registered" (that is as good as success); "nothing" when time ran out.
  std::string behaviour;
  std::string line;                // what the log said, with the payload's name in front
  std::optional<Failure> failure;  // what the error callback was told
};
// A keep-alive whose first registration succeeds (elsewhere) and whose next one goes to the peer.
KeptAlive KeepAliveAt(const std::shared_ptr<RobotConnection>& connection, const Staged& staged);

// A session's snapshot after its first call has failed; nothing when time ran out.
std::optional<PayloadSnapshot> SessionAt(const std::shared_ptr<RobotConnection>& connection,
                                         const Staged& staged);

}  // namespace payload_manager::testing
