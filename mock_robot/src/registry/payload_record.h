// Everything that outlives the process about one payload, and how it changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "auth/hashed_secret.h"
#include "bosdyn/api/payload.pb.h"
#include "mock_robot/registry.h"

namespace mock_robot {

// A value. When a payload was last heard and which of its faults are active is not part of it:
// after a restart liveness is watched and faults are raised afresh, as after a reboot.
// `registrations` and `last_registered` are as they were when the payload last changed: a heartbeat
// alone is not kept.
struct PayloadRecord {
  std::string guid;        // in lower case, unless a robot kept it for which case matters
  std::string definition;  // the bytes of a Payload, with that GUID and the latest version in it
  std::optional<HashedSecret> secret;
  std::vector<std::string> warnings;
  bool authorized = false;
  bool attached = false;
  std::string preset_applied;
  std::uint64_t ordinal = 0;  // grows in the order of first registration
  std::uint64_t epoch = 0;    // of the present authorization, see TokenGrant
  std::uint64_t registrations = 0;
  RobotTime first_registered;
  RobotTime last_registered;
  // When it was going to be authorized by itself. Whoever restores it goes by his own options.
  std::optional<RobotTime> authorize_at;

  // Sets `guid` and `definition`; the robot's own two flags must be clear.
  void Define(const bosdyn::api::Payload& registered);
  bosdyn::api::Payload Registered() const;
};

// Nothing: there is no such payload.
struct PayloadChange {
  std::string guid;
  std::optional<PayloadRecord> before;
  std::optional<PayloadRecord> after;
};

// All of a registry.
struct RegistryRecord {
  std::vector<PayloadRecord> payloads;  // by ordinal
  // No epoch up to this one is ever given again, or the tokens of a forgotten payload would open
  // doors once more.
  std::uint64_t last_epoch = 0;
};

// Failed if a registry with these assumptions cannot be restored from `record`, because two of its
// payloads would have one GUID.
payload_manager::Checked<payload_manager::Done> CheckGuids(const RegistryRecord& record,
                                                           const Assumptions& assumptions);

}  // namespace mock_robot
