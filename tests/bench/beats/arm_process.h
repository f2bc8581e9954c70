// The process of an arm, from both ends.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/bench/beats/arm.h"
#include "tests/bench/client/bench_server.h"
#include "tests/bench/harness/child.h"

namespace payload_manager::bench {

// What an arm's process says of itself at one moment.
struct ArmUsage {
  double cpu_us = 0;         // since it began
  std::int64_t heap = 0;     // bytes more than before Begin, without its definitions
  int threads = 0;           // of the process
  std::uint64_t wakes = 0;   // of our own threads, so far
  std::uint64_t sleeps = 0;  // of all threads that there are, so far
};

// An arm on a server of its own, running. Threads: used by one at a time.
class ArmProcess {
 public:
  // Returns when it has begun. Throws std::runtime_error when it could not.
  ArmProcess(const std::string& arm, const Pace& pace);

  ArmUsage Usage();
  std::uint64_t Beats() { return server_.Registrations(); }
  BenchServer& server() { return server_; }

  struct Ended {
    double milliseconds = 0;  // the slowest
    bool in_time = false;     // all
  };
  Ended Shutdown();

 private:
  BenchServer server_;
  Child child_;
};

}  // namespace payload_manager::bench
