#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>

#include "tools/payloadctl/environment.h"
#include "tools/payloadctl/grpc_robot_admin.h"

namespace payload_manager::payloadctl {
namespace {

// Switches the echo of a terminal off as long as it lives.
class SilentTerminal {
 public:
  explicit SilentTerminal(int fd) : fd_(fd) {
    silenced_ = ::tcgetattr(fd_, &before_) == 0;
    if (!silenced_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silenced_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
  }
  ~SilentTerminal() {
    if (silenced_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  bool silenced() const { return silenced_; }

 private:
  int fd_;
  termios before_{};
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
  const ssize_t length = ::read(terminal, line, kLongest);
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
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
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
