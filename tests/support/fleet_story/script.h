// What happens to a fleet, all of it decided by a seed before the story is told: outages, rate
// limits, thieves, administrators, payloads that come and go.
#pragma once

#include <cstdint>
#include <vector>

#include "payload_manager/base/clock.h"

namespace payload_manager::testing {

struct ScriptOptions {
  std::uint64_t seed = 1;
  int robots = 100;
  int payloads_per_robot = 10;
  Duration length = std::chrono::hours(2);
  // Nothing happens in the last part, so that every payload can end where it should.
  Duration calm_at_the_end = std::chrono::minutes(10);
};

// A time of trouble at one robot. Those below kSlow keep it out of reach.
enum class Trouble : std::uint8_t {
  kRefused,      // nobody listens
  kSilent,       // calls have their effect or not, and are not answered
  kCut,          // connections are lost, some after the effect
  kBadGateway,   // 502 and 504
  kStarting,     // a robot whose services are not there yet
  kSlow,         // answers take up to four seconds
  kLimited,      // 429 to everybody
  kNoRenewals,   // the authentication service fails
  kDeafToUsers,  // versions, attachments and lists are not answered; beats are
};
inline constexpr int kTroubles = 9;
inline bool IsOutOfReach(Trouble trouble) { return trouble < Trouble::kSlow; }

enum class What : std::uint8_t {
  // To a robot.
  kTroubleBegins,
  kTroubleEnds,
  kEraseRobot,  // everything it knew is gone
  kRebootRobot,
  kVoidTokens,
  kMoveRobot,  // reached otherwise from here on: another address, another certificate
  // To a payload, on its robot's side.
  kForget,       // whoever has the GUID: a thief loses it too
  kSteal,        // forgotten, and at the same instant registered by somebody with another secret
  kAuthorize,    // the administrator wants it authorized from here on, and goes on wanting
  kDeauthorize,  // does it, and does not want it authorized any more
  // To a payload, on our side.
  kRemove,
  kAdd,
  kBreakDefinition,   // to one that the robot calls invalid
  kChangeDefinition,  // to a valid one with another mass
  kSetVersion,
  kAttach,
  kDetach,
};
inline constexpr int kWhats = 17;
const char* ToString(What what);

struct StoryEvent {
  Duration at{};  // since the beginning
  What what = What::kForget;
  Trouble trouble = Trouble::kRefused;  // of kTroubleBegins and kTroubleEnds
  int robot = 0;
  int payload = -1;  // the robot's how manieth; -1: it happens to the robot
  int value = 0;     // the new mass in kilograms, or the new version
};

// In the order of time. The same options make the same script on every machine. Every robot has
// its own troubles, one after the other; once, after three quarters, nobody can be reached for
// three minutes.
std::vector<StoryEvent> MakeScript(const ScriptOptions& options);

}  // namespace payload_manager::testing
