// What `--until` waits for, and which exit code that makes.
#pragma once

#include <map>
#include <string>

#include "payload_manager/payload_session.h"
#include "tools/cli/exit_code.h"

namespace payload_manager::payload_host {

enum class Until { kStopped, kRegistered, kAuthorized };

// Pure. Threads: one at a time.
class Goal {
 public:
  // `any_refused`: a plugin, or a payload of one.
  Goal(Until until, bool any_refused) : until_(until), any_refused_(any_refused) {}

  // A payload that runs is in this state now. Every payload is to be told of before IsSettled
  // means anything.
  void OnState(const std::string& payload_id, PayloadState state) { states_[payload_id] = state; }

  // Waiting longer is no use: every payload is where it should be, or its credentials were
  // rejected. Never for Until::kStopped.
  bool IsSettled() const;

  // The first that applies of: plugin refused, invalid credentials, timed out (as long as not
  // settled), done. Until::kStopped: done.
  cli::ExitCode Conclude() const;

 private:
  bool IsReached(PayloadState state) const;

  Until until_;
  bool any_refused_;
  std::map<std::string, PayloadState> states_;
};

}  // namespace payload_manager::payload_host
