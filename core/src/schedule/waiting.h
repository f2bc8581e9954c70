// How long anything is waited for at most, and who may wait.
#pragma once

#include <algorithm>
#include <chrono>

#include "payload_manager/base/clock.h"
#include "payload_manager/base/completion_scope.h"
#include "payload_manager/runtime.h"

namespace payload_manager {

// As good as for ever, and yet it can be added to an instant.
constexpr Duration kLongestWait = std::chrono::hours(24) * 365 * 100;

// What a user asked for, which may be Duration::max() for "never", as a wait that can be had.
constexpr Duration Bounded(Duration wait) { return std::clamp(wait, Duration(0), kLongestWait); }

// Whether this thread may wait for what the runtime does: not one of the runtime's own, nor one in
// a completion, where what is waited for might need the same thread.
inline bool MayWait(const Runtime& runtime) { return !runtime.OnOwnThread() && !InCompletion(); }

// Waits like Runtime::Await, with any limit; where nothing may wait, only looks.
inline bool AwaitWhereAllowed(Runtime& runtime, const Event& event, Duration limit) {
  return MayWait(runtime) ? runtime.Await(event, Bounded(limit)) : event.IsSet();
}

}  // namespace payload_manager
