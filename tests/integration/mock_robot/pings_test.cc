// HTTP/2 pings, as the real C++ client sends them: spoken by hand, so that nobody has to wait.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

#include "tests/integration/mock_robot/robot_under_test.h"

namespace mock_robot::testing {
namespace {

constexpr char kSettings = 4;
constexpr char kPing = 6;
constexpr char kGoAway = 7;
constexpr char kAck = 1;

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSession {
  void operator()(SSL* session) const { SSL_free(session); }
};

// A client's end of an HTTP/2 connection without any stream. Reads give up after 20 s.
class Http2Connection {
 public:
  Http2Connection(std::uint16_t port, bool tls) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{20, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
    if (tls) Encrypt();
    Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(kSettings, ""));
  }
  ~Http2Connection() { close(fd_); }

  static std::string Frame(char type, const std::string& content) {
    std::string frame(9, '\0');
    frame[2] = static_cast<char>(content.size());
    frame[3] = type;
    return frame + content;
  }
  void Send(const std::string& bytes) {
    const auto size = static_cast<int>(bytes.size());
    EXPECT_EQ(session_ ? SSL_write(session_.get(), bytes.data(), size)
                       : static_cast<int>(send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL)),
              size);
  }
  struct Received {
    char type = kGoAway;  // also when the connection ended
    char flags = 0;
  };
  Received Receive() {
    const std::string header = Read(9);
    if (header.size() < 9) return {};
    const auto byte = [&](int i) { return static_cast<unsigned char>(header[i]); };
    Read(static_cast<std::size_t>(byte(0)) << 16 | byte(1) << 8 | byte(2));
    return {header[3], header[4]};
  }

 private:
  // Whose certificate it is is not this test's affair.
  void Encrypt() {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    session_.reset(SSL_new(context_.get()));
    constexpr unsigned char kHttp2[] = {2, 'h', '2'};
    SSL_set_alpn_protos(session_.get(), kHttp2, sizeof kHttp2);
    SSL_set_fd(session_.get(), fd_);
    ASSERT_EQ(SSL_connect(session_.get()), 1);
  }
  std::string Read(std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const std::size_t most = size - have;
      const auto got = session_
                           ? SSL_read(session_.get(), bytes.data() + have, static_cast<int>(most))
                           : recv(fd_, bytes.data() + have, most, 0);
      if (got <= 0) return {};
      have += static_cast<std::size_t>(got);
    }
    return bytes;
  }

  int fd_;
  std::unique_ptr<SSL_CTX, FreeContext> context_;
  std::unique_ptr<SSL, FreeSession> session_;
};

void ExpectEveryPingAnswered(bool tls) {
  MockRobotOptions options;
  options.tls = tls;
  const auto robot = StartRobot(options);
  Http2Connection connection(robot->port(), tls);
  for (int ping = 0; ping < 20; ++ping) {
    connection.Send(Http2Connection::Frame(kPing, "12345678"));
    Http2Connection::Received received;
    do {
      received = connection.Receive();
      ASSERT_NE(received.type, kGoAway) << "hung up at ping " << ping;
    } while (received.type != kPing || received.flags != kAck);
  }
}

TEST(Pings, OfAClientWithoutCallsAreAllAnswered) { ExpectEveryPingAnswered(false); }
TEST(Pings, AreAllAnsweredUnderTlsToo) { ExpectEveryPingAnswered(true); }

}  // namespace
}  // namespace mock_robot::testing
