#include "services/listener.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "services/peer.h"

namespace mock_robot {
namespace {

using payload_manager::Address;
using payload_manager::Checked;
using payload_manager::Failed;
using payload_manager::Problem;

// What may be asked of the accept loop at once.
constexpr int kBacklog = 512;
constexpr int kBreathMilliseconds = 20;

std::string Reason(int error) { return std::strerror(error); }

in_port_t& RawPort(sockaddr& name) {
  return name.sa_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(name).sin6_port
                                    : reinterpret_cast<sockaddr_in&>(name).sin_port;
}

void SetPort(std::uint16_t port, sockaddr& name) { RawPort(name) = htons(port); }
std::uint16_t PortIn(sockaddr& name) { return ntohs(RawPort(name)); }

std::uint16_t PortOf(int socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&name), &size) != 0) return 0;
  return PortIn(reinterpret_cast<sockaddr&>(name));
}

std::string PeerOf(int socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&name), &size) != 0) return {};
  return PeerAddress(name);
}

Failed<Problem> CannotListen(const std::string& text) {
  if (errno == EADDRINUSE) return Failed{Problem{text + ": the port is in use"}};
  return Failed{Problem{text + ": cannot listen: " + Reason(errno)}};
}

// Shared, a port may be listened at although connections of an earlier listener linger there, so
// that a robot comes back at once. It could also be taken by any other program that shares it,
// unless there is a listener.
void SharePort(int socket, bool shared) {
  const int value = shared ? 1 : 0;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value);
}

// Bound to `where`, not listening yet.
Checked<Descriptor> MakeSocket(const addrinfo& where, const std::string& text) {
  Descriptor socket(::socket(where.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return Failed{Problem{text + ": cannot make a socket: " + Reason(errno)}};
  const int on = 1;
  SharePort(socket.get(), true);
  if (where.ai_family == AF_INET6) {
    setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  }
  if (bind(socket.get(), where.ai_addr, where.ai_addrlen) != 0) return CannotListen(text);
  return socket;
}

// A socket keeps its port while it does not listen only if it asked for that port by number. So a
// port that the system picks is asked for once more, before the first socket lets go of it.
Checked<Descriptor> Listen(addrinfo& where, const std::string& text) {
  auto socket = MakeSocket(where, text);
  if (!socket) return socket;
  const std::uint16_t wanted = PortIn(*where.ai_addr);
  if (wanted == 0) {
    SetPort(PortOf(socket->get()), *where.ai_addr);
    auto again = MakeSocket(where, text);
    SetPort(0, *where.ai_addr);
    if (!again) return again;
    socket = std::move(again);
  }
  if (listen(socket->get(), kBacklog) != 0) return CannotListen(text);
  return socket;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    Descriptor old(std::exchange(fd_, other.Release()));
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

int Descriptor::Release() { return std::exchange(fd_, -1); }

Checked<std::unique_ptr<Listener>> Listener::Bind(const Address& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string text = address.ToString();
  if (const int error =
          getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
      error != 0) {
    return Failed{Problem{text + ": " + gai_strerror(error)}};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  auto socket = Listen(*found, text);
  if (!socket) return Failed{socket.error()};
  Address bound = address;
  bound.port = PortOf(socket->get());
  std::unique_ptr<Listener> listener(new Listener(*std::move(socket), std::move(bound)));
  if (listener->poll_.get() < 0 || listener->wake_.get() < 0) {
    return Failed{Problem{text + ": cannot watch the port: " + Reason(errno)}};
  }
  return listener;
}

Listener::Listener(Descriptor socket, Address address)
    : address_(std::move(address)),
      socket_(std::move(socket)),
      poll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Listener::~Listener() { Stop(); }

void Listener::Start(TakeConnection take, CountChanged count_changed) {
  take_ = std::move(take);
  count_changed_ = std::move(count_changed);
  {
    const std::lock_guard lock(mutex_);
    started_ = online_ = true;
    for (const int fd : {socket_.get(), wake_.get()}) WatchForInput(fd);
  }
  thread_ = std::thread([this] { Run(); });
}

void Listener::WatchForInput(int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  epoll_ctl(poll_.get(), EPOLL_CTL_ADD, fd, &event);
}

void Listener::Stop() {
  {
    const std::lock_guard lock(mutex_);
    started_ = online_ = false;
  }
  if (thread_.joinable()) {
    Wake();
    thread_.join();
  }
  socket_ = Descriptor();
  {
    const std::lock_guard lock(mutex_);
    if (connections_.empty()) return;
    connections_.clear();
  }
  count_changed_(0);
}

std::size_t Listener::CutConnections() {
  const std::lock_guard lock(mutex_);
  std::size_t cut = 0;
  for (const auto& [fd, connection] : connections_) {
    if (shutdown(fd, SHUT_RDWR) == 0) ++cut;
  }
  return cut;
}

bool Listener::Cut(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  for (const auto& [fd, connection] : connections_) {
    // One that has ended may be in the table still, and a new one have the same peer.
    if (connection.peer == peer && shutdown(fd, SHUT_RDWR) == 0) return true;
  }
  return false;
}

// Shutting a listening socket down takes it back to being bound, and resets those who have
// connected but were not accepted yet.
void Listener::SetOffline(bool offline) {
  const std::lock_guard lock(mutex_);
  if (!started_ || offline_ == offline) return;
  offline_ = offline;
  if (!offline) {
    ListenAgainLocked();
    if (!online_) Wake();  // to try again
    return;
  }
  if (!std::exchange(online_, false)) return;
  epoll_ctl(poll_.get(), EPOLL_CTL_DEL, socket_.get(), nullptr);
  SharePort(socket_.get(), false);
  shutdown(socket_.get(), SHUT_RDWR);
  for (const auto& [fd, connection] : connections_) shutdown(fd, SHUT_RDWR);
}

void Listener::ListenAgainLocked() {
  SharePort(socket_.get(), true);
  online_ = listen(socket_.get(), kBacklog) == 0;
  if (online_) {
    WatchForInput(socket_.get());
  } else {
    SharePort(socket_.get(), false);
  }
}

void Listener::Wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_.get(), &one, sizeof one);
}

void Listener::Run() {
  bool listens = true;  // or need not
  while (true) {
    std::array<epoll_event, 16> events;
    const int count =
        epoll_wait(poll_.get(), events.data(), events.size(), listens ? -1 : kBreathMilliseconds);
    if (count < 0 && errno != EINTR) return;
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == wake_.get()) {
        std::uint64_t ignored = 0;
        [[maybe_unused]] const auto taken = read(fd, &ignored, sizeof ignored);
      } else if (fd == socket_.get()) {
        AcceptOne();
      } else {
        DropEnded(fd);
      }
    }
    const std::lock_guard lock(mutex_);
    if (!started_) return;
    if (!online_ && !offline_) ListenAgainLocked();
    listens = online_ || offline_;
  }
}

