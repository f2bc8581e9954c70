// What a story must never call: each is a violation.
#include "tests/support/fleet_story/story_robot.h"

namespace payload_manager::testing {

Failed<Failure> StoryRobot::Blocked() {
  Wrong("a blocking verb of the connection was called");
  return Failed{Failure{FailureKind::kUnimplemented, "a story's robot has no blocking verbs"}};
}

void StoryRobot::AuthenticateAsync(const std::string&, const Secret&, const CallOptions&,
                                   Completion<Secret> done) {
  done(Blocked());
}
Outcome<Done> StoryRobot::RegisterPayload(const bosdyn::api::Payload&, const Secret&,
                                          const CallOptions&) {
  return Blocked();
}
Outcome<Done> StoryRobot::UpdatePayloadVersion(const PayloadCredentials&,
                                               const bosdyn::api::SoftwareVersion&,
                                               const CallOptions&) {
  return Blocked();
}
Outcome<Secret> StoryRobot::GetPayloadAuthToken(const PayloadCredentials&, const CallOptions&) {
  return Blocked();
}
Outcome<Done> StoryRobot::UpdatePayloadAttached(const PayloadCredentials&, Attachment,
                                                const CallOptions&) {
  return Blocked();
}
Outcome<bosdyn::api::ListPayloadsResponse> StoryRobot::ListPayloads(const Secret&,
                                                                    const CallOptions&) {
  return Blocked();
}
Outcome<Secret> StoryRobot::RefreshToken(const Secret&, const CallOptions&) { return Blocked(); }
Outcome<Secret> StoryRobot::Authenticate(const std::string&, const Secret&, const CallOptions&) {
  return Blocked();
}

}  // namespace payload_manager::testing
