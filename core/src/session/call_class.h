// Which of a robot's limits a session's call counts against.
#pragma once

#include <cstdint>

#include "payload_manager/payload_sessions.h"
#include "schedule/pacer.h"
#include "session/session_machine.h"

namespace payload_manager {

// By the service that the call goes to: beats, token calls, versions and attaching are the
// registration service's, renewals the auth service's. The list has a service without a limit; the
// sessions of a robot ask for it together, after each authorization, whenever something is in doubt
// and hourly.
inline CallClass ClassOf(CallKind call) {
  switch (call) {
    case CallKind::kRefresh:
      return CallClass::kAuth;
    case CallKind::kList:
      return CallClass::kList;
    default:
      return CallClass::kRegistration;
  }
}

inline std::uint64_t Number(SessionId session) { return static_cast<std::uint64_t>(session); }

}  // namespace payload_manager
