#include "rpc/name_lookup.h"

#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace payload_manager {
namespace {

NameLookup Ask(const std::string& host, const std::string& port, int flags, int* error) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | flags;
  addrinfo* found = nullptr;
  *error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  NameLookup lookup;
  if (*error != 0) {
    lookup.cause = *error == EAI_NONAME || *error == EAI_NODATA ? FailureCause::kHostUnknown
                                                                : FailureCause::kNameServiceFailed;
    return lookup;
  }
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    SocketAddress address;
    if (each->ai_addrlen > sizeof(address.storage)) continue;
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    address.size = each->ai_addrlen;
    lookup.addresses.push_back(address);
  }
  ::freeaddrinfo(found);
  return lookup;
}

// Shared with the thread that looks up.
struct Pending {
  Pending() : done(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() {
    if (done >= 0) ::close(done);
  }
  const int done;
  std::mutex mutex;
  NameLookup lookup;  // guarded by mutex
};

NameLookup Failing() { return {{}, FailureCause::kNameServiceFailed}; }

}  // namespace

NameLookup LookUp(const Address& host, const ProbeWait& wait) {
  const std::string port = std::to_string(host.port);
  int error = 0;
  NameLookup numeric = Ask(host.host, port, AI_NUMERICHOST, &error);
  if (error == 0) return numeric;

  const auto pending = std::make_shared<Pending>();
  if (pending->done < 0) return Failing();
  try {
    std::thread([pending, name = host.host, port] {
      int ignored = 0;
      NameLookup lookup = Ask(name, port, 0, &ignored);
      {
        const std::lock_guard lock(pending->mutex);
        pending->lookup = std::move(lookup);
      }
      ::eventfd_write(pending->done, 1);
    }).detach();
  } catch (const std::system_error&) {
    return Failing();
  }
  if (!wait(pending->done, POLLIN)) return Failing();
  const std::lock_guard lock(pending->mutex);
  return std::move(pending->lookup);
}

}  // namespace payload_manager
