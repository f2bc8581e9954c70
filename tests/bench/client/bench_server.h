// The bare server (tests/bench/server) as a process of its own, and how to reach it.
#pragma once

#include <sys/types.h>

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
  // From when it has read this: calls are not answered any more, or are again.
  void HoldAnswers(bool hold) { child_.Say(hold ? "hold" : "answer"); }
  pid_t pid() const { return child_.pid(); }

 private:
  Child child_;
  ConnectionOptions options_;
};

}  // namespace payload_manager::bench
