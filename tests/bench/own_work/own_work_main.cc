// bench_own_work: the client's own work. With Google Benchmark's flags it measures times; with
//
//   valgrind --tool=callgrind --collect-atstart=no bench_own_work --count
//
// it leaves one dump of callgrind's for each workload, and prints `NAME CALLS` in their order
// (own_work_test.py reads both).
#include <benchmark/benchmark.h>
#include <valgrind/callgrind.h>

#include <cstdint>
#include <cstdio>
#include <string>

#include "tests/bench/own_work/workloads.h"

namespace {

void Count() {
  for (const auto& [name, make] : payload_manager::bench::Workloads()) {
    const auto workload = make();
    workload();  // so that what happens only the first time does not count
    CALLGRIND_ZERO_STATS;
    const std::uint64_t calls = workload();
    CALLGRIND_DUMP_STATS_AT(name.c_str());
    std::printf("%s %llu\n", name.c_str(), static_cast<unsigned long long>(calls));
  }
}

void MeasureTimes(int argc, char** argv) {
  for (const auto& [name, make] : payload_manager::bench::Workloads()) {
    benchmark::RegisterBenchmark(name.c_str(), [make = make](benchmark::State& state) {
      const auto workload = make();
      std::uint64_t calls = 0;
      for ([[maybe_unused]] auto _ : state) calls += workload();
      using benchmark::Counter;
      state.counters["s/call"] =
          Counter(static_cast<double>(calls), Counter::kIsRate | Counter::kInvert);
    });
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "--count") {
    Count();
  } else {
    MeasureTimes(argc, argv);
  }
  return 0;
}
