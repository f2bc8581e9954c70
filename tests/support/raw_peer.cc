#include "tests/support/raw_peer.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace payload_manager::testing {
namespace {

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

int Listen(int backlog, std::uint16_t* port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || ::bind(listener, any, size) != 0 || ::listen(listener, backlog) != 0 ||
      ::getsockname(listener, any, &size) != 0) {
    throw std::runtime_error("a test's peer cannot listen on 127.0.0.1");
  }
  *port = ntohs(address.sin_port);
  return listener;
}

}  // namespace

bool RawConnection::Send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string RawConnection::Receive(std::size_t size) const {
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got = ::recv(descriptor_, bytes.data() + have, size - have, 0);
    if (got <= 0) return {};
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

void RawConnection::ReceiveUntilTheEnd() const {
  char buffer[4096];
  while (::recv(descriptor_, buffer, sizeof(buffer), 0) > 0) {
  }
}

RawPeer::RawPeer(Behaviour behaviour)
    : behaviour_(std::move(behaviour)),
      listener_(Listen(64, &port_)),
      acceptor_([this] { Accept(); }) {}

RawPeer::~RawPeer() {
  std::vector<std::thread> speakers;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    for (const int each : open_) ::shutdown(each, SHUT_RDWR);
  }
  ::shutdown(listener_, SHUT_RDWR);  // ends accept
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    speakers.swap(speakers_);
  }
  for (std::thread& each : speakers) each.join();
}

void RawPeer::Accept() {
  while (true) {
    const int accepted = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (accepted < 0 || closing_) {
      if (accepted >= 0) ::close(accepted);
      return;
    }
    open_.push_back(accepted);
    speakers_.emplace_back([this, accepted] {
      RawConnection connection(accepted);
      behaviour_(connection);
      const std::lock_guard closing(mutex_);
      open_.erase(std::remove(open_.begin(), open_.end(), accepted), open_.end());
      ::close(accepted);
    });
  }
}

DeafPeer::DeafPeer() : listener_(Listen(1, &port_)) {
  sock_filter drop_everything{BPF_RET | BPF_K, 0, 0, 0};
  const sock_fprog program{1, &drop_everything};
  if (::setsockopt(listener_, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) != 0) {
    throw std::runtime_error("a test's peer cannot be made deaf");
  }
}

DeafPeer::~DeafPeer() { ::close(listener_); }

void StaySilent(RawConnection& connection) { connection.ReceiveUntilTheEnd(); }

void HangUp(RawConnection& connection) { connection.Receive(1); }

void BeAWebServer(RawConnection& connection) {
  connection.Receive(16);
  connection.Send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

}  // namespace payload_manager::testing
