// Something that listens where a robot should and behaves in ways that no gRPC server can be made
// to: for tests of how the client tells such peers apart.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace payload_manager::testing {

// One accepted connection; the peer's thread for it owns it. Every member gives up, with false or
// nothing, when the other end or the peer closes.
class RawConnection {
 public:
  explicit RawConnection(int descriptor) : descriptor_(descriptor) {}
  bool Send(std::string_view bytes) const;
  // Exactly `size` bytes, or nothing.
  std::string Receive(std::size_t size) const;
  void ReceiveUntilTheEnd() const;

 private:
  const int descriptor_;
};

// Listens on 127.0.0.1, any free port, from construction to destruction; a thread for each
// connection, which runs the behaviour and then closes. Throws std::runtime_error when it cannot.
// Threads: the behaviour runs on many, the rest belongs to the test.
class RawPeer {
 public:
  using Behaviour = std::function<void(RawConnection&)>;

  explicit RawPeer(Behaviour behaviour);
  // Closes every connection.
  ~RawPeer();
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  void Accept();

  const Behaviour behaviour_;
  std::uint16_t port_ = 0;  // set by what sets the next
  const int listener_;
  std::mutex mutex_;
  std::vector<int> open_;              // guarded by mutex_
  std::vector<std::thread> speakers_;  // guarded by mutex_
  bool closing_ = false;               // guarded by mutex_
  std::thread acceptor_;
};

// Listens and reacts to nothing, not even to the wish to connect: what a firewall looks like.
class DeafPeer {
 public:
  DeafPeer();
  ~DeafPeer();
  DeafPeer(const DeafPeer&) = delete;
  DeafPeer& operator=(const DeafPeer&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_ = 0;  // set by what sets the next
  const int listener_;
};

// Behaviours. Takes the connection and says nothing:
void StaySilent(RawConnection& connection);
// Reads a little, then closes:
void HangUp(RawConnection& connection);
// Answers whatever comes as a web server does that was asked nonsense:
void BeAWebServer(RawConnection& connection);

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// What an HTTP/2 server without TLS answers to each request.
struct HttpAnswer {
  HttpHeaders headers = {};   // the first is `:status`
  std::string data = {};      // as bytes of one frame; none when empty
  HttpHeaders trailers = {};  // none when empty
  // Instead of an end of the stream: the error of a RST_STREAM; or the connection is closed.
  int reset_with = -1;
  bool hang_up = false;
};
RawPeer::Behaviour AnswerHttp(HttpAnswer answer);

}  // namespace payload_manager::testing
