// What the registry keeps of one payload.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/hashed_secret.h"
#include "mock_robot/registry.h"
#include "registry/payload_record.h"

namespace mock_robot {

// The definition is kept as the bytes of its message, a third of what the message takes, and
// parsed when somebody wants to see it. What every heartbeat looks at stands beside it.
struct Registry::Entry {
  std::string guid;
  // As it was first registered, GUID in lower case and without the robot's own two flags; only the
  // version is ever replaced.
  std::string definition;
  std::optional<HashedSecret> secret;  // nothing: registered without one
  std::string preset_applied;          // of the definition's; empty: the default configuration
  std::vector<std::string> warnings;
  double liveness_timeout_seconds = 0;  // the definition's
  bool has_address = false;  // its ipv4_address is one: the robot knows its port and pings it
  bool authorized = false;
  bool attached = false;
  bool silent = false;
  std::uint64_t ordinal = 0;  // the epoch of its registration: entries stand in this order
  std::uint64_t epoch = 0;
  std::uint64_t registrations = 0;
  RobotTime first_registered;
  RobotTime last_registered;
  RobotTime last_heartbeat;

  std::optional<RobotTime> authorize_at;

  // Whether `candidate` proves to be this payload. Without a registered secret nothing does.
  bool Proves(const payload_manager::Secret& candidate) const {
    return secret && secret->Matches(candidate.Reveal());
  }

  // When it counts as silent unless it is heard before; nothing if it is not watched: no timeout,
  // or an address that the robot would ping (the mock's pings always succeed).
  std::optional<RobotTime> SilentAt() const;

  // Takes over a definition, but for its GUID, which shall be `key`, and for the flags in it.
  // False, with the entry not to be used, if it could not be read back: text in it is not UTF-8.
  bool Define(const bosdyn::api::Payload& given, const std::string& key,
              const Assumptions& assumptions);
  void SetVersion(const bosdyn::api::SoftwareVersion& version);
  bosdyn::api::Payload Registered() const;
  // As ListPayloads tells it: what was registered, an applied preset, and the two flags.
  bosdyn::api::Payload Shown(const Assumptions& assumptions) const;
  bosdyn::api::Payload Shown(bosdyn::api::Payload registered, const Assumptions& assumptions) const;

  PayloadRecord ToRecord() const;

  // In the default configuration if `preset` is empty.
  void Authorize(const std::string& preset, const Assumptions& assumptions);
  // Waiting, detached, in the default configuration.
  void Deauthorize();
};

}  // namespace mock_robot
