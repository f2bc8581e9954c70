// The main of every benchmark program; the one place that may touch what is process-wide.
#include <absl/synchronization/mutex.h>
#include <openssl/crypto.h>
#include <signal.h>

#include "tests/bench/harness/benchmark.h"

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  // gRPC's threads may still be reading from a TLS connection when the process ends.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  // For both arms alike: Debian's build has it on, and programs switch it off
  // (tools/cli/process.h).
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  return payload_manager::bench::Main(argc, argv);
}
