// What a robot costs in memory: the program with one payload and with many, and a hundred robots in
// one process.
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

void Program(const Settings& settings, Report& report) {
  const int count = settings.quick ? 20 : 5000;
  const auto payloads = MakePayloads(count);
  const auto grow = [&](Server server) {
    const ServerProcess process(server, Wire::kPlain);
    const PayloadRegistrationClient client(Connect(process.options()).value());
    client.RegisterPayload(payloads.front(), PayloadSecret());
    const std::size_t first = ResidentBytes(process.pid());
    for (int i = 1; i < count; ++i) client.RegisterPayload(payloads[i], PayloadSecret());
    return std::pair(first, ResidentBytes(process.pid()));
  };
  const auto [first, all] = grow(Server::kMockRobot);
  const auto [bare_first, bare_all] = grow(Server::kMap);
  const auto each = [&](std::size_t from, std::size_t to) {
    return static_cast<double>(to - from) / 1e3 / (count - 1);
  };
  Figure idle =
      Make("mock/memory/program", "MB", Megabytes(first), AtMost(20), "resident, with one payload");
  idle.bare = Megabytes(bare_first);
  report.Add(idle);
  Figure per_payload = Make("mock/memory/per-payload", "kB", each(first, all), AtMost(4),
                            "resident, of " + std::to_string(count) + " payloads of 925 bytes");
  per_payload.bare = each(bare_first, bare_all);
  report.Add(per_payload);
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
const Benchmark kProgram("mock/memory/program", "resident memory of the program", &Program);
const Benchmark kMany("mock/memory/100-robots", "resident memory of 100 robots in a process",
                      &Many);

}  // namespace
}  // namespace payload_manager::bench
