// HTTP/2 pings, as the real C++ client sends them: spoken by hand, so that nobody has to wait.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/integration/mock_robot/robot_under_test.h"

namespace mock_robot::testing {
namespace {

constexpr char kSettings = 4;
constexpr char kPing = 6;
constexpr char kGoAway = 7;
constexpr char kAck = 1;

// A client's end of a plain HTTP/2 connection without any stream. Reads give up after 20 s.
class Http2Connection {
 public:
  explicit Http2Connection(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{20, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
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
    EXPECT_EQ(send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
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
  std::string Read(std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const ssize_t got = recv(fd_, bytes.data() + have, size - have, 0);
      if (got <= 0) return {};
      have += static_cast<std::size_t>(got);
    }
    return bytes;
  }

  int fd_;
};

TEST(Pings, OfAClientWithoutCallsAreAllAnswered) {
  const auto robot = StartRobot();
  Http2Connection connection(robot->port());
  for (int ping = 0; ping < 20; ++ping) {
    connection.Send(Http2Connection::Frame(kPing, "12345678"));
    Http2Connection::Received received;
    do {
      received = connection.Receive();
      ASSERT_NE(received.type, kGoAway) << "hung up at ping " << ping;
    } while (received.type != kPing || received.flags != kAck);
  }
}

}  // namespace
}  // namespace mock_robot::testing
