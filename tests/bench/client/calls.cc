// The documented client against the bare stub: one call at a time, and 64 in flight.
#include <deque>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "payload_manager/payload_registration_client.h"
#include "tests/bench/client/bare_client.h"
#include "tests/bench/client/bench_server.h"
#include "tests/bench/client/in_flight.h"
#include "tests/bench/client/work.h"
#include "tests/bench/harness/benchmark.h"
#include "tests/bench/harness/compare.h"

namespace payload_manager::bench {
namespace {

enum class Token { kNone, kBearer };

void ExpectAlreadyExists(const Outcome<Done>& outcome) {
  if (outcome.ok() || outcome.error().kind != FailureKind::kPayloadAlreadyExists) std::abort();
}

// Our arm. Like the bare one it ends the process when an answer is not the expected one.
class OurClient {
 public:
  OurClient(const ConnectionOptions& options, std::vector<bosdyn::api::Payload> payloads,
            Token token)
      : client_(Connect(options).value()), payloads_(std::move(payloads)) {
    if (token == Token::kBearer) options_.metadata.emplace_back("authorization", BearerToken());
  }

  void RegisterPayload(std::size_t slot) const {
    try {
      client_.RegisterPayload(payloads_[slot], PayloadSecret(), options_);
    } catch (const PayloadAlreadyExistsError&) {
      return;
    }
    std::abort();
  }
  // Takes the outcome instead of an exception.
  void RegisterPayloadOutcome(std::size_t slot) const {
    ExpectAlreadyExists(
        client_.connection()->RegisterPayload(payloads_[slot], PayloadSecret(), options_));
  }
  template <typename Then>
  void StartRegisterPayload(std::size_t slot, Then then) const {
    client_.RegisterPayloadAsync(
        payloads_[slot], PayloadSecret(),
        [then = std::move(then)](const Outcome<Done>& outcome) {
          ExpectAlreadyExists(outcome);
          then();
        },
        options_);
  }
  std::future<void> RegisterPayloadFuture(std::size_t slot) const {
    return client_.RegisterPayloadFuture(payloads_[slot], PayloadSecret(), options_);
  }

