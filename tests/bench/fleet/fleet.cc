// Ten thousand payloads on a thousand robots, over real gRPC: what one process needs for them, how
// soon they stand, how soon they are back, and how fast it ends.
#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "payload_manager/payload_sessions.h"
#include "tests/bench/client/work.h"
#include "tests/bench/fleet/bare_fleet.h"
#include "tests/bench/fleet/robots_process.h"
#include "tests/bench/harness/benchmark.h"
#include "tests/bench/harness/statistics.h"
#include "tests/bench/harness/usage.h"

namespace payload_manager::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

struct Size {
  int robots = 1000;
  int payloads = 10;  // on each
  SessionOptions session = {};
  Duration steady = seconds(30);
  int returning = 50;             // robots that are stopped and started again
  Duration away = seconds(25);    // by then the probes are as far apart as they get
  Duration silence = seconds(8);  // most robots have a call under way then, and none has timed out
  Duration patience = seconds(120);
};

Size SizeFor(const Settings& settings) {
  if (!settings.quick) return {};
  Size small{20, 5};
  small.session.interval = milliseconds(500);
  small.steady = seconds(2);
  small.returning = 4;
  small.away = seconds(1);
  small.silence = milliseconds(500);
  return small;
}

double Seconds(Duration time) { return std::chrono::duration<double>(time).count(); }
double Megabytes(std::size_t bytes) { return static_cast<double>(bytes) / 1e6; }

std::string Rounded(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", number);
  return text;
}

// What the fleet's sessions have come to, and when. Threads: any.
class Board {
 public:
  explicit Board(std::size_t payloads) : states_(payloads), changed_(payloads), found_(payloads) {}

  SessionObserver ObserverOf(std::size_t payload) {
    SessionObserver observer;
    observer.state_changed = [this, payload](const StateChange& change) {
      const std::lock_guard lock(mutex_);
      states_[payload] = change.after;
      changed_[payload] = change.at;
      if (change.before == PayloadState::kUnreachable) found_[payload] = change.at;
      if (payload >= awaited_) return;
      missing_ += change.before == state_ ? 1U : 0U;
      missing_ -= change.after == state_ ? 1U : 0U;
      if (missing_ == 0) news_.notify_all();
    };
    return observer;
  }

  // Waits until all of the first payloads are in the state; throws when they do not get there.
  void Await(std::size_t first, PayloadState state, Duration patience) {
    std::unique_lock lock(mutex_);
    awaited_ = first;
    state_ = state;
    missing_ = 0;
    for (std::size_t i = 0; i < first; ++i) missing_ += states_[i] == state ? 0U : 1U;
    const bool there = news_.wait_for(lock, patience, [&] { return missing_ == 0; });
    awaited_ = 0;
    if (!there) {
      throw std::runtime_error(std::to_string(missing_) + " of " + std::to_string(first) +
                               " payloads did not come to be '" + std::string(ToString(state)) +
                               "' in time");
    }
  }
  void Pause(Duration time) {
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, time,
                   [end = steady_clock::now() + time] { return steady_clock::now() >= end; });
  }
  // When the payload came into the state that it is in.
  TimePoint Changed(std::size_t payload) const {
    const std::lock_guard lock(mutex_);
    return changed_[payload];
  }
  // When its robot was found to answer again.
  TimePoint Found(std::size_t payload) const {
    const std::lock_guard lock(mutex_);
    return found_[payload];
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::vector<PayloadState> states_;  // kRegistering at first, as sessions are
  std::vector<TimePoint> changed_;
  std::vector<TimePoint> found_;
  std::size_t awaited_ = 0;
  PayloadState state_{};
  std::size_t missing_ = 0;
};

// What bare stubs take to set the same fleet up.
struct BareSetUp {
  Duration set_up;
  Duration cpu;
};
BareSetUp MeasureBare(const Size& size, bool tls) {
  // A call that is late meets the next second's, which a limit would refuse.
  RobotsProcess robots(size.robots, tls, RobotsProcess::RateLimits::kOff);
  std::vector<ConnectionOptions> options;
  for (int robot = 0; robot < size.robots; ++robot) options.push_back(robots.OptionsFor(robot));
  BareFleet fleet(std::move(options), MakePayloads(size.payloads),
                  PacingOptions{}.registration_calls_per_second);
  const auto began = steady_clock::now();
  const Duration cpu = ProcessCpu();
  fleet.SetUp();
  return {steady_clock::now() - began, ProcessCpu() - cpu};
}

class Fleet {
 public:
  Fleet(const Size& size, bool tls, std::string name, Report& report)
      : size_(size),
        name_(std::move(name)),
        report_(report),
        bare_(MeasureBare(size, tls)),
        robots_(size.robots, tls),
        board_(Payloads()) {
    report_.Progress(name_ + ": " + std::to_string(size.robots) + " robots serve");
  }

