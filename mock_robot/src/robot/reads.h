// Which unwritten changes an answer may tell of, by the type of its request. A new rpc reads
// anything until it is named here: right, and slower than need be while others change payloads.
#pragma once

#include <string>

#include "bosdyn/api/payload_registration.pb.h"
#include "bosdyn/api/payload_software_update.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "bosdyn/api/time_sync.pb.h"
#include "payload_manager/base/text.h"
#include "robot/call_status.h"

namespace mock_robot {

struct Reads {
  // kOnlyTheToken: whether it opens the door. One that does would by what is on the disk, too,
  // because what voids a token does so for good and a new one is handed out when it is kept; that
  // one does not may be news.
  enum What { kNothing, kOnlyTheToken, kOnePayload, kAnything };
  What what = kAnything;
  std::string guid;  // of the one payload, in any case

  // What an answer of this status has read.
  Reads If(const CallStatus& status) const {
    return what == kOnlyTheToken && status == CallStatus::kOk ? Reads{kNothing, {}} : *this;
  }
};

// Of both forms of credentials. Where they name two payloads, an assumption says which one counts.
template <typename Request>
Reads ReadsPayloadOf(const Request& request) {
  const std::string& current = request.payload_credentials().guid();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  const std::string& old = request.payload_guid();
#pragma GCC diagnostic pop
  if (current.empty()) return {Reads::kOnePayload, old};
  if (!old.empty() && !payload_manager::EqualIgnoringCase(current, old)) return {};
  return {Reads::kOnePayload, current};
}

template <typename Request>
Reads WhatIsRead(const Request&) {
  return {};
}
inline Reads WhatIsRead(const bosdyn::api::RegisterPayloadRequest& request) {
  return {Reads::kOnePayload, request.payload().guid()};
}
inline Reads WhatIsRead(const bosdyn::api::UpdatePayloadVersionRequest& request) {
  return ReadsPayloadOf(request);
}
inline Reads WhatIsRead(const bosdyn::api::GetPayloadAuthTokenRequest& request) {
  return ReadsPayloadOf(request);
}
inline Reads WhatIsRead(const bosdyn::api::UpdatePayloadAttachedRequest& request) {
  return {Reads::kOnePayload, request.payload_credentials().guid()};
}
inline Reads WhatIsRead(const bosdyn::api::RobotIdRequest&) { return {Reads::kNothing, {}}; }
// These are about nothing that is kept; nor do they change anything that is undone.
inline Reads WhatIsRead(const bosdyn::api::TimeSyncUpdateRequest&) {
  return {Reads::kOnlyTheToken, {}};
}
inline Reads WhatIsRead(const bosdyn::api::SendCurrentVersionInfoRequest&) {
  return {Reads::kOnlyTheToken, {}};
}
inline Reads WhatIsRead(const bosdyn::api::GetAvailableSoftwareUpdatesRequest&) {
  return {Reads::kOnlyTheToken, {}};
}
inline Reads WhatIsRead(const bosdyn::api::SendSoftwareUpdateStatusRequest&) {
  return {Reads::kOnlyTheToken, {}};
}

}  // namespace mock_robot