void Listener::AcceptOne() {
  Descriptor connection(accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (connection.get() < 0) {
    // A connection that has gone again is nothing. Without descriptors the port stays readable:
    // breathe, so that waiting for one does not take a whole processor.
    if (errno == EMFILE || errno == ENFILE) {
      pollfd stop{wake_.get(), POLLIN, 0};
      poll(&stop, 1, kBreathMilliseconds);
    }
    return;
  }
  const int on = 1;
  setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Descriptor duplicate(fcntl(connection.get(), F_DUPFD_CLOEXEC, 0));
  if (duplicate.get() < 0) return;
  std::size_t open = 0;
  {
    const std::lock_guard lock(mutex_);
    if (!online_) return;  // it came in the last moment before the robot went offline
    // Either side's end shows here; the duplicate must not outlive the connection by much, or
    // descriptors would run out.
    epoll_event event{};
    event.events = EPOLLRDHUP;
    event.data.fd = duplicate.get();
    epoll_ctl(poll_.get(), EPOLL_CTL_ADD, duplicate.get(), &event);
    const int fd = duplicate.get();
    connections_.emplace(fd, Connection{std::move(duplicate), PeerOf(fd)});
    open = connections_.size();
  }
  count_changed_(open);
  take_(connection.Release());
}

void Listener::DropEnded(int fd) {
  std::size_t open = 0;
  {
    const std::lock_guard lock(mutex_);
    // gRPC's descriptor shares the open file, so closing the duplicate alone would leave it
    // watched.
    epoll_ctl(poll_.get(), EPOLL_CTL_DEL, fd, nullptr);
    connections_.erase(fd);
    open = connections_.size();
  }
  count_changed_(open);
}

}  // namespace mock_robot
