// How long one waits for a robot: from starting the program to the first answer of a client that
// finds it by its ready line; and from MockRobot::Start to its end, in this process.
#include <chrono>
#include <vector>

#include "mock_robot/mock_robot.h"
#include "payload_manager/payload_registration_client.h"
#include "tests/bench/client/work.h"
#include "tests/bench/harness/benchmark.h"
#include "tests/bench/harness/compare.h"
#include "tests/bench/harness/statistics.h"
#include "tests/bench/mock/server_process.h"

namespace payload_manager::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

double MillisecondsSince(SteadyClock::time_point start) {
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

double StartAndCall(Server server, Wire wire, const bosdyn::api::Payload& payload) {
  const auto start = SteadyClock::now();
  const ServerProcess process(server, wire);
  const PayloadRegistrationClient client(Connect(process.options()).value());
  client.RegisterPayload(payload, PayloadSecret());
  return MillisecondsSince(start);
}

void Program(const Settings& settings, Report& report, Wire wire, double limit,
             const std::string& name) {
  const auto payload = MakePayloads(1).front();
  std::vector<double> ours;
  std::vector<double> bare;
  std::vector<double> again;
  const int rounds = settings.quick ? 2 : 20;
  for (int i = 0; i < rounds; ++i) {
    ours.push_back(StartAndCall(Server::kMockRobot, wire, payload));
    bare.push_back(StartAndCall(Server::kMap, wire, payload));
    again.push_back(StartAndCall(Server::kMap, wire, payload));
  }
  Figure figure = ToFigure(CompareRounds(ours, bare, again), name, "ms", AtMost(limit));
  figure.ours = Median(ours);
  figure.bare = Median(bare);
  figure.note = "from starting the program to the first answer, median";
  report.Add(figure);
}

void InProcess(const Settings& settings, Report& report) {
  std::vector<double> taken;
  const int rounds = settings.quick ? 2 : 100;
  for (int i = 0; i < rounds; ++i) {
    mock_robot::MockRobotOptions options;
    options.tls = false;
    const auto start = SteadyClock::now();
    mock_robot::MockRobot::Start(options).value().reset();
    taken.push_back(MillisecondsSince(start));
  }
  Figure figure;
  figure.name = "mock/start/in-process";
  figure.unit = "ms";
  figure.ours = Median(taken);
  figure.target = AtMost(5);
  figure.note = "start and stop, plain, median";
  report.Add(figure);
}

const Benchmark kProgram("mock/start/program", "from starting the program to its first answer",
                         [](const Settings& settings, Report& report) {
                           Program(settings, report, Wire::kPlain, 25, "mock/start/program-plain");
                           Program(settings, report, Wire::kTls, 45, "mock/start/program-tls");
                         });
const Benchmark kInProcess("mock/start/in-process", "start and stop within a process", &InProcess);

}  // namespace
}  // namespace payload_manager::bench
