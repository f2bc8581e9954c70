#include "tests/bench/beats/arm_process.h"

#include <exception>
#include <iostream>
#include <sstream>
#include <vector>

#include "tests/bench/harness/benchmark.h"
#include "tests/bench/harness/usage.h"

namespace payload_manager::bench {
namespace {

// Arguments: arm, payloads, interval and spread in milliseconds, port. Says `begun`; answers
// `usage` with the numbers of ArmUsage, and `shutdown` with milliseconds and 0 or 1.
int RunArm(const std::vector<std::string>& arguments) {
  const Pace pace{std::stoi(arguments.at(1)), std::chrono::milliseconds(std::stoi(arguments.at(2))),
                  std::chrono::milliseconds(std::stoi(arguments.at(3)))};
  try {
    const auto arm =
        MakeArm(arguments.at(0), pace, static_cast<std::uint16_t>(std::stoi(arguments.at(4))));
    const auto heap_before = static_cast<std::int64_t>(HeapBytes());
    arm->Begin();
    const std::vector<pid_t> own = arm->OwnThreads();
    std::cout << "begun" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
      if (line == "usage") {
        std::uint64_t wakes = 0;
        for (const pid_t thread : own) wakes += Sleeps(thread);
        std::uint64_t sleeps = 0;
        for (const pid_t thread : Threads()) sleeps += Sleeps(thread);
        std::cout << std::chrono::duration<double, std::micro>(ProcessCpu()).count() << ' '
                  << static_cast<std::int64_t>(HeapBytes()) - heap_before << ' ' << Threads().size()
                  << ' ' << wakes << ' ' << sleeps << std::endl;
      } else if (line == "shutdown") {
        const auto taken = arm->Shutdown();
        const std::chrono::duration<double, std::milli> milliseconds = taken.value_or(Duration(0));
        std::cout << milliseconds.count() << ' ' << taken.has_value() << std::endl;
      }
    }
    arm->Shutdown();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "arm " << arguments.at(0) << ": " << error.what() << '\n';
    return 1;
  }
}

std::string Milliseconds(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

const Role kArm("arm", &RunArm);

}  // namespace

ArmProcess::ArmProcess(const std::string& arm, const Pace& pace)
    : server_(Transport::kPlain),
      child_(ThisProgram(),
             {"--role", "arm", arm, std::to_string(pace.payloads), Milliseconds(pace.interval),
              Milliseconds(pace.spread), std::to_string(server_.options().robot.port)}) {
  child_.Hear();
}

ArmUsage ArmProcess::Usage() {
  child_.Say("usage");
  std::istringstream line(child_.Hear());
  ArmUsage usage;
  line >> usage.cpu_us >> usage.heap >> usage.threads >> usage.wakes >> usage.sleeps;
  return usage;
}

ArmProcess::Ended ArmProcess::Shutdown() {
  child_.Say("shutdown");
  std::istringstream line(child_.Hear());
  Ended ended;
  line >> ended.milliseconds >> ended.in_time;
  return ended;
}

}  // namespace payload_manager::bench
