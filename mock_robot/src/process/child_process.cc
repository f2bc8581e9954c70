#include "process/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace mock_robot {
namespace {

using payload_manager::Failed;
using payload_manager::Problem;

// Both ends are closed on exec: other children of this process must not keep them open.
struct Pipe {
  Pipe() {
    std::array<int, 2> ends{-1, -1};
    ok = ::pipe2(ends.data(), O_CLOEXEC) == 0;
    reader = PipeEnd(ends[0]);
    writer = PipeEnd(ends[1]);
  }

  PipeEnd reader;
  PipeEnd writer;
  bool ok = false;
};

}  // namespace

payload_manager::Checked<ChildProcess> ChildProcess::Start(
    const std::filesystem::path& program, const std::vector<std::string>& arguments) {
  Pipe input;
  Pipe output;
  Pipe errors;
  if (!input.ok || !output.ok || !errors.ok) {
    return Failed{Problem{program.string() + ": no pipes to be had to start it"}};
  }
  std::string name = program.string();
  std::vector<std::string> words = arguments;
  std::vector<char*> argv{name.data()};
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  ChildProcess child;
  child.said_ = std::make_unique<ChildOutput>(std::move(output.reader), std::move(errors.reader));
  child.input_ = std::move(input.writer);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input.reader.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output.writer.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, errors.writer.get(), STDERR_FILENO);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t signals;
  ::sigemptyset(&signals);
  ::posix_spawnattr_setsigmask(&attributes, &signals);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  const int error =
      ::posix_spawnp(&child.pid_, name.c_str(), &actions, &attributes, argv.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    child.pid_ = -1;
    return Failed{Problem{name + ": cannot be started: " + std::strerror(error)}};
  }
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      exit_code_(other.exit_code_),
      input_(std::move(other.input_)),
      said_(std::move(other.said_)) {}

ChildProcess::~ChildProcess() {
  if (pid_ >= 0) Wait(std::chrono::steady_clock::now());
}

void ChildProcess::Signal(int signal) {
  if (pid_ >= 0) ::kill(pid_, signal);
}

int ChildProcess::Wait(RealDeadline deadline) {
  if (pid_ < 0) return exit_code_;
  // The end of its outputs is the sign that it has ended, or is about to.
  if (!said_->AwaitEnd(deadline)) Signal(SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
  exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return exit_code_;
}

}  // namespace mock_robot
