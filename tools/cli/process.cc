#include "tools/cli/process.h"

#include <absl/synchronization/mutex.h>
#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <signal.h>

#include <cstdlib>
#include <mutex>
#include <utility>

#include "tools/cli/protobuf_log.h"

namespace payload_manager::cli {
namespace {

// gRPC and Protobuf take plain functions, and keep them until the process ends.
std::function<void(const std::string&)>* library_log = nullptr;

void LogFromGrpc(gpr_log_func_args* line) {
  if (line->severity < GPR_LOG_SEVERITY_ERROR) return;
  (*library_log)(std::string("gRPC: ") + line->message);
}

void LogFromProtobuf(google::protobuf::LogLevel level, const char* source, int line,
                     const std::string& message) {
  static std::mutex& mutex = *new std::mutex;
  static ProtobufLines& lines = *new ProtobufLines;
  ProtobufLevel weight = ProtobufLevel::kNote;
  if (level == google::protobuf::LOGLEVEL_ERROR) weight = ProtobufLevel::kError;
  if (level == google::protobuf::LOGLEVEL_FATAL) weight = ProtobufLevel::kFatal;
  std::optional<std::string> text;
  {
    const std::lock_guard lock(mutex);
    text = lines.Line(weight, source, line, message, SystemClock().Now());
  }
  if (text) (*library_log)(*text);
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
  library_log = new std::function<void(const std::string&)>(std::move(log));
  gpr_set_log_function(&LogFromGrpc);
  google::protobuf::SetLogHandler(&LogFromProtobuf);
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
