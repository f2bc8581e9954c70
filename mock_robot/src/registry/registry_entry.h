// What the registry keeps of one payload.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/hashed_secret.h"
#include "mock_robot/registry.h"
#include "registry/payload_record.h"

namespace mock_robot {

struct Registry::Entry {
  // As it was first registered, GUID in lower case; only the version is ever replaced.
  bosdyn::api::Payload registered;
  // As ListPayloads tells it: `registered`, an applied preset, and the robot's own two flags.
  bosdyn::api::Payload shown;
  std::optional<HashedSecret> secret;  // nothing: registered without one
  std::string preset_applied;
  std::vector<std::string> warnings;
  bool has_address = false;   // its ipv4_address is one: the robot knows its port and pings it
  std::uint64_t ordinal = 0;  // the epoch of its registration: entries stand in this order
  std::uint64_t epoch = 0;
  std::uint64_t registrations = 0;
  RobotTime first_registered;
  RobotTime last_registered;
  RobotTime last_heartbeat;

  bool silent = false;

  std::optional<RobotTime> authorize_at;

  bool authorized() const { return shown.is_authorized(); }

  // Whether `candidate` proves to be this payload. Without a registered secret nothing does.
  bool Proves(const payload_manager::Secret& candidate) const {
    return secret && secret->Matches(candidate.Reveal());
  }

  // When it counts as silent unless it is heard before; nothing if it is not watched: no timeout,
  // or an address that the robot would ping (the mock's pings always succeed).
  std::optional<RobotTime> SilentAt() const;

  PayloadRecord ToRecord() const;

  // In the default configuration if `preset` is null.
  void Authorize(const bosdyn::api::PayloadPreset* preset, const Assumptions& assumptions);
  // Waiting, detached, in the default configuration.
  void Deauthorize();
};

}  // namespace mock_robot
