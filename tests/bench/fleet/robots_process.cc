#include "tests/bench/fleet/robots_process.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "mock_robot/mock_robot.h"
#include "tests/bench/harness/benchmark.h"
#include "tests/bench/harness/usage.h"
#include "tests/support/temporary_folder.h"

namespace payload_manager::bench {
namespace {

constexpr char kRole[] = "fleet-robots";
// The listener's three, and two for each of the three connections that a client may have.
constexpr std::size_t kDescriptorsEach = 10;
constexpr std::size_t kDescriptorsBesides = 100;

// A port that is bound, and that nobody listens on.
class KeptPort {
 public:
  explicit KeptPort(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("the port of a stopped robot was taken");
    }
  }
  ~KeptPort() { close(socket_); }
  KeptPort(const KeptPort&) = delete;
  KeptPort& operator=(const KeptPort&) = delete;

 private:
  const int socket_;
};

// The child's side.
class Robots {
 public:
  Robots(int count, bool tls, bool rate_limits) : robots_(static_cast<std::size_t>(count)) {
    options_.tls = tls;
    options_.rate_limits = rate_limits;
    options_.registry.auto_authorize = Duration(0);
    if (!tls) return;
    options_.tls_dir = folder_.path();  // one identity for all
  }

  // On its port, if it had one before.
  void Start(std::size_t robot, std::uint16_t port) {
    mock_robot::MockRobotOptions options = options_;
    options.listen = "127.0.0.1:" + std::to_string(port);
    auto started = mock_robot::MockRobot::Start(options);
    if (!started.ok()) throw std::runtime_error(started.error().message);
    robots_[robot] = *std::move(started);
  }

  // Its port stays its own, and refuses: any of the client's connections might take it otherwise.
  void Stop(std::size_t robot) {
    const std::uint16_t port = robots_[robot]->port();
    robots_[robot].reset();
    kept_.emplace_back(port);
  }
  void ForgetPorts() { kept_.clear(); }

  std::vector<std::unique_ptr<mock_robot::MockRobot>>& all() { return robots_; }

 private:
  mock_robot::MockRobotOptions options_;
  const testing::TemporaryFolder folder_;
  std::vector<std::unique_ptr<mock_robot::MockRobot>> robots_;
  std::deque<KeptPort> kept_;
};

int Play(const std::vector<std::string>& arguments) {
  const int count = std::stoi(arguments.at(0));
  const bool tls = arguments.at(1) == "tls";
  const std::size_t needed =
      static_cast<std::size_t>(count) * kDescriptorsEach + kDescriptorsBesides;
  if (!AllowDescriptors(needed)) {
    std::cout << count << " robots need " << needed << " descriptors (ulimit -Hn)" << std::endl;
    return 1;
  }
  Robots robots(count, tls, arguments.at(2) == "limited");
  std::vector<std::uint16_t> ports;
  std::cout << "ready";
  for (std::size_t robot = 0; robot < robots.all().size(); ++robot) {
    robots.Start(robot, 0);
    ports.push_back(robots.all()[robot]->port());
    std::cout << ' ' << ports.back();
  }
  const std::string pem = robots.all().front()->root_certificate_pem();
  std::cout << '\n' << pem << "end of certificate" << std::endl;
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string verb;
    std::size_t first = 0;
    words >> verb >> first;
    if (verb == "calls") {
      RobotsProcess::Calls calls;
      for (const auto& robot : robots.all()) {
        for (const auto& [rpc, number] : robot->Snapshot().calls) {
          calls.all += number;
          if (rpc == "RegisterPayload") calls.registrations += number;
        }
      }
      std::cout << calls.registrations << ' ' << calls.all;
    } else if (verb == "descriptors") {
      std::cout << OpenDescriptors();
    } else if (verb == "stop") {
      for (std::size_t robot = 0; robot < first; ++robot) robots.Stop(robot);
    } else if (verb == "start") {
      for (std::size_t robot = 0; robot < first; ++robot) robots.Start(robot, ports[robot]);
      robots.ForgetPorts();
    } else if (verb == "hold") {
      for (const auto& robot : robots.all()) robot->HoldAnswers();
    }
    std::cout << std::endl;
  }
  return 0;
}

const Role kRobots(kRole, &Play);

}  // namespace

RobotsProcess::RobotsProcess(int robots, bool tls, RateLimits limits)
    : tls_(tls),
      child_(ThisProgram(), {"--role", kRole, std::to_string(robots), tls ? "tls" : "plain",
                             limits == RateLimits::kOn ? "limited" : "unlimited"}) {
  const std::string ready = child_.Hear();
  std::istringstream words(ready);
  std::string word;
  words >> word;
  if (word != "ready") throw std::runtime_error(ready);
  while (words >> word) ports_.push_back(static_cast<std::uint16_t>(std::stoi(word)));
  for (std::string line = child_.Hear(); line != "end of certificate"; line = child_.Hear()) {
    root_pem_ += line + '\n';
  }
}

ConnectionOptions RobotsProcess::OptionsFor(int robot) const {
  ConnectionOptions options;
  options.robot = Address{"127.0.0.1", ports_[static_cast<std::size_t>(robot)]};
  options.insecure = !tls_;
  options.token_over_plain = !tls_;
  options.root_certificates_pem = root_pem_;
  return options;
}

std::string RobotsProcess::Ask(const std::string& question) {
  child_.Say(question);
  return child_.Hear();
}

RobotsProcess::Calls RobotsProcess::CallsSoFar() {
  Calls calls;
  std::istringstream(Ask("calls")) >> calls.registrations >> calls.all;
  return calls;
}

std::size_t RobotsProcess::OpenDescriptors() { return std::stoul(Ask("descriptors")); }
void RobotsProcess::Stop(int count) { Ask("stop " + std::to_string(count)); }
void RobotsProcess::Start(int count) { Ask("start " + std::to_string(count)); }
void RobotsProcess::HoldAnswers() { Ask("hold"); }

}  // namespace payload_manager::bench
