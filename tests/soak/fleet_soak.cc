// The fleet story (tests/support/fleet_story) at full length: by default 10,000 payloads on 1,000
// robots for 24 virtual hours. Says how far it is every virtual hour; exit code 0: nothing was
// wrong, 1: something was, 2: usage.
#include <sys/resource.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "tests/support/fleet_story/fleet_story.h"

namespace {

using payload_manager::testing::FleetStory;
using payload_manager::testing::StoryOptions;
using payload_manager::testing::StoryReport;

constexpr char kUsage[] =
    "usage: fleet_soak [--seed N] [--robots N] [--payloads N] [--hours N]\n"
    "N payloads on each of N robots for N hours of virtual time (1, 1000, 10, 24), with seeded\n"
    "outages, rate limits, thieves and administrators, and a watch on every call.\n";

struct Numbers {
  int seed = 1;
  int robots = 1000;
  int payloads = 10;
  int hours = 24;
};

// False when something is wrong, which it has said.
bool Read(int argc, char** argv, Numbers& numbers) {
  for (int i = 1; i < argc; i += 2) {
    int* number = nullptr;
    if (std::strcmp(argv[i], "--seed") == 0) number = &numbers.seed;
    if (std::strcmp(argv[i], "--robots") == 0) number = &numbers.robots;
    if (std::strcmp(argv[i], "--payloads") == 0) number = &numbers.payloads;
    if (std::strcmp(argv[i], "--hours") == 0) number = &numbers.hours;
    if (number == nullptr) {
      std::fprintf(stderr, "fleet_soak: unknown argument: %s\n%s", argv[i], kUsage);
      return false;
    }
    const char* text = i + 1 < argc ? argv[i + 1] : "";
    const char* end = text + std::strlen(text);
    const auto read = std::from_chars(text, end, *number);
    if (read.ec != std::errc() || read.ptr != end || *number < 1) {
      std::fprintf(stderr, "fleet_soak: %s needs a number above zero, not '%s'\n", argv[i], text);
      return false;
    }
  }
  if (numbers.payloads > 100 || numbers.robots > 10'000) {
    std::fprintf(stderr, "fleet_soak: at most 100 payloads on each of 10000 robots\n");
    return false;
  }
  return true;
}

double PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  Numbers numbers;
  if (!Read(argc, argv, numbers)) return 2;
  StoryOptions options;
  options.script.seed = static_cast<std::uint64_t>(numbers.seed);
  options.script.robots = numbers.robots;
  options.script.payloads_per_robot = numbers.payloads;
  options.script.length = std::chrono::hours(numbers.hours);
  std::printf("fleet story: %d payloads on %d robots for %d h, seed %d\n",
              numbers.robots * numbers.payloads, numbers.robots, numbers.hours, numbers.seed);
  const auto started = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  };
  FleetStory story(options);
  std::size_t shown = 0;
  story.progress = [&](int hours, const StoryReport& report) {
    std::uint64_t calls = 0;
    for (const std::uint64_t of_one_kind : report.tally.calls) calls += of_one_kind;
    std::printf("hour %d of %d: %.1f s, %llu calls, %llu looks, %llu violations, %.0f MB at most\n",
                hours, numbers.hours, seconds(), static_cast<unsigned long long>(calls),
                static_cast<unsigned long long>(report.looks),
                static_cast<unsigned long long>(report.violations), PeakMegabytes());
    for (; shown < report.first_violations.size(); ++shown) {
      std::printf("  %s\n", report.first_violations[shown].c_str());
    }
    std::fflush(stdout);
  };
  const StoryReport report = story.Tell();
  std::printf("%stold in %.1f s, %.0f MB at most\n", report.Summary().c_str(), seconds(),
              PeakMegabytes());
  return report.violations == 0 ? 0 : 1;
}
