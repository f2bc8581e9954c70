// mock-robot: the mock robot as a program. What scripts may rely on stands in its --help.
#include <absl/synchronization/mutex.h>
#include <grpc/support/log.h>
#include <signal.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "tools/mock_robot/flags.h"

namespace {

namespace fs = std::filesystem;
using mock_robot::MockRobot;
using mock_robot::MockRobotOptions;

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr std::chrono::seconds kDrain{2};

int Complain(const std::string& message, int code) {
  std::cerr << "mock-robot: " << message << "\n";
  return code;
}

void LogGrpcErrors(gpr_log_func_args* line) {
  if (line->severity != GPR_LOG_SEVERITY_ERROR) return;
  std::fprintf(stderr, "mock-robot: gRPC: %s\n", line->message);
}

// A directory of our own that goes when we go.
class TemporaryDirectory {
 public:
  ~TemporaryDirectory() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  // False if none can be made.
  bool Make() {
    std::error_code error;
    const fs::path parent = fs::temp_directory_path(error);
    if (error) return false;
    std::string name = (parent / "mock-robot-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) return false;
    path_ = name;
    return true;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

int Serve(MockRobotOptions options, const sigset_t& stop_signals) {
  TemporaryDirectory temporary;
  if (options.tls && options.tls_dir.empty()) {
    if (!temporary.Make()) return Complain("cannot make a temporary directory", kFailed);
    options.tls_dir = temporary.path();
  }
  const fs::path root_cert = options.tls ? fs::absolute(options.tls_dir / "root.pem") : fs::path();
  const bool tls = options.tls;
  auto robot = MockRobot::Start(std::move(options));
  if (!robot) return Complain(robot.error().message, kFailed);

  nlohmann::ordered_json ready = {{"event", "ready"},
                                  {"robot", (*robot)->address()},
                                  {"admin", (*robot)->admin_address()},
                                  {"tls", tls},
                                  {"root_cert", nullptr}};
  if (tls) ready["root_cert"] = root_cert.string();
  using Json = nlohmann::ordered_json;
  std::cout << ready.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
  if (!std::cout) return Complain("cannot write to standard output", kFailed);

  int signal = 0;
  sigwait(&stop_signals, &signal);
  (*robot)->Stop(kDrain);
  return kDone;
}

}  // namespace

int main(int argc, char** argv) {
  // Before any thread exists, so that all inherit the mask and only sigwait sees the signals.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  gpr_set_log_function(LogGrpcErrors);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);

  auto parsed = mock_robot::program::ParseFlags(argc, argv);
  if (const auto* help = std::get_if<mock_robot::program::ShowHelp>(&parsed)) {
    std::cout << help->text;
    return kDone;
  }
  if (const auto* wrong = std::get_if<mock_robot::program::UsageError>(&parsed)) {
    return Complain(wrong->message, kUsage);
  }
  return Serve(std::get<MockRobotOptions>(std::move(parsed)), stop_signals);
}
