// One arm of the benchmarks of beats, in a process of its own: some number of payloads kept
// registered on the bare server, by one way of doing it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "payload_manager/base/clock.h"

namespace payload_manager::bench {

struct Pace {
  int payloads = 0;
  Duration interval{};  // between two beats of one payload
  Duration spread{};    // from the first payload's first beat to the last one's
};

// Threads: used by one at a time.
class Arm {
 public:
  virtual ~Arm() = default;
  // Keeps all payloads registered from now on, their first beats spread. Returns when
  // the last has been registered once.
  virtual void Begin() = 0;
  // Its threads that are ours, not gRPC's.
  virtual std::vector<pid_t> OwnThreads() const { return {}; }
  // Ends it, and everything in flight. How long the slowest call of its Shutdown took (sessions
  // have one for all, a keep-alive is one by itself); nullopt when one did not end in its time.
  virtual std::optional<Duration> Shutdown() = 0;
};

// By name: `keep-alives` (one PayloadRegistrationKeepAlive for each payload), `sessions`
// (PayloadSessions), `bare` (a thread that starts a call of the bare stub at each beat's instant).
// Its connection to the server on this port has been used. Throws std::invalid_argument for another
// name.
std::unique_ptr<Arm> MakeArm(const std::string& name, const Pace& pace, std::uint16_t port);

}  // namespace payload_manager::bench
