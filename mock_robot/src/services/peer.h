// Who is at the other end of a connection, in one way of writing.
#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>

namespace mock_robot {

// `127.0.0.1:41234` or `[::1]:41234`, of what gRPC calls `ipv4:127.0.0.1:41234` or
// `ipv6:%5B::1%5D:41234`; anything else comes back as it is.
std::string PeerAddress(std::string_view grpc_peer);
// The same of a socket's other end; empty if there is none, or none of the internet.
std::string PeerAddress(const sockaddr_storage& name);

}  // namespace mock_robot
