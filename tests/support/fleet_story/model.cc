#include "tests/support/fleet_story/model.h"

#include <algorithm>

namespace payload_manager::testing {
namespace {

// A payload whose GUID was stolen does not beat; that the thief is gone shows at its next check.
constexpr Duration kTokenCheck = std::chrono::seconds(60);

}  // namespace

std::optional<PayloadState> StoryModel::Payload::State() const {
  if (!present) return std::nullopt;
  if (broken) return PayloadState::kDefinitionRejected;
  if (stolen) return PayloadState::kCredentialsRejected;
  return wanted ? PayloadState::kAuthorized : PayloadState::kWaiting;
}

StoryModel::StoryModel(int robots, int payloads_per_robot)
    : robots_(static_cast<std::size_t>(robots)) {
  for (Robot& robot : robots_) robot.payloads.resize(static_cast<std::size_t>(payloads_per_robot));
}

void StoryModel::Apply(const StoryEvent& event) {
  Robot& robot = robots_[static_cast<std::size_t>(event.robot)];
  switch (event.what) {
    case What::kTroubleBegins:
      ++robot.troubles;
      return;
    case What::kTroubleEnds:
      if (--robot.troubles == 0) robot.calm_since = event.at;
      return;
    case What::kEraseRobot:
      for (Payload& payload : robot.payloads) {
        if (payload.stolen) payload.unparked = event.at + kTokenCheck;
        payload.stolen = false;
        payload.since = event.at;
      }
      return;
    case What::kRebootRobot:
    case What::kVoidTokens:
    case What::kMoveRobot:
      return;
    default:
      break;
  }
  Payload& payload = robot.payloads[static_cast<std::size_t>(event.payload)];
  payload.since = event.at;
  switch (event.what) {
    case What::kForget:
      if (payload.stolen) payload.unparked = event.at + kTokenCheck;
      payload.stolen = false;
      break;
    case What::kSteal:
      payload.stolen = true;
      break;
    case What::kAuthorize:
      payload.wanted = true;
      break;
    case What::kDeauthorize:
      payload.wanted = false;
      payload.deauthorized = event.at;
      break;
    case What::kRemove:
      payload.present = false;
      break;
    case What::kAdd:
      payload.present = true;
      payload.unparked = event.at;
      break;
    case What::kBreakDefinition:
      payload.broken = true;
      break;
    case What::kChangeDefinition:
      if (payload.broken) payload.unparked = std::max(payload.unparked, event.at);
      payload.broken = false;
      payload.mass = event.value;
      break;
    default:
      break;
  }
}

bool StoryModel::Settled(int robot_number, int payload_number, Duration now) const {
  const Robot& robot = this->robot(robot_number);
  return robot.troubles == 0 && now - robot.calm_since >= kSettling &&
         now - payload(robot_number, payload_number).since >= kSettling;
}

}  // namespace payload_manager::testing