  void SetUp() {
    const auto payloads = MakePayloads(size_.payloads);
    std::vector<std::shared_ptr<const bosdyn::api::Payload>> definitions;
    for (const auto& payload : payloads) {
      definitions.push_back(std::make_shared<bosdyn::api::Payload>(payload));
    }
    const std::size_t threads = Threads().size();
    TrimHeap();
    resident_before_ = ResidentBytes();
    runtime_ = std::make_shared<ThreadedRuntime>();
    sessions_.emplace(runtime_);
    Add("threads", "", static_cast<double>(Threads().size() - threads), AtMost(3),
        "ours, before gRPC makes its own");
    const auto began = steady_clock::now();
    const Duration cpu = ProcessCpu();
    const Duration robots_cpu = ProcessCpu(robots_.pid());
    for (int robot = 0; robot < size_.robots; ++robot) {
      const RobotHandle handle = sessions_->AddRobot("robot-" + std::to_string(robot),
                                                     Connect(robots_.OptionsFor(robot)).value());
      for (const auto& definition : definitions) {
        const std::size_t number = ids_.size();
        ids_.push_back(
            sessions_
                ->Add(handle, definition, PayloadSecret(), size_.session, board_.ObserverOf(number))
                .value());
      }
    }
    board_.Await(Payloads(), PayloadState::kAuthorized, size_.patience);
    AwaitLists();
    Figure set_up = Make("set-up", "s", Seconds(steady_clock::now() - began), RatioAtMost(1.1),
                         "until all are authorized and compared with their robot's list; bare: "
                         "stubs that make the same calls within the rate limits");
    set_up.bare = Seconds(bare_.set_up);
    report_.Add(set_up);
    Figure used = Make("set-up/cpu", "s", Seconds(ProcessCpu() - cpu), std::nullopt,
                       "the client's process; the robots': " +
                           Rounded(Seconds(ProcessCpu(robots_.pid()) - robots_cpu)));
    used.bare = Seconds(bare_.cpu);
    report_.Add(used);
  }

  void Steady() {
    board_.Pause(size_.steady / 10);
    const auto calls = robots_.CallsSoFar();
    const Duration cpu = ProcessCpu();
    const Duration robots_cpu = ProcessCpu(robots_.pid());
    const auto began = steady_clock::now();
    board_.Pause(size_.steady);
    const Duration ours = ProcessCpu() - cpu;
    const Duration theirs = ProcessCpu(robots_.pid()) - robots_cpu;
    const double time = Seconds(steady_clock::now() - began);
    const auto since = robots_.CallsSoFar();
    const auto of = [](std::uint64_t now, std::uint64_t before) {
      return static_cast<double>(now - before);
    };
    const double all = of(since.all, calls.all);
    Add("steady/calls", "calls/s", all / time, std::nullopt,
        "of these beats: " + Rounded(of(since.registrations, calls.registrations) / time));
    Add("steady/cpu", "%", 100 * Seconds(ours) / time, std::nullopt,
        "of one processor, the client's process; the robots': " +
            Rounded(100 * Seconds(theirs) / time));
    Add("steady/cpu-per-call", "us", 1e6 * Seconds(ours) / all, std::nullopt,
        "the client's process");
    const std::size_t resident = ResidentBytes();
    Add("steady/memory", "MB", Megabytes(resident), std::nullopt,
        "resident, the client's process; the robots': " +
            Rounded(Megabytes(ResidentBytes(robots_.pid()))));
    Add("steady/memory-per-payload", "kB",
        static_cast<double>(resident - resident_before_) / 1e3 / static_cast<double>(Payloads()),
        std::nullopt, "resident, connections and gRPC included");
    Add("steady/descriptors", "", static_cast<double>(OpenDescriptors()), std::nullopt,
        "the client's process; the robots': " + std::to_string(robots_.OpenDescriptors()));
    Add("steady/all-threads", "", static_cast<double>(Threads().size()), std::nullopt,
        "the client's process, gRPC's and this program's included");
  }

  void Returned() {
    const std::size_t lost = static_cast<std::size_t>(size_.returning * size_.payloads);
    robots_.Stop(size_.returning);
    board_.Await(lost, PayloadState::kUnreachable, size_.patience);
    board_.Pause(size_.away);
    const auto returned = steady_clock::now();
    robots_.Start(size_.returning);
    const auto serving = steady_clock::now();
    board_.Await(lost, PayloadState::kAuthorized, size_.patience);
    ReportReturn(returned, serving);
  }

  void ShutDown() {
    robots_.HoldAnswers();
    const auto answered = robots_.CallsSoFar();
    board_.Pause(size_.silence);
    const auto held = robots_.CallsSoFar();
    const Duration cpu = ProcessCpu();
    const auto began = steady_clock::now();
    const bool ended = sessions_->Shutdown();
    const double took = 1e3 * Seconds(steady_clock::now() - began);
    Add("shutdown", "ms", took, AtMost(100),
        "all robots silent, some " + std::to_string(held.all - answered.all) + " calls under way" +
            (ended ? "" : "; not everything had ended"));
    Add("shutdown/cpu", "ms", 1e3 * Seconds(ProcessCpu() - cpu), std::nullopt,
        "the client's process");
    const auto closing = steady_clock::now();
    sessions_.reset();
    runtime_.reset();
    Add("shutdown/connections", "ms", 1e3 * Seconds(steady_clock::now() - closing), std::nullopt,
        "then letting go of the connections and the threads");
  }

