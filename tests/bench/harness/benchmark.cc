#include "tests/bench/harness/benchmark.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <utility>

namespace payload_manager::bench {
namespace {

struct Registered {
  std::string what;
  Benchmark::Run run;
};

std::map<std::string, Registered>& Benchmarks() {
  static std::map<std::string, Registered> benchmarks;
  return benchmarks;
}

std::map<std::string, Role::Run>& Roles() {
  static std::map<std::string, Role::Run> roles;
  return roles;
}

constexpr char kUsage[] =
    "usage: %s [--quick] [--list] [FILTER...]\n"
    "Runs the benchmarks whose name holds one of the FILTERs (default: all) and prints one line\n"
    "of JSON for each figure; see tools/bench --help for its fields.\n"
    "  --quick   as small as it gets, to see that everything runs: the figures mean nothing\n"
    "  --list    prints the names and what they are instead\n"
    "Exit code: 0 all of them ran, 1 one of them could not, 2 usage.\n";

bool Selected(const std::string& name, const std::vector<std::string>& filters) {
  return filters.empty() ||
         std::any_of(filters.begin(), filters.end(), [&name](const std::string& filter) {
           return name.find(filter) != std::string::npos;
         });
}

int PlayRole(const std::vector<std::string>& arguments) {
  const auto role = arguments.empty() ? Roles().end() : Roles().find(arguments.front());
  if (role == Roles().end()) {
    std::fprintf(stderr, "--role: there is no such role\n");
    return 2;
  }
  return role->second({arguments.begin() + 1, arguments.end()});
}

int RunAll(const Settings& settings, const std::vector<std::string>& filters) {
  Report report;
  int failed = 0;
  for (const auto& [name, benchmark] : Benchmarks()) {
    if (!Selected(name, filters)) continue;
    report.Progress(name + ": " + benchmark.what);
    try {
      benchmark.run(settings, report);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s: could not be measured: %s\n", name.c_str(), error.what());
      ++failed;
    }
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace

void Report::Add(const Figure& figure) {
  std::printf("%s\n", ToJson(figure).c_str());
  std::fflush(stdout);
}

void Report::Progress(std::string_view line) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

Benchmark::Benchmark(std::string_view name, std::string_view what, Run run) {
  Benchmarks()[std::string(name)] = {std::string(what), std::move(run)};
}

Role::Role(std::string_view name, Run run) { Roles()[std::string(name)] = std::move(run); }

int Main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (!arguments.empty() && arguments.front() == "--role") {
    return PlayRole({arguments.begin() + 1, arguments.end()});
  }
  Settings settings;
  std::vector<std::string> filters;
  bool list = false;
  for (const std::string& argument : arguments) {
    if (argument == "--quick") {
      settings.quick = true;
    } else if (argument == "--list") {
      list = true;
    } else if (argument == "--help" || argument == "-h") {
      std::printf(kUsage, argv[0]);
      return 0;
    } else if (argument.starts_with("-")) {
      std::fprintf(stderr, "%s: unknown flag (see --help)\n", argument.c_str());
      return 2;
    } else {
      filters.push_back(argument);
    }
  }
  if (!list) return RunAll(settings, filters);
  for (const auto& [name, benchmark] : Benchmarks()) {
    if (Selected(name, filters)) std::printf("%s\t%s\n", name.c_str(), benchmark.what.c_str());
  }
  return 0;
}

}  // namespace payload_manager::bench
