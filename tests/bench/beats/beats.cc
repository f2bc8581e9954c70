// Keep-alives and sessions: what many payloads cost while nothing happens but their beats.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/bench/beats/arm_process.h"
#include "tests/bench/harness/benchmark.h"
#include "tests/bench/harness/compare.h"
#include "tests/bench/harness/statistics.h"

namespace payload_manager::bench {
namespace {

// Lets real time pass.
void Pass(Duration time) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, time, [] { return false; });
}

// What a beat costs.
struct Cost {
  double cpu_us = 0;
  double sleeps = 0;  // of the process's threads, which is how often one was woken
};

// An arm's process, and what its beats have cost since the last question.
class Beating {
 public:
  Beating(const std::string& arm, const Pace& pace) : process_(arm, pace) { PerBeat(); }
  Cost PerBeat() {
    const ArmUsage before = std::exchange(usage_, process_.Usage());
    const std::uint64_t beats_before = std::exchange(beats_, process_.Beats());
    if (beats_ == beats_before) return {};
    const auto beats = static_cast<double>(beats_ - beats_before);
    return {(usage_.cpu_us - before.cpu_us) / beats,
            static_cast<double>(usage_.sleeps - before.sleeps) / beats};
  }

 private:
  ArmProcess process_;
  ArmUsage usage_;
  std::uint64_t beats_ = 0;
};

// All three arms at the same pace at the same time, so that all have the same machine. Whether the
// beats of two arms meet depends on when these began, and stays so while they run: so they are
// begun anew a few times.
void CpuPerBeat(const Settings& settings, Report& report, const std::string& arm) {
  const Pace pace = settings.quick
                        ? Pace{10, std::chrono::milliseconds(100), std::chrono::milliseconds(100)}
                        : Pace{200, std::chrono::seconds(2), std::chrono::seconds(2)};
  const int beginnings = settings.quick ? 1 : 6;
  const int rounds = settings.quick ? 2 : 4;
  const Duration round = settings.quick ? Duration(std::chrono::milliseconds(200)) : pace.interval;
  std::vector<double> cpu[3];
  std::vector<double> sleeps[3];
  for (int beginning = 0; beginning < beginnings; ++beginning) {
    Beating ours(arm, pace);
    Beating bare("bare", pace);
    Beating again("bare", pace);
    Pass(pace.interval);
    for (int i = 0; i <= rounds; ++i) {
      const Cost costs[] = {ours.PerBeat(), bare.PerBeat(), again.PerBeat()};
      for (int which = 0; i > 0 && which < 3; ++which) {
        cpu[which].push_back(costs[which].cpu_us);
        sleeps[which].push_back(costs[which].sleeps);
      }
      Pass(round);
    }
  }
  Figure figure = ToFigure(CompareRounds(cpu[0], cpu[1], cpu[2]), arm + "/beats/cpu", "us/beat",
                           RatioAtMost(1.15));
  figure.note = std::to_string(pace.payloads) + " payloads, " +
                std::to_string(pace.payloads * std::chrono::seconds(1) / pace.interval) +
                " beats/s, the arms at the same time in processes of their own";
  report.Add(figure);
  figure = ToFigure(CompareRounds(sleeps[0], sleeps[1], sleeps[2]), arm + "/beats/sleeps",
                    "times/beat", RatioAtMost(1.15));
  figure.target.reset();  // counted, but not asked for
  figure.note = "how often the process's threads go to sleep, gRPC's included";
  report.Add(figure);
}

Figure Plain(std::string name, std::string unit, double ours, Target target, std::string note) {
  Figure figure;
  figure.name = std::move(name);
  figure.unit = std::move(unit);
  figure.ours = ours;
  figure.target = target;
  figure.note = std::move(note);
  return figure;
}

// Threads, memory and wake-ups of many that have nothing to do for a while.
void Idle(const Settings& settings, Report& report, const std::string& arm) {
  const int payloads = settings.quick ? 20 : 1000;
  // Registered once within a second or two, and then nothing for a long time.
  ArmProcess process(arm, {payloads, std::chrono::hours(1), std::chrono::seconds(1)});
  const std::string many = std::to_string(payloads) + " payloads";
  ArmProcess bare("bare", {1, std::chrono::hours(1), {}});
  Pass(std::chrono::milliseconds(300));  // what the last beat left to do
  const ArmUsage before = process.Usage();
  Pass(settings.quick ? std::chrono::milliseconds(100) : std::chrono::seconds(5));
  const ArmUsage after = process.Usage();
  const int threads = after.threads - (bare.Usage().threads - 1);  // without the one that paces
  report.Add(Plain(arm + "/idle/threads", "", threads, AtMost(3),
                   many + "; more than a process with a bare client has"));
  report.Add(Plain(arm + "/idle/memory", "kB/payload",
                   static_cast<double>(before.heap) / payloads / 1024, AtMost(4),
                   many + "; heap beyond the definitions"));
  report.Add(Plain(arm + "/idle/wake-ups", "", static_cast<double>(after.wakes - before.wakes),
                   AtMost(0), many + ", 5 s in which nothing is due; our own threads"));
}

// All beats are under way and none is answered.
void Silence(const Settings& settings, Report& report, const std::string& arm) {
  const int runs = settings.quick ? 1 : 5;
  const int payloads = settings.quick ? 20 : 1000;
  std::vector<double> taken;
  bool in_time = true;
  for (int i = 0; i < runs; ++i) {
    ArmProcess process(arm, {payloads, std::chrono::seconds(1), std::chrono::seconds(1)});
    process.server().HoldAnswers(true);
    Pass(std::chrono::milliseconds(1500));
    const ArmProcess::Ended ended = process.Shutdown();
    taken.push_back(ended.milliseconds);
    in_time = in_time && ended.in_time;
  }
  report.Add(Plain(arm + "/silence/shutdown", "ms", in_time ? Percentile(taken, 1) : 1e6,
                   AtMost(100),
                   std::to_string(payloads) +
                       " payloads with a call under way each, on a robot "
                       "that does not answer; the slowest of " +
                       std::to_string(runs) + (in_time ? "" : "; did not end in its time")));
}

using Measure = void (*)(const Settings&, Report&, const std::string& arm);
Benchmark::Run Of(const std::string& arm, Measure measure) {
  return
      [arm, measure](const Settings& settings, Report& report) { measure(settings, report, arm); };
}

const Benchmark kKeepAlives[] = {
    {"keep-alives/idle", "threads, memory and wake-ups of many PayloadRegistrationKeepAlives",
     Of("keep-alives", &Idle)},
    {"keep-alives/silence", "ending them while the robot is silent", Of("keep-alives", &Silence)},
    {"keep-alives/beats", "processor time per beat", Of("keep-alives", &CpuPerBeat)},
};
const Benchmark kSessions[] = {
    {"sessions/idle", "threads, memory and wake-ups of many sessions of PayloadSessions",
     Of("sessions", &Idle)},
    {"sessions/silence", "ending them while the robot is silent", Of("sessions", &Silence)},
    {"sessions/beats", "processor time per beat", Of("sessions", &CpuPerBeat)},
};

}  // namespace
}  // namespace payload_manager::bench