 private:
  std::size_t Payloads() const {
    return static_cast<std::size_t>(size_.robots) * static_cast<std::size_t>(size_.payloads);
  }
  Figure Make(const std::string& name, const std::string& unit, double ours,
              std::optional<Target> target, const std::string& note) const {
    Figure figure;
    figure.name = name_ + name;
    figure.unit = unit;
    figure.ours = ours;
    figure.target = target;
    figure.note = note;
    return figure;
  }
  void Add(const std::string& name, const std::string& unit, double ours,
           std::optional<Target> target, const std::string& note) {
    report_.Add(Make(name, unit, ours, target, note));
  }

  // Until it is known of each whether it is attached, which a list tells.
  void AwaitLists() {
    const auto end = steady_clock::now() + size_.patience;
    for (const SessionId id : ids_) {
      while (!sessions_->Snapshot(id)->attached) {
        if (steady_clock::now() > end) throw std::runtime_error("a list did not come in time");
        board_.Pause(milliseconds(5));
      }
    }
  }

  void ReportReturn(TimePoint returned, TimePoint serving) {
    std::vector<double> firsts;
    double slowest = 0;
    for (int robot = 0; robot < size_.returning; ++robot) {
      TimePoint first = TimePoint::max();
      TimePoint last = TimePoint::min();
      for (int payload = 0; payload < size_.payloads; ++payload) {
        const TimePoint found =
            board_.Found(static_cast<std::size_t>(robot * size_.payloads + payload));
        first = std::min(first, found);
        last = std::max(last,
                        board_.Changed(static_cast<std::size_t>(robot * size_.payloads + payload)));
      }
      firsts.push_back(Seconds(first - returned));
      slowest = std::max(slowest, Seconds(last - first));
    }
    const std::string of = std::to_string(size_.returning) + " robots, " +
                           Rounded(Seconds(serving - returned)) + " s to start them all";
    Add("returned/first-answer/median", "s", Median(firsts), AtMost(2), of);
    Add("returned/first-answer/slowest", "s", Percentile(firsts, 1), AtMost(2), of);
    Add("returned/all-authorized/slowest", "s", slowest, std::nullopt,
        "from a robot's first answer until all its payloads are registered anew and authorized");
  }

  const Size size_;
  const std::string name_;
  Report& report_;
  const BareSetUp bare_;
  RobotsProcess robots_;
  Board board_;
  std::size_t resident_before_ = 0;
  std::shared_ptr<ThreadedRuntime> runtime_;
  std::optional<PayloadSessions> sessions_;
  std::vector<SessionId> ids_;
};

void AllowConnections(const Size& size) {
  // One connection for each service's name, and room to breathe.
  const std::size_t needed = static_cast<std::size_t>(size.robots) * 3 + 200;
  if (!AllowDescriptors(needed)) {
    throw std::runtime_error("the fleet needs " + std::to_string(needed) +
                             " descriptors (ulimit -Hn)");
  }
}

void Run(const Settings& settings, bool tls, Report& report) {
  const Size size = SizeFor(settings);
  AllowConnections(size);
  Fleet fleet(size, tls, tls ? "fleet/tls/" : "fleet/plain/", report);
  fleet.SetUp();
  fleet.Steady();
  fleet.Returned();
  fleet.ShutDown();
}

// A tenth of the fleet, whose calls two processors can make as fast as the rate limits allow.
void RunTenth(const Settings& settings, bool tls, Report& report) {
  Size size = SizeFor(settings);
  size.robots /= 10;
  AllowConnections(size);
  Fleet fleet(size, tls, tls ? "fleet/tenth-tls/" : "fleet/tenth-plain/", report);
  fleet.SetUp();
}

const Benchmark kTenthPlain("fleet/tenth-plain", "setting up 1,000 payloads on 100 robots, plain",
                            [](const Settings& settings, Report& report) {
                              RunTenth(settings, false, report);
                            });
const Benchmark kTenthTls("fleet/tenth-tls", "setting up 1,000 payloads on 100 robots, TLS",
                          [](const Settings& settings, Report& report) {
                            RunTenth(settings, true, report);
                          });
const Benchmark kPlain("fleet/plain", "10,000 payloads on 1,000 robots, plain",
                       [](const Settings& settings, Report& report) {
                         Run(settings, false, report);
                       });
const Benchmark kTls("fleet/tls", "10,000 payloads on 1,000 robots, TLS",
                     [](const Settings& settings, Report& report) { Run(settings, true, report); });

}  // namespace
}  // namespace payload_manager::bench
