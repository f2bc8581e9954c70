// From a host's name to addresses, without blocking for longer than one is ready to wait.
#pragma once

#include <sys/socket.h>

#include <vector>

#include "payload_manager/base/address.h"
#include "rpc/probe.h"

namespace payload_manager {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

// Threads: a value.
struct NameLookup {
  std::vector<SocketAddress> addresses;  // in the system's order; empty: see cause
  FailureCause cause = FailureCause::kNone;
};

// A numeric address is ready at once. A name is looked up on a thread of its own, because the
// system's look-up can neither be limited nor interrupted: when `wait` gives up, that thread is
// left behind (kNameServiceFailed), touches nothing of ours and ends with the look-up.
NameLookup LookUp(const Address& host, const ProbeWait& wait);

}  // namespace payload_manager
