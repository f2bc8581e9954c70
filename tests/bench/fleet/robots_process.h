// Many mock robots in one process that is not ours: their processor time and memory can be told
// from the client's.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "payload_manager/connect.h"
#include "tests/bench/harness/child.h"

namespace payload_manager::bench {

// All as real robots in what matters here: rate limits on unless told otherwise, payloads
// authorized as soon as they are registered, one root certificate for all where there is TLS.
// Threads: used by one at a time. Failures: std::runtime_error when the process does not come up or
// has gone.
class RobotsProcess {
 public:
  enum class RateLimits { kOn, kOff };
  RobotsProcess(int robots, bool tls, RateLimits limits = RateLimits::kOn);

  pid_t pid() const { return child_.pid(); }
  int size() const { return static_cast<int>(ports_.size()); }
  ConnectionOptions OptionsFor(int robot) const;

  struct Calls {
    std::uint64_t registrations = 0;  // RegisterPayload
    std::uint64_t all = 0;
  };
  // So far, of all robots together.
  Calls CallsSoFar();
  // Of the process.
  std::size_t OpenDescriptors();

  // The first `count` robots, all together: their ports refuse connections until they are started
  // again. They have forgotten everything then.
  void Stop(int count);
  void Start(int count);
  // From here on no robot answers.
  void HoldAnswers();

 private:
  std::string Ask(const std::string& question);

  bool tls_;
  std::vector<std::uint16_t> ports_;
  std::string root_pem_;
  Child child_;
};

}  // namespace payload_manager::bench
