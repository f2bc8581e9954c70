// How a benchmark program is made: link `bench_main`, and say in any of its sources
//
//   void RunSerial(const Settings& settings, Report& report) { …; report.Add({…}); }
//   const Benchmark kSerial("client/one-at-a-time", "calls in a row on one thread", &RunSerial);
//
// and give it to pm_add_benchmark in CMake. tools/bench runs all such programs one after another;
// by hand: `build/release/bench/NAME [--quick] [--list] [FILTER…]`, which prints a line of JSON for
// each figure, and its progress on stderr.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/harness/figure.h"

namespace payload_manager::bench {

struct Settings {
  // Everything runs, once and as small as it gets, to see that it does: the figures mean nothing.
  bool quick = false;
};

// Where figures go, at once. Threads: the one that runs the benchmark.
class Report {
 public:
  // Prints the figure's line on stdout.
  void Add(const Figure& figure);
  // One line about what goes on, on stderr.
  void Progress(std::string_view line);
};

// Registers itself. `name` is the common beginning of its figures' names; it is run when FILTER (a
// piece of it, letter for letter) is in it, or when there is none. A run that throws makes the
// program fail, and the others run all the same.
class Benchmark {
 public:
  using Run = std::function<void(const Settings&, Report&)>;
  Benchmark(std::string_view name, std::string_view what, Run run);
};

// A part that a program plays in a process of its own: `NAME --role ROLE [ARGUMENT…]`, see child.h.
// Registers itself; the result is the exit code.
class Role {
 public:
  using Run = std::function<int(const std::vector<std::string>& arguments)>;
  Role(std::string_view name, Run run);
};

// The main function of every benchmark program.
int Main(int argc, char** argv);

}  // namespace payload_manager::bench
