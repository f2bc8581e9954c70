// The fleet story: many sessions on many robots for hours of virtual time, through everything a
// script (script.h) can do to them, with a watch on every call and a look at every payload.
//
// What is held, at every instant or at every look:
//   - no robot is asked above its rate or above our pace, in any second, wherever it starts;
//   - while a robot is known to be out of reach, one call at a time tries;
//   - no payload has two calls under way, no robot and not the fleet more than their caps, and
//     nothing blocks;
//   - a payload that may beat does, within bounds (none starves);
//   - a payload that had time to settle is in the state that the script says, with the mass that
//     the robot holds told apart from ours, with a token that opens doors, attached as the robot
//     has it;
//   - requests of users are answered once, and what is answered "done" was done;
//   - at the end every payload has had time to settle, shutdown takes the runtime no time and
//     nothing is left under way.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "payload_manager/payload_sessions.h"
#include "tests/support/fleet_story/model.h"
#include "tests/support/fleet_story/script.h"
#include "tests/support/fleet_story/story_robot.h"
#include "tests/support/fleet_story/watches.h"
#include "tests/support/virtual_runtime.h"

namespace payload_manager::testing {

struct StoryOptions {
  ScriptOptions script;
  PacingOptions pacing;  // as PayloadSessions is told
  // What the watches hold, when it is to differ from what PayloadSessions is told.
  std::optional<PacingOptions> watched_pacing;
  FleetOptions fleet;
  Duration between_looks = std::chrono::minutes(1);
  // Every fourth robot is this far away, one way, at most: what our pace allows for (pacer.h).
  Duration farthest = std::chrono::milliseconds(200);
};

struct StoryReport {
  std::array<std::uint64_t, kWhats> events{};  // of the script, by kind
  StoryTally tally;
  std::uint64_t state_changes = 0;
  std::array<std::uint64_t, 7> entered{};  // how often sessions came into each PayloadState
  std::uint64_t tokens = 0;
  std::uint64_t forgotten = 0;
  std::uint64_t deauthorized = 0;
  std::uint64_t requests = 0;
  std::uint64_t requests_done = 0;
  std::uint64_t looks = 0;  // at a settled payload
  Duration longest_gap{};   // between two beats of a payload in calm
  std::uint64_t violations = 0;
  std::vector<std::string> first_violations;
  // For people: what happened, and what was wrong.
  std::string Summary() const;
};

// Threads: one.
class FleetStory {
 public:
  explicit FleetStory(StoryOptions options);
  ~FleetStory();

  // Every virtual hour, with the hours told and the report so far.
  std::function<void(int hours, const StoryReport& so_far)> progress;
  // Something that the script does not know, at this time; for tests of the watches.
  Duration meddle_at{-1};
  std::function<void(FleetStory&)> meddle;

  // Once.
  StoryReport Tell();

  StoryRobot& robot(int robot) { return *robots_[static_cast<std::size_t>(robot)]; }
  PayloadSessions& sessions() { return *sessions_; }
  SessionId session(int robot, int payload) const;
  std::string Guid(int robot, int payload) const;

 private:
  struct Player;

  Player& PlayerOf(int robot, int payload) const;
  void Join(int robot, int payload);
  std::shared_ptr<const bosdyn::api::Payload> DefinitionOf(int robot, int payload) const;
  void Apply(const StoryEvent& event);
  void ApplyToPayload(const StoryEvent& event);
  void Ask(const StoryEvent& event);
  void Tour();  // the administrator looks in
  void Heard(int robot, int payload);
  std::optional<Duration> FreeSince(int robot, int payload) const;
  void CheckBeats(int robot, int payload);
  void Look();
  void LookAt(int robot, int payload, const bosdyn::api::Payload* shown);
  // As the session's observer was told.
  const std::string& TokenOf(int robot, int payload) const;
  int RequestsOpen(int robot, int payload) const;
  void Finish();
  StoryReport Report() const;
  void Wrong(int robot, int payload, const std::string& what);

  const StoryOptions options_;
  StoryReport report_;
  Violations violations_;
  StoryModel model_;
  std::shared_ptr<VirtualRuntime> runtime_;
  std::vector<std::shared_ptr<StoryRobot>> robots_;
  std::vector<RobotHandle> handles_;
  std::vector<std::unique_ptr<Player>> players_;
  std::unique_ptr<PayloadSessions> sessions_;
};

}  // namespace payload_manager::testing
