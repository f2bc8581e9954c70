#include "tools/payload_host/probe.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// glibc 2.36 forgets to say that these are C.
extern "C" {
#include <sys/pidfd.h>
}

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "payload_manager/plugin.h"

namespace payload_manager::payload_host {
namespace {

constexpr char kProbeFlag[] = "--probe-plugin";

// A process that loads one file. Killed and reaped at the latest by the destructor.
class Probe {
 public:
  explicit Probe(const std::filesystem::path& file) {
    std::string flag = kProbeFlag;
    std::string path = std::filesystem::absolute(file).string();
    std::string name = "payload-host";
    char* const arguments[] = {name.data(), flag.data(), path.data(), nullptr};

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    // Our standard output is for state lines; whatever a crash has to say may show.
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes, &signals);
    ::sigaddset(&signals, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes, &signals);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const bool started =
        ::posix_spawn(&pid_, "/proc/self/exe", &actions, &attributes, arguments, environ) == 0;
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (!started) pid_ = -1;
    if (started) handle_ = ::pidfd_open(pid_, 0);
    if (started && handle_ < 0) {  // too old a system: without a handle there is no time limit
      ::kill(pid_, SIGKILL);
      Reap();
    }
  }
  ~Probe() {
    if (pid_ >= 0) {
      Kill();
      Reap();
    }
    if (handle_ >= 0) ::close(handle_);
  }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  // Any thread, until the destructor.
  void Kill() { ::pidfd_send_signal(handle_, SIGKILL, nullptr, 0); }

  // Why the file must not be loaded. A probe that could not be made tells nothing: the file is then
  // loaded as if there were no probes.
  std::optional<std::string> Judge(TimePoint deadline) {
    if (handle_ < 0) return std::nullopt;
    pollfd ended{handle_, POLLIN, 0};
    int answers = 0;
    do {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          std::max(deadline - SystemClock().Now(), Duration::zero()));
      constexpr std::chrono::milliseconds kLongest(60'000);
      answers = ::poll(&ended, 1, static_cast<int>(std::min(left, kLongest).count()));
    } while (answers < 0 && errno == EINTR);
    if (answers <= 0) return "hangs while it is loaded; look at its static constructors";
    const int status = Reap();
    if (!WIFSIGNALED(status)) return std::nullopt;
    return "crashes while it is loaded (" + std::string(::strsignal(WTERMSIG(status))) +
           "); look at its static constructors";
  }

 private:
  int Reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
    pid_ = -1;
    return status;
  }

  pid_t pid_ = -1;   // -1: not started, or reaped
  int handle_ = -1;  // stays that of this process, however often its number is given out again
};

}  // namespace

void ServeAsProbe(int argc, char** argv) {
  if (argc != 3 || std::strcmp(argv[1], kProbeFlag) != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody else would end one that hangs
  // What the loader refuses it will refuse in the host as well, which then says why.
  ::dlopen(argv[2], RTLD_NOW | RTLD_LOCAL);
  std::_Exit(0);
}

std::vector<std::optional<std::string>> ProbePlugins(
    const std::vector<std::filesystem::path>& files, TimePoint deadline,
    const std::stop_token& stop) {
  std::vector<std::unique_ptr<Probe>> probes;
  probes.reserve(files.size());
  for (const std::filesystem::path& file : files) {
    const bool worth_it = InspectPlugin(file).ok() && !stop.stop_requested();
    probes.push_back(worth_it ? std::make_unique<Probe>(file) : nullptr);
  }
  const std::stop_callback kill_all(stop, [&probes] {
    for (const auto& probe : probes) {
      if (probe) probe->Kill();
    }
  });
  std::vector<std::optional<std::string>> answers(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!probes[i]) continue;
    auto answer = probes[i]->Judge(deadline);
    if (answer && !stop.stop_requested()) answers[i] = files[i].string() + ": " + *answer;
  }
  return answers;
}

}  // namespace payload_manager::payload_host
