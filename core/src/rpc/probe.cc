#include "rpc/probe.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>
#include <utility>

#include "rpc/certificate_check.h"
#include "rpc/name_lookup.h"

namespace payload_manager {
namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* handshake) const { SSL_free(handshake); }
};

class Socket {
 public:
  explicit Socket(int family)
      : descriptor_(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

ProbeReport OfConnecting(int error) {
  switch (error) {
    case ECONNREFUSED:
      return {FailureCause::kRefused, {}};
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
      return {FailureCause::kNoRoute, {}};
    case ETIMEDOUT:
      return {FailureCause::kNoAnswer, {}};
    default:
      return {};
  }
}

// 0 once connected, else errno's number; ETIMEDOUT when the waiting was given up.
int ConnectTo(const Socket& socket, const SocketAddress& address, const ProbeWait& wait) {
  if (socket.get() < 0) return errno;
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size) ==
      0) {
    return 0;
  }
  if (errno != EINPROGRESS) return errno;
  if (!wait(socket.get(), POLLOUT)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof(error);
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

// A TLS greeting over a connected socket. What goes to and fro passes through memory: OpenSSL's own
// writing to a socket would raise SIGPIPE.
class Greeting {
 public:
  Greeting(const Socket& socket, const ProbeTarget& target, const ProbeWait& wait)
      : socket_(socket), target_(target), wait_(wait) {}

  ProbeReport Run() {
    if (!Prepare()) return {};
    bool done = false;
    while (!done) {
      ERR_clear_error();
      const int result = SSL_do_handshake(tls_.get());
      const int error = SSL_get_error(tls_.get(), result);
      done = result == 1;
      if (!Flush()) return Judge("the other end closed the connection at the greeting");
      if (done) break;
      if (error != SSL_ERROR_WANT_READ) return Judge(Reason());
      switch (Receive()) {
        case Received::kSome:
          break;
        case Received::kEnd:
          return Judge("the other end closed the connection at the greeting");
        case Received::kNothing:
          if (first_.empty()) return {FailureCause::kSilent, {}};
          return Judge("the other end falls silent in the middle of it");
      }
    }
    if (target_.insecure) return {FailureCause::kPeerSpeaksTls, {}};
    return check_.Report(tls_.get(), target_.authority);
  }

 private:
  enum class Received { kSome, kEnd, kNothing };

  bool Prepare() {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    if (context_ == nullptr || !check_.Install(context_.get(), target_.root_certificates_pem)) {
      return false;
    }
    tls_.reset(SSL_new(context_.get()));
    from_peer_ = BIO_new(BIO_s_mem());
    to_peer_ = BIO_new(BIO_s_mem());
    if (tls_ == nullptr || from_peer_ == nullptr || to_peer_ == nullptr) {
      BIO_free(from_peer_);
      BIO_free(to_peer_);
      return false;
    }
    SSL_set_bio(tls_.get(), from_peer_, to_peer_);  // owns them from here on
    constexpr unsigned char kHttp2[] = {2, 'h', '2'};
    SSL_set_connect_state(tls_.get());
    return SSL_set_tlsext_host_name(tls_.get(), target_.authority.c_str()) == 1 &&
           SSL_set_alpn_protos(tls_.get(), kHttp2, sizeof(kHttp2)) == 0;
  }

  // Sends what OpenSSL has written; false when the other end does not take it.
  bool Flush() {
    char* data = nullptr;
    long left = BIO_get_mem_data(to_peer_, &data);
    while (left > 0) {
      const ssize_t sent =
          ::send(socket_.get(), data, static_cast<std::size_t>(left), MSG_NOSIGNAL);
      if (sent > 0) {
        data += sent;
        left -= sent;
      } else if (sent < 0 && errno == EINTR) {
        continue;
      } else if (sent >= 0 || errno != EAGAIN || !wait_(socket_.get(), POLLOUT)) {
        return false;
      }
    }
    return BIO_reset(to_peer_) == 1;
  }

  Received Receive() {
    while (true) {
      if (!wait_(socket_.get(), POLLIN)) return Received::kNothing;
      char buffer[4096];
      const ssize_t size = ::recv(socket_.get(), buffer, sizeof(buffer), 0);
      if (size > 0) {
        if (first_.empty()) first_.assign(buffer, std::min<std::size_t>(size, 16));
        BIO_write(from_peer_, buffer, static_cast<int>(size));
        return Received::kSome;
      }
      if (size == 0 || (errno != EAGAIN && errno != EINTR)) return Received::kEnd;
    }
  }

  // A greeting that came to nothing, by the first bytes that came back: TLS records begin with
  // their type, an alert (21) or a handshake (22), and the version's 3.
  ProbeReport Judge(std::string why) const {
    const bool tls = first_.size() >= 2 && (first_[0] == 21 || first_[0] == 22) && first_[1] == 3;
    if (target_.insecure) return {tls ? FailureCause::kPeerSpeaksTls : FailureCause::kNone, {}};
    if (!first_.empty() && !tls) return {FailureCause::kPeerSpeaksPlain, {}};
    return {FailureCause::kTlsFailed, std::move(why)};
  }

  static std::string Reason() {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason != nullptr ? reason : "no reason given";
  }

  const Socket& socket_;
  const ProbeTarget& target_;
  const ProbeWait& wait_;
  CertificateCheck check_;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> tls_;
  BIO* from_peer_ = nullptr;  // these two: tls_ owns them
  BIO* to_peer_ = nullptr;
  std::string first_;  // bytes that came
};

}  // namespace

ProbeReport ProbeRobot(const ProbeTarget& target, const ProbeWait& wait) {
  const NameLookup lookup = LookUp(target.robot, wait);
  if (lookup.addresses.empty()) return {lookup.cause, {}};
  int error = 0;
  for (const SocketAddress& address : lookup.addresses) {
    const Socket socket(address.storage.ss_family);
    error = ConnectTo(socket, address, wait);
    if (error == 0) {
      ProbeReport report = Greeting(socket, target, wait).Run();
      ERR_clear_error();
      return report;
    }
  }
  return OfConnecting(error);
}

}  // namespace payload_manager
