// Which token says whose call it is, by the type of its request. Of GetAuthToken, Authority says
// it.
#pragma once

#include <string_view>

#include "bosdyn/api/payload_registration.pb.h"
#include "bosdyn/api/robot_id.pb.h"

namespace mock_robot {

// The one in the call's metadata, unless the rpc needs none and looks at none.
template <typename Request>
std::string_view TokenLookedAt(std::string_view token, const Request&) {
  return token;
}
inline std::string_view TokenLookedAt(std::string_view,
                                      const bosdyn::api::RegisterPayloadRequest&) {
  return {};
}
inline std::string_view TokenLookedAt(std::string_view,
                                      const bosdyn::api::UpdatePayloadVersionRequest&) {
  return {};
}
inline std::string_view TokenLookedAt(std::string_view,
                                      const bosdyn::api::GetPayloadAuthTokenRequest&) {
  return {};
}
inline std::string_view TokenLookedAt(std::string_view,
                                      const bosdyn::api::UpdatePayloadAttachedRequest&) {
  return {};
}
inline std::string_view TokenLookedAt(std::string_view, const bosdyn::api::RobotIdRequest&) {
  return {};
}

}  // namespace mock_robot
