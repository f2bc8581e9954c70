// mock-robot: the mock robot as a program. What scripts may rely on stands in its --help.
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <future>
#include <initializer_list>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "tools/cli/exit_code.h"
#include "tools/cli/process.h"
#include "tools/mock_robot/flags.h"
#include "tools/mock_robot/scaled_clock.h"

namespace {

namespace fs = std::filesystem;
using mock_robot::MockRobot;
using mock_robot::MockRobotOptions;

using payload_manager::cli::ExitCode;

constexpr std::chrono::seconds kDrain{2};

ExitCode Complain(const std::string& message, ExitCode code) {
  std::cerr << "mock-robot: " + message + "\n";
  return code;
}

// gRPC has a line for every handshake that fails. Whoever started us may read none of them, and we
// would stand still, together with all calls, once a pipe is full of them.
void LogFromLibraries(const std::string& line) {
  constexpr std::uint64_t kMost = 200;
  static std::atomic<std::uint64_t> lines{0};
  const std::uint64_t count = ++lines;
  if (count > kMost) return;
  const char* end = count == kMost ? " (further lines of libraries are left out)\n" : "\n";
  std::cerr << "mock-robot: " + line + end;
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
    // Clients of other accounts read the root certificate in it; the key is for us alone.
    fs::permissions(path_, fs::perms(0755), error);
    return !error;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Asks this process to stop once there is nothing more to come on standard input.
void StopWhenStdinEnds() {
  std::thread([] {
    std::array<char, 256> ignored{};
    ssize_t count = 0;
    do {
      count = ::read(STDIN_FILENO, ignored.data(), ignored.size());
    } while (count > 0 || (count < 0 && errno == EINTR));
    ::kill(::getpid(), SIGTERM);
  }).detach();  // nothing can wake it from its read, and it touches nothing of ours
}

// What keeps a robot from starting is bad input if it is about a file that the flags name.
ExitCode ExitCodeFor(const std::string& problem, std::initializer_list<fs::path> named) {
  for (const fs::path& path : named) {
    if (path.empty()) continue;
    std::error_code ignored;
    const fs::path whole = fs::weakly_canonical(fs::absolute(path, ignored), ignored);
    if (problem.starts_with(path.string()) || problem.starts_with(whole.string() + ": ")) {
      return ExitCode::kBadInput;
    }
  }
  return ExitCode::kOther;
}

// Serves until `stop` is set.
ExitCode Serve(MockRobotOptions options, const std::future<void>& stop) {
  const fs::path state_file = options.state_file;
  const fs::path tls_dir = options.tls_dir;
  TemporaryDirectory temporary;
  if (options.tls && options.tls_dir.empty()) {
    if (!temporary.Make()) return Complain("cannot make a temporary directory", ExitCode::kOther);
    options.tls_dir = temporary.path();
  }
  const fs::path root_cert = options.tls ? fs::absolute(options.tls_dir / "root.pem") : fs::path();
  const bool tls = options.tls;
  auto robot = MockRobot::Start(std::move(options));
  if (!robot) {
    const std::string& problem = robot.error().message;
    return Complain(problem, ExitCodeFor(problem, {state_file, tls_dir}));
  }

  nlohmann::ordered_json ready = {{"event", "ready"},
                                  {"robot", (*robot)->address()},
                                  {"admin", (*robot)->admin_address()},
                                  {"tls", tls},
                                  {"root_cert", nullptr}};
  if (tls) ready["root_cert"] = root_cert.string();
  using Json = nlohmann::ordered_json;
  std::cout << ready.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
  if (!std::cout) return Complain("cannot write to standard output", ExitCode::kOther);

  stop.wait();
  (*robot)->Stop(kDrain);
  return ExitCode::kDone;
}

ExitCode Run(int argc, char** argv) {
  std::promise<void> stop;
  // First of all: later threads must not receive the signals.
  const payload_manager::cli::SignalThread signals([&stop](const char*) { stop.set_value(); });
  signal(SIGPIPE, SIG_IGN);
  payload_manager::cli::PrepareProcess(LogFromLibraries);

  auto parsed = mock_robot::program::ParseFlags(argc, argv);
  if (const auto* help = std::get_if<mock_robot::program::ShowHelp>(&parsed)) {
    std::cout << help->text;
    return ExitCode::kDone;
  }
  if (const auto* wrong = std::get_if<mock_robot::program::UsageError>(&parsed)) {
    return Complain(wrong->message, ExitCode::kBadInput);
  }
  auto flags = std::get<mock_robot::program::Flags>(std::move(parsed));
  if (flags.until_stdin_ends) StopWhenStdinEnds();
  const mock_robot::program::ScaledClock scaled(flags.time_scale);
  if (flags.time_scale != 1) flags.robot.clock = &scaled;
  return Serve(std::move(flags.robot), stop.get_future());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return static_cast<int>(Run(argc, argv));
  } catch (...) {  // no thread to be had, for example
    std::fputs("mock-robot: ended by an unexpected error\n", stderr);
    return static_cast<int>(ExitCode::kOther);
  }
}
