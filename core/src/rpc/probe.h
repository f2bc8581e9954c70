// A look at the other end of a robot's address, to find out why connecting fails: gRPC's texts do
// not tell an expired certificate from a foreign one, nor a TLS port from a lost connection.
#pragma once

#include <functional>
#include <string>

#include "payload_manager/base/address.h"
#include "payload_manager/failure.h"

namespace payload_manager {

// Threads: a value.
struct ProbeTarget {
  Address robot;
  std::string authority;              // the TLS name to ask for
  std::string root_certificates_pem;  // what is trusted; empty for a plain connection
  bool insecure = false;              // our calls are made without TLS
};

// What a probe found. Threads: a value.
struct ProbeReport {
  FailureCause cause = FailureCause::kNone;  // kNone: nothing is wrong, or nothing we can name
  // What it saw, for the message: `it was valid until …`. May hold the other end's own words.
  std::string detail;
};

// Waits until the file descriptor is ready for `events` (as for poll). False: give up now, because
// the time for the probe is up or nobody is interested any more.
using ProbeWait = std::function<bool(int descriptor, short events)>;

// Waits only by `wait`. Must not throw.
using Probe = std::function<ProbeReport(const ProbeTarget& target, const ProbeWait& wait)>;

// The real one. Looks up the name, connects to the addresses in turn until one takes the
// connection, and shakes hands by TLS, also where our calls are plain: a plain server is known by
// its answer to that. Sends no more than the greeting, closes at once. When `wait` gives up,
// reports how far it came: kNoAnswer or kSilent. Threads: any; shares nothing. A name lookup that
// hangs is left to a thread that ends by itself.
ProbeReport ProbeRobot(const ProbeTarget& target, const ProbeWait& wait);

}  // namespace payload_manager
