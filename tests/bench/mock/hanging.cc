// Two robots in one process, one of which hangs with calls waiting: what the other's clients
// notice.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "mock_robot/mock_robot.h"
#include "payload_manager/payload_registration_client.h"
#include "tests/bench/client/bare_client.h"
#include "tests/bench/client/work.h"
#include "tests/bench/harness/benchmark.h"
#include "tests/bench/harness/child.h"
#include "tests/bench/harness/compare.h"

namespace payload_manager::bench {
namespace {

std::unique_ptr<mock_robot::MockRobot> StartRobot() {
  mock_robot::MockRobotOptions options;
  options.tls = false;
  return mock_robot::MockRobot::Start(options).value();
}

// Prints the addresses of two robots, the first of which hangs if so asked, and serves until its
// input ends.
int TwoRobots(const std::vector<std::string>& arguments) {
  const auto first = StartRobot();
  const auto second = StartRobot();
  if (arguments.at(0) == "hanging") first->HoldAnswers();
  std::cout << first->address() << '\n' << second->address() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
  }
  return 0;
}

ConnectionOptions OptionsFor(const std::string& address) {
  ConnectionOptions options;
  options.robot = ParseAddress(address, 0).value();
  options.insecure = true;
  return options;
}

// A pair of robots, with the first's callers waiting, and a client of the second.
class Pair {
 public:
  Pair(const std::string& mood, const std::vector<bosdyn::api::Payload>& payloads)
      : child_(ThisProgram(), {"--role", "two-robots", mood}) {
    const std::string first = child_.Hear();
    const ConnectionOptions second = OptionsFor(child_.Hear());
    PayloadRegistrationClient(Connect(second).value())
        .RegisterPayload(payloads.front(), PayloadSecret());
    client_ = std::make_unique<BareClient>(second, payloads);
    if (mood != "hanging") return;
    waiting_ = Connect(OptionsFor(first)).value();
    CallOptions patient;
    patient.timeout = std::chrono::hours(1);
    for (int i = 0; i < kInFlight; ++i) {
      waiting_->RegisterPayloadAsync(payloads.front(), PayloadSecret(), patient,
                                     [](const Outcome<Done>&) {});
    }
  }
  std::function<void()> call() const {
    return [this] { client_->RegisterPayload(0); };
  }

 private:
  Child child_;
  std::unique_ptr<BareClient> client_;
  std::shared_ptr<RobotConnection> waiting_;
};

void Hanging(const Settings& settings, Report& report) {
  const auto payloads = MakePayloads(1);
  const Pair hanging("hanging", payloads);
  const Pair idle("idle", payloads);
  const Pair again("idle", payloads);
  TurnsOptions turns;
  if (settings.quick) turns = {std::chrono::milliseconds(10), 2, std::chrono::milliseconds(10)};
  const Latency latency = CompareCalls({hanging.call(), idle.call(), again.call()}, turns);
  const std::string note = "heartbeats of a robot beside one, in the same process, that keeps " +
                           std::to_string(kInFlight) + " calls waiting; bare: beside an idle one";
  const std::pair<Comparison, std::string> parts[] = {{latency.p50, "p50"}, {latency.p99, "p99"}};
  for (const auto& [comparison, name] : parts) {
    Figure figure =
        ToFigure(comparison, "mock/beside-a-hanging-one/" + name, "us", RatioAtMost(1.05));
    figure.note = note;
    report.Add(figure);
  }
}

const Role kTwoRobots("two-robots", &TwoRobots);
const Benchmark kHanging("mock/beside-a-hanging-one",
                         "what a robot that hangs does to another in its process", &Hanging);

}  // namespace
}  // namespace payload_manager::bench
