#include "tests/bench/harness/compare.h"

#include <array>
#include <cstddef>
#include <utility>

#include "tests/bench/harness/statistics.h"
#include "tests/bench/harness/usage.h"

namespace payload_manager::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

double Microseconds(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

// Every order of the three arms equally often.
constexpr std::array<std::array<std::size_t, 3>, 6> kOrders{
    {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {0, 2, 1}, {2, 0, 1}, {1, 0, 2}}};

struct Amount {
  double calls = 0;
  double seconds = 0;
  double cpu_us = 0;
  void operator+=(const Amount& more) {
    calls += more.calls;
    seconds += more.seconds;
    cpu_us += more.cpu_us;
  }
};

Amount Measure(const std::function<std::uint64_t(Duration)>& work,
               const std::function<Duration()>& cpu, Duration block) {
  const Duration cpu_before = cpu();
  const auto before = SteadyClock::now();
  const std::uint64_t calls = work(block);
  const Duration passed = SteadyClock::now() - before;
  return {static_cast<double>(calls), Microseconds(passed) / 1e6, Microseconds(cpu() - cpu_before)};
}

}  // namespace

Figure ToFigure(const Comparison& comparison, std::string name, std::string unit, Target target) {
  Figure figure;
  figure.name = std::move(name);
  figure.unit = std::move(unit);
  figure.ours = comparison.ours;
  figure.bare = comparison.bare;
  figure.ratio = comparison.ratio;
  figure.spread = comparison.spread;
  figure.target = target;
  return figure;
}

Comparison CompareRounds(const std::vector<double>& ours, const std::vector<double>& bare,
                         const std::vector<double>& again) {
  std::vector<double> ratios;
  std::vector<double> identical;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (bare[i] == 0 || again[i] == 0) continue;
    // Against both bare arms: what they differ by then weighs half.
    ratios.push_back(ours[i] / ((bare[i] + again[i]) / 2));
    identical.push_back(again[i] / bare[i]);
  }
  return {Median(ours), Median(bare), Median(ratios), SpreadOf(identical)};
}

Latency CompareCalls(const Arms<std::function<void()>>& arms, const TurnsOptions& options) {
  const std::array<const std::function<void()>*, 3> work{&arms.ours, &arms.bare, &arms.again};
  std::array<std::vector<double>, 3> p50;
  std::array<std::vector<double>, 3> p99;
  std::size_t turn = 0;
  const auto round = [&](Duration length, bool keep) {
    std::array<std::vector<double>, 3> taken;
    const auto end = SteadyClock::now() + length;
    do {
      for (const std::size_t arm : kOrders[turn++ % kOrders.size()]) {
        const auto before = SteadyClock::now();
        (*work[arm])();
        taken[arm].push_back(Microseconds(SteadyClock::now() - before));
      }
    } while (SteadyClock::now() < end);
    for (std::size_t arm = 0; keep && arm < taken.size(); ++arm) {
      p50[arm].push_back(Median(taken[arm]));
      p99[arm].push_back(Percentile(taken[arm], 0.99));
    }
  };
  round(options.warm_up, false);
  for (int i = 0; i < options.rounds; ++i) round(options.round, true);
  return {CompareRounds(p50[0], p50[1], p50[2]), CompareRounds(p99[0], p99[1], p99[2])};
}

Throughput CompareBlocks(const Arms<std::function<std::uint64_t(Duration)>>& arms,
                         const BlocksOptions& options) {
  const auto own = [] { return ProcessCpu(); };
  return CompareBlocks(arms, {own, own, own}, options);
}

Throughput CompareBlocks(const Arms<std::function<std::uint64_t(Duration)>>& arms,
                         const Arms<std::function<Duration()>>& cpu, const BlocksOptions& options) {
  const std::array<const std::function<std::uint64_t(Duration)>*, 3> work{&arms.ours, &arms.bare,
                                                                          &arms.again};
  const std::array<const std::function<Duration()>*, 3> clock{&cpu.ours, &cpu.bare, &cpu.again};
  for (const auto* each : work) (*each)(options.warm_up);
  std::array<std::vector<double>, 3> rate;
  std::array<std::vector<double>, 3> used;
  for (int i = 0; i < options.rounds; ++i) {
    std::array<Amount, 3> amounts;
    // Which arm comes first and last changes from round to round.
    const auto& order = kOrders[static_cast<std::size_t>(i) % kOrders.size()];
    for (const std::size_t arm : order)
      amounts[arm] += Measure(*work[arm], *clock[arm], options.block);
    for (std::size_t at = order.size(); at-- > 0;) {
      const std::size_t arm = order[at];
      amounts[arm] += Measure(*work[arm], *clock[arm], options.block);
    }
    for (std::size_t arm = 0; arm < amounts.size(); ++arm) {
      rate[arm].push_back(amounts[arm].calls / amounts[arm].seconds);
      used[arm].push_back(amounts[arm].cpu_us / amounts[arm].calls);
    }
  }
  return {CompareRounds(rate[0], rate[1], rate[2]), CompareRounds(used[0], used[1], used[2])};
}

}  // namespace payload_manager::bench
