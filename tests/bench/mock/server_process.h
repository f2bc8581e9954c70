// A server under measurement, as a process of its own: the mock robot, or one that stands in its
// place.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "payload_manager/connect.h"
#include "tests/bench/harness/child.h"
#include "tests/support/temporary_folder.h"

namespace payload_manager::bench {

enum class Server {
  kMockRobot,  // the program, as it is shipped
  kMap,        // bench_map_server
  kPython,     // python_server.py, of grpcio with ten threads
};
enum class Wire { kPlain, kTls };

// For what a server writes.
using Folder = testing::TemporaryFolder;

// Threads: used by one at a time.
class ServerProcess {
 public:
  // Returns once it serves; throws std::runtime_error when it does not come up. `more` is further
  // arguments of the program.
  ServerProcess(Server server, Wire wire, const std::vector<std::string>& more = {});

  // A connection to it.
  const ConnectionOptions& options() const { return options_; }
  pid_t pid() const { return child_.pid(); }

 private:
  Folder folder_;
  Child child_;
  ConnectionOptions options_;
};

}  // namespace payload_manager::bench
