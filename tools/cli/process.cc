#include "tools/cli/process.h"

#include <absl/synchronization/mutex.h>
#include <grpc/support/log.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <signal.h>

#include <cstdlib>
#include <utility>

namespace payload_manager::cli {
namespace {

// gRPC takes a plain function, and keeps it until the process ends.
std::function<void(const std::string&)>* grpc_log = nullptr;

void LogFromGrpc(gpr_log_func_args* line) {
  if (line->severity < GPR_LOG_SEVERITY_ERROR) return;
  (*grpc_log)(std::string("grpc: ") + line->message);
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGUSR1);  // how the destructor wakes the thread
  return signals;
}

}  // namespace

void PrepareProcess(std::function<void(const std::string& line)> log) {
  ::signal(SIGPIPE, SIG_IGN);
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  grpc_log = new std::function<void(const std::string&)>(std::move(log));
  gpr_set_log_function(&LogFromGrpc);
}

void EndProcessAfter(std::chrono::milliseconds limit, int exit_code) {
  std::thread([limit, exit_code] {
    std::this_thread::sleep_for(limit);
    std::_Exit(exit_code);
  }).detach();
}

SignalThread::SignalThread(std::function<void(const char* name)> on_stop)
    : on_stop_(std::move(on_stop)) {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

SignalThread::~SignalThread() {
  thread_.request_stop();
  pthread_kill(thread_.native_handle(), SIGUSR1);
}

void SignalThread::Run(const std::stop_token& stop) {
  const sigset_t signals = StopSignals();
  bool stopping = false;
  while (!stop.stop_requested()) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0 || signal == SIGUSR1) continue;
    if (std::exchange(stopping, true)) continue;
    on_stop_(signal == SIGTERM ? "SIGTERM" : "SIGINT");
  }
}

}  // namespace payload_manager::cli
