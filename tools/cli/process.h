// What a main does to its process before anything else runs. For mains only: all of it is
// process-wide, which a library must not touch.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>

namespace payload_manager::cli {

// Routes gRPC's and Protobuf's own log lines (errors only, Protobuf's as ProtobufLines has them) to
// `log` instead of to stderr, each as one that begins with the library's name; switches off
// Abseil's mutex deadlock detection, which costs CPU in production; and keeps OpenSSL from cleaning
// up when the process ends, because gRPC's threads may still be reading from a TLS connection then.
// Ignores SIGPIPE: an output without a reader is a failed write. `log` may be called from any
// thread until the process ends. Call it first in main.
void PrepareProcess(std::function<void(const std::string& line)> log);

// Ends the process without any clean-up after `limit`, should it still run then. Never blocks.
void EndProcessAfter(std::chrono::milliseconds limit, int exit_code);

// Reads SIGTERM and SIGINT in a thread of its own, so that nobody's code runs inside a signal
// handler. Construct it in main before any other thread starts: threads inherit the blocked
// signals from the one that starts them.
class SignalThread {
 public:
  // `on_stop` runs on the signal thread, at most once, with the signal's name. Later signals change
  // nothing (wrappers such as timeout(1) send each one twice): stopping must be bounded by itself.
  explicit SignalThread(std::function<void(const char* name)> on_stop);
  // Ends the thread; waits for a running `on_stop`.
  ~SignalThread();
  SignalThread(const SignalThread&) = delete;
  SignalThread& operator=(const SignalThread&) = delete;

 private:
  void Run(const std::stop_token& stop);

  std::function<void(const char* name)> on_stop_;
  std::jthread thread_;
};

}  // namespace payload_manager::cli
