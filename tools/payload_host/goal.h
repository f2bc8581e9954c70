// What `--until` waits for, and which exit code that makes.
#pragma once

#include <map>
#include <string>

#include "payload_manager/payload_session.h"
#include "tools/cli/exit_code.h"

namespace payload_manager::payload_host {

enum class Until { kStopped, kRegistered, kAuthorized };

// How the waiting ended.
enum class Ending { kSettled, kTimedOut, kStopped };

// Pure. Threads: one at a time.
class Goal {
 public:
  // `any_refused`: a plugin, or a payload of one. `all_started`: false when the start was given up.
  Goal(Until until, bool any_refused, bool all_started = true)
      : until_(until), any_refused_(any_refused), all_started_(all_started) {}

  // A payload that runs is in this state now. Every payload is to be told of before IsSettled
  // means anything.
  void OnState(const std::string& payload_id, PayloadState state) { states_[payload_id] = state; }

  // Waiting longer is no use: every payload is where it should be, or its credentials or definition
  // were rejected. Never for Until::kStopped.
  bool IsSettled() const;

  // The first that applies of: plugin refused, invalid credentials; while not settled: timed out,
  // or 1 when stopped by a signal; 1 when a definition was rejected; done. Until::kStopped: done.
  cli::ExitCode Conclude(Ending ending) const;

 private:
  bool IsReached(PayloadState state) const;
  bool IsAny(PayloadState state) const;

  Until until_;
  bool any_refused_;
  bool all_started_;
  std::map<std::string, PayloadState> states_;
};

}  // namespace payload_manager::payload_host