 private:
  const PayloadRegistrationClient client_;
  const std::vector<bosdyn::api::Payload> payloads_;
  CallOptions options_;
};

// What a bare future says of a payload that is registered already.
enum class Tell { kNothing, kException };
struct BareAlreadyExists : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A future made by hand on the bare callback API.
std::future<void> BareFuture(BareClient& bare, std::size_t slot, Tell tell) {
  auto promise = std::make_shared<std::promise<void>>();
  auto future = promise->get_future();
  bare.StartRegisterPayload(slot, [promise = std::move(promise), tell] {
    if (tell == Tell::kNothing) return promise->set_value();
    promise->set_exception(std::make_exception_ptr(BareAlreadyExists("already exists")));
  });
  return future;
}

// 64 futures, the oldest of which is awaited and replaced.
template <typename Start, typename Await>
std::uint64_t RunFutures(Duration duration, Start start, Await await) {
  const auto end = std::chrono::steady_clock::now() + duration;
  std::deque<std::pair<std::size_t, std::future<void>>> futures;
  for (std::size_t slot = 0; slot < kInFlight; ++slot) futures.emplace_back(slot, start(slot));
  std::uint64_t calls = 0;
  while (!futures.empty()) {
    auto [slot, future] = std::move(futures.front());
    futures.pop_front();
    await(future);
    ++calls;
    if (std::chrono::steady_clock::now() < end) futures.emplace_back(slot, start(slot));
  }
  return calls;
}

// Server, our client and two bare ones.
struct Bench {
  explicit Bench(Transport transport, Token token)
      : server(transport),
        payloads(MakePayloads(kInFlight)),
        authorization(token == Token::kBearer ? BearerToken() : std::string()),
        ours(server.options(), payloads, token),
        bare(server.options(), payloads, authorization),
        again(server.options(), payloads, authorization) {}
  BenchServer server;
  std::vector<bosdyn::api::Payload> payloads;
  std::string authorization;
  OurClient ours;
  BareClient bare;
  BareClient again;
};

using Work = std::function<std::uint64_t(Duration)>;

template <typename Call>
Work OneAtATime(Call call) {
  return [call](Duration duration) {
    const auto end = std::chrono::steady_clock::now() + duration;
    std::uint64_t calls = 0;
    while (std::chrono::steady_clock::now() < end) call(calls++ % kInFlight);
    return calls;
  };
}

template <typename Client>
Work Callbacks(Client& client) {
  const auto start = [&client](std::size_t slot, auto done) {
    client.StartRegisterPayload(slot, done);
  };
  return [pump = std::make_shared<InFlight<decltype(start)>>(kInFlight, start)](Duration duration) {
    return pump->Run(duration);
  };
}

template <typename Expected>
void AwaitException(std::future<void>& future) {
  try {
    future.get();
  } catch (const Expected&) {
    return;
  }
  std::abort();
}

Work OurFutures(OurClient& client) {
  return [&client](Duration duration) {
    return RunFutures(
        duration, [&client](std::size_t slot) { return client.RegisterPayloadFuture(slot); },
        &AwaitException<PayloadAlreadyExistsError>);
  };
}

Work BareFutures(BareClient& client, Tell tell) {
  return [&client, tell](Duration duration) {
    const auto start = [&](std::size_t slot) { return BareFuture(client, slot, tell); };
    if (tell == Tell::kException) {
      return RunFutures(duration, start, &AwaitException<BareAlreadyExists>);
    }
    return RunFutures(duration, start, [](std::future<void>& future) { future.get(); });
  };
}

BlocksOptions Blocks(const Settings& settings) {
  BlocksOptions options;
  if (settings.quick) options = {std::chrono::milliseconds(10), 2, std::chrono::milliseconds(5)};
  return options;
}

// `call` is ours, of which there is more than one kind.
template <typename Call>
void OneAtATimeFigures(const Settings& settings, Report& report, Bench& bench, Call call,
                       const std::string& name) {
  const auto bare = [&bench](std::size_t slot) { bench.bare.RegisterPayload(slot); };
  const auto again = [&bench](std::size_t slot) { bench.again.RegisterPayload(slot); };
  std::size_t slot = 0;
  const auto next = [&slot] { return slot++ % kInFlight; };
  TurnsOptions turns;
  if (settings.quick) turns = {std::chrono::milliseconds(10), 2, std::chrono::milliseconds(10)};
  const Latency latency =
      CompareCalls({[&] { call(next()); }, [&] { bare(next()); }, [&] { again(next()); }}, turns);
  report.Add(ToFigure(latency.p50, name + "/p50", "us", RatioAtMost(1.03)));
  Figure p99 = ToFigure(latency.p99, name + "/p99", "us", {});
  p99.target.reset();
  report.Add(p99);
  const Throughput throughput =
      CompareBlocks({OneAtATime(call), OneAtATime(bare), OneAtATime(again)}, Blocks(settings));
  report.Add(ToFigure(throughput.cpu, name + "/client-cpu", "us/call", RatioAtMost(1.10)));
}

void OneAtATimeFigures(const Settings& settings, Report& report, Transport transport, Token token,
                       const std::string& name) {
  Bench bench(transport, token);
  OneAtATimeFigures(
      settings, report, bench, [&bench](std::size_t slot) { bench.ours.RegisterPayload(slot); },
      name);
  OneAtATimeFigures(
      settings, report, bench,
      [&bench](std::size_t slot) { bench.ours.RegisterPayloadOutcome(slot); }, name + "/outcome");
}

void InFlightFigures(const Settings& settings, Report& report, Transport transport, Token token,
                     const std::string& name) {
  Bench bench(transport, token);
  const auto add = [&report](const Throughput& throughput, const std::string& figure) {
    report.Add(ToFigure(throughput.rate, figure + "/rate", "calls/s", RatioAtLeast(0.95)));
    Figure cpu = ToFigure(throughput.cpu, figure + "/client-cpu", "us/call", {});
    cpu.target.reset();
    report.Add(cpu);
  };
  add(CompareBlocks({Callbacks(bench.ours), Callbacks(bench.bare), Callbacks(bench.again)},
                    Blocks(settings)),
      name + "/callbacks");
  const auto futures = [&](Tell tell) {
    return CompareBlocks(
        {OurFutures(bench.ours), BareFutures(bench.bare, tell), BareFutures(bench.again, tell)},
        Blocks(settings));
  };
  add(futures(Tell::kNothing), name + "/futures");
  // "Already exists" is an exception by the documented client's interface, which costs what it
  // costs: here the bare futures tell it so, too.
  add(futures(Tell::kException), name + "/futures/both-throw");
}

const Benchmark kOneAtATime("client/one-at-a-time",
                            "registrations one after another on one thread, plain",
                            [](const Settings& settings, Report& report) {
                              OneAtATimeFigures(settings, report, Transport::kPlain, Token::kNone,
                                                "client/one-at-a-time");
                            });
const Benchmark kOneAtATimeTls("client/tls-one-at-a-time", "the same over TLS with a token",
                               [](const Settings& settings, Report& report) {
                                 OneAtATimeFigures(settings, report, Transport::kTls,
                                                   Token::kBearer, "client/tls-one-at-a-time");
                               });
const Benchmark kInFlightPlain("client/64-in-flight", "64 registrations in flight, plain",
                               [](const Settings& settings, Report& report) {
                                 InFlightFigures(settings, report, Transport::kPlain, Token::kNone,
                                                 "client/64-in-flight");
                               });
const Benchmark kInFlightTls("client/tls-64-in-flight", "the same over TLS with a token",
                             [](const Settings& settings, Report& report) {
                               InFlightFigures(settings, report, Transport::kTls, Token::kBearer,
                                               "client/tls-64-in-flight");
                             });

}  // namespace
}  // namespace payload_manager::bench
