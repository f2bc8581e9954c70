// Registrations of known payloads, 64 in flight, from one and the same bare client: what a robot
// answers all day long. Every check and the journal are on.
#include <memory>
#include <string>
#include <vector>

#include "payload_manager/payload_registration_client.h"
#include "tests/bench/client/bare_client.h"
#include "tests/bench/client/in_flight.h"
#include "tests/bench/client/work.h"
#include "tests/bench/harness/benchmark.h"
#include "tests/bench/harness/compare.h"
#include "tests/bench/harness/usage.h"
#include "tests/bench/mock/server_process.h"

namespace payload_manager::bench {
namespace {

// A server that knows the payloads, and a client that goes on registering them.
class Arm {
 public:
  Arm(Server server, Wire wire, const std::vector<bosdyn::api::Payload>& payloads)
      : server_(server, wire) {
    const PayloadRegistrationClient first(Connect(server_.options()).value());
    for (const auto& payload : payloads) first.RegisterPayload(payload, PayloadSecret());
    client_ = std::make_unique<BareClient>(server_.options(), payloads);
    const auto start = [this](std::size_t slot, auto done) {
      client_->StartRegisterPayload(slot, done);
    };
    run_ = [pump = std::make_shared<InFlight<decltype(start)>>(kInFlight, start)](
               Duration duration) { return pump->Run(duration); };
  }
  const std::function<std::uint64_t(Duration)>& work() const { return run_; }
  std::function<Duration()> cpu() const {
    return [pid = server_.pid()] { return ProcessCpu(pid); };
  }

 private:
  ServerProcess server_;
  std::unique_ptr<BareClient> client_;
  std::function<std::uint64_t(Duration)> run_;
};

BlocksOptions Blocks(const Settings& settings) {
  if (settings.quick) return {std::chrono::milliseconds(10), 2, std::chrono::milliseconds(5)};
  return {};
}

void AgainstAMap(const Settings& settings, Report& report, Wire wire, const std::string& name) {
  const auto payloads = MakePayloads(kInFlight);
  const Arm ours(Server::kMockRobot, wire, payloads);
  const Arm bare(Server::kMap, wire, payloads);
  const Arm again(Server::kMap, wire, payloads);
  const Throughput throughput =
      CompareBlocks({ours.work(), bare.work(), again.work()}, {ours.cpu(), bare.cpu(), again.cpu()},
                    Blocks(settings));
  report.Add(ToFigure(throughput.rate, name + "/rate", "calls/s", RatioAtLeast(0.90)));
  report.Add(ToFigure(throughput.cpu, name + "/server-cpu", "us/call", RatioAtMost(1.15)));
}

void AgainstPython(const Settings& settings, Report& report) {
  const auto payloads = MakePayloads(kInFlight);
  const Arm ours(Server::kMockRobot, Wire::kPlain, payloads);
  const Arm python(Server::kPython, Wire::kPlain, payloads);
  const Arm again(Server::kPython, Wire::kPlain, payloads);
  const Throughput throughput =
      CompareBlocks({ours.work(), python.work(), again.work()},
                    {ours.cpu(), python.cpu(), again.cpu()}, Blocks(settings));
  Figure rate =
      ToFigure(throughput.rate, "mock/python-heartbeats/rate", "calls/s", RatioAtLeast(8));
  rate.note = "the other arm is a Python server of ten threads";
  report.Add(rate);
}

const Benchmark kPlain("mock/heartbeats", "64 registrations of known payloads in flight, plain",
                       [](const Settings& settings, Report& report) {
                         AgainstAMap(settings, report, Wire::kPlain, "mock/heartbeats");
                       });
const Benchmark kTls("mock/tls-heartbeats", "the same over TLS",
                     [](const Settings& settings, Report& report) {
                       AgainstAMap(settings, report, Wire::kTls, "mock/tls-heartbeats");
                     });
const Benchmark kPython("mock/python-heartbeats", "the same, plain, against a server in Python",
                        &AgainstPython);

}  // namespace
}  // namespace payload_manager::bench
