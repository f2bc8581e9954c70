// The port that clients connect to. Connections are accepted here rather than by gRPC, so that they
// can be cut and refused.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "payload_manager/base/address.h"
#include "payload_manager/base/outcome.h"

namespace mock_robot {

// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const { return fd_; }
  int Release();

 private:
  int fd_;
};

// Threads: Start and Stop by the owner, the cutting members and SetOffline by anyone. One thread of
// its own accepts and watches for connections that have ended.
class Listener {
 public:
  // Takes over a connected, non-blocking socket. Called on the listener's thread, under no lock.
  using TakeConnection = std::function<void(int fd)>;
  // Learns how many connections can be cut, whenever that changes. Called in the same way, and by
  // Stop.
  using CountChanged = std::function<void(std::size_t open)>;

  // Bound and listening when it returns: clients may connect, and wait until Start.
  static payload_manager::Checked<std::unique_ptr<Listener>> Bind(
      const payload_manager::Address& address);
  ~Listener();  // Stop()
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void Start(TakeConnection take, CountChanged count_changed);
  // Closes the port and joins the thread; connections that were handed over live on. Idempotent.
  void Stop();

  // Shuts down every connection that is still open, in both directions; returns how many.
  std::size_t CutConnections();

  // The same with the one connection whose other end is `peer` (services/peer.h). False if there is
  // none.
  bool Cut(const std::string& peer);

  // Offline: cuts all connections and accepts none, while the port stays taken: whoever connects is
  // refused, and nobody else can listen there. Back online they are accepted again; should the
  // system not let us listen, as soon as it does. Does nothing after Stop.
  void SetOffline(bool offline);

  // With the port that was really taken.
  const payload_manager::Address& address() const { return address_; }

 private:
  Listener(Descriptor socket, payload_manager::Address address);
  void WatchForInput(int fd);
  void Wake();
  void ListenAgainLocked();
  void Run();
  void AcceptOne();
  void DropEnded(int fd);

  struct Connection {
    Descriptor duplicate;
    std::string peer;
  };

  const payload_manager::Address address_;
  Descriptor socket_;  // stays open until Stop has joined the thread
  Descriptor poll_;
  Descriptor wake_;  // readable: there is something to look at beside the connections
  TakeConnection take_;
  CountChanged count_changed_;
  std::thread thread_;

  std::mutex mutex_;
  bool online_ = false;   // between Start and Stop, unless offline
  bool offline_ = false;  // as told by SetOffline; else online_ as soon as it listens
  bool started_ = false;
  // A duplicate of each open connection's descriptor, by the descriptor's number.
  std::map<int, Connection> connections_;
};

}  // namespace mock_robot
