#include <fcntl.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iostream>

#include "tools/payloadctl/environment.h"
#include "tools/payloadctl/grpc_robot_admin.h"

namespace payload_manager::payloadctl {
namespace {

// What a signal's handler needs to give the echo back.
int silent_terminal = -1;
termios terminal_before{};

// For signals that end the process; SA_RESETHAND lets the second one, which is pending until this
// returns, do so. Only async-signal-safe calls.
extern "C" void RestoreAndEnd(int signal) {
  ::tcsetattr(silent_terminal, TCSANOW, &terminal_before);
  ::raise(signal);
}

// Switches the echo of a terminal off as long as it lives, or until a signal ends the process. One
// at a time.
class SilentTerminal {
 public:
  explicit SilentTerminal(int fd) {
    if (::tcgetattr(fd, &terminal_before) != 0) return;
    silent_terminal = fd;
    for (std::size_t i = 0; i < kEnding.size(); ++i) {
      struct sigaction restore {};
      restore.sa_handler = &RestoreAndEnd;
      restore.sa_flags = static_cast<int>(SA_RESETHAND);
      ::sigaction(kEnding[i], nullptr, &before_[i]);
      if (before_[i].sa_handler == SIG_DFL) ::sigaction(kEnding[i], &restore, nullptr);
    }
    termios silent = terminal_before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    handled_ = true;
    silenced_ = ::tcsetattr(fd, TCSAFLUSH, &silent) == 0;
  }
  ~SilentTerminal() {
    if (!handled_) return;
    ::tcsetattr(silent_terminal, TCSAFLUSH, &terminal_before);
    for (std::size_t i = 0; i < kEnding.size(); ++i) {
      ::sigaction(kEnding[i], &before_[i], nullptr);
    }
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  bool silenced() const { return silenced_; }

 private:
  static constexpr std::array kEnding{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  std::array<struct sigaction, kEnding.size()> before_{};
  bool handled_ = false;
  bool silenced_ = false;
};

void Say(int fd, const std::string& text) {
  if (::write(fd, text.data(), text.size()) < 0) return;  // the answer decides, not the question
}

Checked<Secret> AskOn(int terminal, const std::string& prompt) {
  const SilentTerminal silent(terminal);
  if (!silent.silenced()) {
    return Failed{Problem{"cannot switch the terminal's echo off; use --password-file"}};
  }
  Say(terminal, prompt);
  constexpr std::size_t kLongest = 1024;
  char line[kLongest];
  ssize_t length = -1;
  do {
    length = ::read(terminal, line, kLongest);
  } while (length < 0 && errno == EINTR);
  Say(terminal, "\n");
  std::string_view typed(line, length < 0 ? 0 : static_cast<std::size_t>(length));
  while (!typed.empty() && (typed.back() == '\n' || typed.back() == '\r')) typed.remove_suffix(1);
  Secret password(typed);
  ::explicit_bzero(line, sizeof line);
  if (password.empty()) return Failed{Problem{"no password was given"}};
  return password;
}

class RealEnvironment : public Environment {
 public:
  std::ostream& out() override { return std::cout; }
  std::ostream& err() override { return std::cerr; }
  RandomSource& random() override { return SystemRandom(); }

  Checked<std::unique_ptr<RobotConnection>> ConnectRobot(
      const ConnectionOptions& options) override {
    return Connect(options);
  }

  std::unique_ptr<RobotAdmin> ConnectAdmin(const Address& address) override {
    return ConnectRobotAdmin(address);
  }

  Checked<Secret> AskPassword(const std::string& prompt) override {
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0) {
      return Failed{Problem{"--password-file: is missing, and there is no terminal to ask on"}};
    }
    auto password = AskOn(terminal, prompt);
    ::close(terminal);
    return password;
  }
};

}  // namespace

std::unique_ptr<Environment> MakeEnvironment() { return std::make_unique<RealEnvironment>(); }

}  // namespace payload_manager::payloadctl
