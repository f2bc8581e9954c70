// What a probe's report does to a failure. Pure functions.
#pragma once

#include <string_view>

#include "payload_manager/failure.h"
#include "rpc/exchange.h"
#include "rpc/probe.h"
#include "rpc/status_mapping.h"

namespace payload_manager {

// What happened, and what an operator should check: `connection refused; check the address and
// port, and that the robot is on`. Empty for kNone.
std::string_view Explain(FailureCause cause);

// Whether a probe may tell more about it.
bool IsDoubtful(const Exchange& exchange, const Failure& failure);
// Of those, whether the call had better wait for the probe. One that ran out of its time cannot.
bool IsWorthWaiting(const Failure& failure);

// The failure of the status with what the report adds to it: cause, message, and, where a mere loss
// of the connection was a robot that wants TLS, the kind. Unchanged where the report does not fit
// it: a robot whose certificate gRPC saw was not silent, whatever the probe met.
Failure Sharpened(const Exchange& exchange, const TransportStatus& status, Failure failure,
                  const ProbeReport& report);

}  // namespace payload_manager
