// What a robot costs in memory: the program with one payload and with many, and a hundred robots in
// one process.
#include <cmath>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "mock_robot/mock_robot.h"
#include "payload_manager/payload_registration_client.h"
#include "tests/bench/client/work.h"
#include "tests/bench/harness/benchmark.h"
#include "tests/bench/harness/usage.h"
#include "tests/bench/mock/server_process.h"

namespace payload_manager::bench {
namespace {

constexpr int kRobots = 100;

double Megabytes(std::size_t bytes) { return static_cast<double>(bytes) / 1e6; }

Figure Make(const std::string& name, const std::string& unit, double ours, Target target,
            const std::string& note) {
  Figure figure;
  figure.name = name;
  figure.unit = unit;
  figure.ours = ours;
  figure.target = target;
  figure.note = note;
  return figure;
}

struct Grown {
  double first = 0;        // megabytes, with one payload
  double per_payload = 0;  // kilobytes
};

// A server that comes to know all these payloads.
Grown Grow(Server server, Wire wire, const std::vector<bosdyn::api::Payload>& payloads) {
  const ServerProcess process(server, wire);
  const PayloadRegistrationClient client(Connect(process.options()).value());
  client.RegisterPayload(payloads.front(), PayloadSecret());
  const std::size_t first = ResidentBytes(process.pid());
  for (std::size_t i = 1; i < payloads.size(); ++i) {
    client.RegisterPayload(payloads[i], PayloadSecret());
  }
  const auto grown = static_cast<double>(ResidentBytes(process.pid()) - first);
  return {Megabytes(first), grown / 1e3 / static_cast<double>(payloads.size() - 1)};
}

void Program(const Settings& settings, Report& report, Wire wire, const std::string& name) {
  const int count = settings.quick ? 20 : 5000;
  const auto payloads = MakePayloads(count);
  const Grown ours = Grow(Server::kMockRobot, wire, payloads);
  const Grown bare = Grow(Server::kMap, wire, payloads);
  const Grown again = Grow(Server::kMap, wire, payloads);
  const auto add = [&](const std::string& figure, const std::string& unit, double Grown::*what,
                       double limit, const std::string& note) {
    Figure made = Make(name + figure, unit, ours.*what, AtMost(limit), note);
    made.bare = bare.*what;
    made.spread = std::abs(again.*what / bare.*what - 1);
    report.Add(made);
  };
  add("/program", "MB", &Grown::first, 20, "resident, with one payload, before the first token");
  add("/per-payload", "kB", &Grown::per_payload, 4,
      "resident, of " + std::to_string(count) + " payloads of 925 bytes");
}

// In a process of its own: prints its resident bytes once all have answered a call.
int HundredRobots(const std::vector<std::string>&) {
  AllowDescriptors(kRobots * 8);
  const auto payload = MakePayloads(1).front();
  std::vector<std::unique_ptr<mock_robot::MockRobot>> robots;
  for (int i = 0; i < kRobots; ++i) {
    mock_robot::MockRobotOptions options;
    options.tls = false;
    robots.push_back(mock_robot::MockRobot::Start(options).value());
    ConnectionOptions connection;
    connection.robot = ParseAddress(robots.back()->address(), 0).value();
    connection.insecure = true;
    const PayloadRegistrationClient client(Connect(connection).value());
    client.RegisterPayload(payload, PayloadSecret());
  }
  std::cout << ResidentBytes() << '\n' << Threads().size() << std::endl;
  return 0;
}

void Many(const Settings&, Report& report) {
  Child child(ThisProgram(), {"--role", "hundred-robots"});
  const double megabytes = Megabytes(std::stoull(child.Hear()));
  const std::string threads = child.Hear();
  report.Add(
      Make("mock/memory/100-robots", "MB", megabytes, AtMost(150),
           "resident, all in one process of " + threads + " threads, a call answered by each"));
}

const Role kHundredRobots("hundred-robots", &HundredRobots);
const Benchmark kProgram("mock/memory/plain", "resident memory of the program, plain",
                         [](const Settings& settings, Report& report) {
                           Program(settings, report, Wire::kPlain, "mock/memory/plain");
                         });
const Benchmark kProgramTls("mock/memory/tls", "resident memory of the program, TLS",
                            [](const Settings& settings, Report& report) {
                              Program(settings, report, Wire::kTls, "mock/memory/tls");
                            });
const Benchmark kMany("mock/memory/100-robots", "resident memory of 100 robots in a process",
                      &Many);

}  // namespace
}  // namespace payload_manager::bench
