// Where every payload should be, computed from the script alone: this knows neither sessions nor
// the robot's rules.
#pragma once

#include <optional>
#include <vector>

#include "payload_manager/payload_session.h"
#include "tests/support/fleet_story/script.h"

namespace payload_manager::testing {

// Threads: one at a time.
class StoryModel {
 public:
  // So long after the last trouble and event a payload must be where it should: a call and a
  // back-off of ten seconds each for the robot to be found, a token check of a minute, an
  // administrator who looks in every minute, the poll that learns of it, and waiting in line.
  static constexpr Duration kSettling = std::chrono::seconds(180);

  struct Payload {
    bool present = true;  // has a session
    bool broken = false;  // our definition is invalid
    bool stolen = false;
    bool wanted = true;  // by the administrator
    int mass = 0;        // in kilograms, of our latest valid definition
    Duration since{};    // of the last event
    // When it was last de-authorized. Authorized again before its next token check, it cannot know:
    // the token it holds is void until it is renewed, and that it is detached shows in the next
    // list.
    std::optional<Duration> deauthorized;
    Duration unparked{};  // since when it should be beating
    bool parked() const { return !present || broken || stolen; }
    // nullopt: there is no session.
    std::optional<PayloadState> State() const;
  };
  struct Robot {
    int troubles = 0;       // going on now
    Duration calm_since{};  // when the last ended
    std::vector<Payload> payloads;
  };

  StoryModel(int robots, int payloads_per_robot);

  void Apply(const StoryEvent& event);

  const Robot& robot(int robot) const { return robots_[static_cast<std::size_t>(robot)]; }
  const Payload& payload(int robot, int payload) const {
    return this->robot(robot).payloads[static_cast<std::size_t>(payload)];
  }
  // It must be where State says by now.
  bool Settled(int robot, int payload, Duration now) const;

 private:
  std::vector<Robot> robots_;
};

}  // namespace payload_manager::testing
