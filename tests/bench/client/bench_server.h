// The bare server (tests/bench/server) as a process of its own, and how to reach it.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "payload_manager/connect.h"
#include "tests/bench/harness/child.h"

namespace payload_manager::bench {

enum class Transport { kPlain, kTls };

// Threads: used by one at a time.
class BenchServer {
 public:
  // Throws std::runtime_error when it does not come up.
  explicit BenchServer(Transport transport);

  // A connection to it; tokens travel over plain ones, too.
  const ConnectionOptions& options() const { return options_; }
  // How many registrations have come.
  std::uint64_t Registrations();
  // From when this returns, calls are not answered any more, or are again.
  void HoldAnswers(bool hold);
  pid_t pid() const { return child_.pid(); }

 private:
  Child child_;
  ConnectionOptions options_;
};

}  // namespace payload_manager::bench
