#include "process/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace mock_robot {
namespace {

using payload_manager::Failed;
using payload_manager::Problem;

void CloseOnce(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

// Both ends are closed on exec: other children of this process must not keep them open.
struct Pipe {
  Pipe() { ok = ::pipe2(ends.data(), O_CLOEXEC) == 0; }
  ~Pipe() {
    CloseOnce(ends[0]);
    CloseOnce(ends[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int TakeReader() { return std::exchange(ends[0], -1); }
  int TakeWriter() { return std::exchange(ends[1], -1); }

  std::array<int, 2> ends{-1, -1};
  bool ok = false;
};

int MillisecondsUntil(RealDeadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      std::max(deadline - std::chrono::steady_clock::now(), RealDeadline::duration::zero()));
  constexpr std::chrono::milliseconds kLongest(60'000);
  return static_cast<int>(std::min(left, kLongest).count());
}

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

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input.ends[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output.ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, errors.ends[1], STDERR_FILENO);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t signals;
  ::sigemptyset(&signals);
  ::posix_spawnattr_setsigmask(&attributes, &signals);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  ChildProcess child;
  const int error =
      ::posix_spawnp(&child.pid_, name.c_str(), &actions, &attributes, argv.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    child.pid_ = -1;
    return Failed{Problem{name + ": cannot be started: " + std::strerror(error)}};
  }
  child.input_ = input.TakeWriter();
  child.out_ = output.TakeReader();
  child.err_ = errors.TakeReader();
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      exit_code_(other.exit_code_),
      input_(std::exchange(other.input_, -1)),
      out_(std::exchange(other.out_, -1)),
      err_(std::exchange(other.err_, -1)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)) {}

ChildProcess::~ChildProcess() {
  if (pid_ >= 0) Wait(std::chrono::steady_clock::now());
  CloseOnce(input_);
  CloseOnce(out_);
  CloseOnce(err_);
}

bool ChildProcess::ReadSome(RealDeadline deadline) {
  std::array<pollfd, 2> both{pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};
  for (;;) {
    if (out_ < 0 && err_ < 0) return false;
    const int ready = ::poll(both.data(), both.size(), MillisecondsUntil(deadline));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    break;
  }
  const auto take = [](const pollfd& polled, int& descriptor, std::string& text) {
    if (polled.revents == 0) return;
    std::array<char, 4096> part{};
    const ssize_t count = ::read(descriptor, part.data(), part.size());
    if (count > 0) text.append(part.data(), static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR)) CloseOnce(descriptor);
  };
  take(both[0], out_, output_);
  take(both[1], err_, errors_);
  return true;
}

bool ChildProcess::ReadLine(std::string& line, RealDeadline deadline) {
  for (;;) {
    const std::size_t end = output_.find('\n');
    if (end != std::string::npos) {
      line = output_.substr(0, end);
      output_.erase(0, end + 1);
      return true;
    }
    if (!ReadSome(deadline)) return false;
  }
}

bool ChildProcess::ReadToEnd(RealDeadline deadline) {
  while (ReadSome(deadline)) continue;
  return out_ < 0 && err_ < 0;
}

void ChildProcess::Signal(int signal) {
  if (pid_ >= 0) ::kill(pid_, signal);
}

int ChildProcess::Wait(RealDeadline deadline) {
  if (pid_ < 0) return exit_code_;
  // The end of its outputs is the sign that it has ended, or is about to.
  if (!ReadToEnd(deadline)) Signal(SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
  exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return exit_code_;
}

}  // namespace mock_robot
