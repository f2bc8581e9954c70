#include "tests/bench/beats/arm.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "payload_manager/connect.h"
#include "payload_manager/payload_registration_keep_alive.h"
#include "payload_manager/payload_sessions.h"
#include "tests/bench/client/bare_client.h"
#include "tests/bench/client/work.h"
#include "tests/bench/harness/usage.h"

namespace payload_manager::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

ConnectionOptions OptionsFor(std::uint16_t port) {
  ConnectionOptions options;
  options.robot = {"127.0.0.1", port};
  options.insecure = true;
  options.token_over_plain = true;
  options.client_name = "benchmark";
  return options;
}

// So that what gRPC makes once for a connection is there before anything is measured.
std::shared_ptr<RobotConnection> UsedConnection(std::uint16_t port) {
  std::shared_ptr<RobotConnection> connection = Connect(OptionsFor(port)).value();
  const auto payload = MakePayloads(1).front();
  for (int i = 0; i < 100; ++i) {
    if (connection->RegisterPayload(payload, PayloadSecret(), {}).ok()) {
      throw std::runtime_error("the bare server registered a payload anew");
    }
  }
  return connection;
}

// Waits for instants, and for the end.
class Pacer {
 public:
  // False at once when it has ended or does before the instant.
  bool WaitUntil(SteadyClock::time_point instant) {
    std::unique_lock lock(mutex_);
    return !ended_.wait_until(lock, instant, [this] { return has_ended_; });
  }
  void End() {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
    ended_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool has_ended_ = false;  // guarded by mutex_
};

using SharedDefinitions = std::vector<std::shared_ptr<const bosdyn::api::Payload>>;

SharedDefinitions SharedPayloads(int count) {
  SharedDefinitions shared;
  for (auto& payload : MakePayloads(count)) {
    shared.push_back(std::make_shared<const bosdyn::api::Payload>(std::move(payload)));
  }
  return shared;
}

// Ours are known by their names.
std::vector<pid_t> OurThreads() {
  std::vector<pid_t> ours;
  for (const pid_t thread : Threads()) {
    if (NameOf(thread).starts_with("pm-")) ours.push_back(thread);
  }
  return ours;
}

// How long it takes; nullopt when it returns false.
template <typename Function>
std::optional<Duration> TimeOf(Function function) {
  const auto begin = SteadyClock::now();
  const bool fine = function();
  const Duration taken = SteadyClock::now() - begin;
  return fine ? std::optional(taken) : std::nullopt;
}

class KeepAlives final : public Arm {
 public:
  KeepAlives(const Pace& pace, std::uint16_t port)
      : pace_(pace), connection_(UsedConnection(port)), payloads_(SharedPayloads(pace.payloads)) {}

  void Begin() override {
    KeepAliveOptions options;
    options.interval = pace_.interval;
    // As users have them: without a runtime of their own.
    options.log = [](LogLevel, const std::string&) {};
    options.error_callback = [](const Failure&) { return KeepAliveAction::kDefault; };
    const auto begin = SteadyClock::now();
    for (const auto& payload : payloads_) {
      pacer_.WaitUntil(begin + pace_.spread * keep_alives_.size() / pace_.payloads);
      keep_alives_.push_back(std::make_unique<PayloadRegistrationKeepAlive>(
          connection_, payload, PayloadSecret(), options));
      keep_alives_.back()->Start();
    }
  }
  std::vector<pid_t> OwnThreads() const override { return OurThreads(); }
  std::optional<Duration> Shutdown() override {
    std::optional<Duration> slowest(0);
    for (const auto& keep_alive : keep_alives_) {
      const auto taken = TimeOf([&keep_alive] { return keep_alive->Shutdown(); });
      slowest = slowest && taken ? std::max(slowest, taken) : std::nullopt;
    }
    return slowest;
  }

 private:
  const Pace pace_;
  const std::shared_ptr<RobotConnection> connection_;
  const SharedDefinitions payloads_;
  Pacer pacer_;
  std::vector<std::unique_ptr<PayloadRegistrationKeepAlive>> keep_alives_;
};

class Sessions final : public Arm {
 public:
  Sessions(const Pace& pace, std::uint16_t port)
      : pace_(pace), connection_(UsedConnection(port)), payloads_(SharedPayloads(pace.payloads)) {}

  void Begin() override {
    PacingOptions pacing;  // as fast as the bare arm
    pacing.registration_calls_per_second = 100'000;
    pacing.auth_calls_per_second = 100'000;
    pacing.most_calls_under_way = 100'000;
    const RobotHandle robot = sessions_.AddRobot("robot", connection_, pacing);
    SessionOptions options;
    options.interval = pace_.interval;
    options.token_check = std::chrono::hours(1000);  // beats only
    options.token_renewal = std::chrono::hours(1000);
    options.definition_check = std::chrono::hours(1000);
    const auto begin = SteadyClock::now();
    for (std::size_t i = 0; i < payloads_.size(); ++i) {
      pacer_.WaitUntil(begin + pace_.spread * i / pace_.payloads);
      if (!sessions_.Add(robot, payloads_[i], PayloadSecret(), options).ok()) {
        throw std::runtime_error("a session was refused");
      }
    }
    const auto registered = [this] {
      for (const auto& [id, snapshot] : sessions_.Snapshots()) {
        if (snapshot.state != PayloadState::kAuthorized) return false;
      }
      return true;
    };
    while (!registered()) pacer_.WaitUntil(SteadyClock::now() + std::chrono::milliseconds(10));
  }
  std::vector<pid_t> OwnThreads() const override { return OurThreads(); }
  std::optional<Duration> Shutdown() override {
    return TimeOf([this] { return sessions_.Shutdown(); });
  }

 private:
  const Pace pace_;
  const std::shared_ptr<RobotConnection> connection_;
  const SharedDefinitions payloads_;
  const std::shared_ptr<ThreadedRuntime> runtime_ = std::make_shared<ThreadedRuntime>();
  Pacer pacer_;
  PayloadSessions sessions_{runtime_};
};

class Bare final : public Arm {
 public:
  Bare(const Pace& pace, std::uint16_t port)
      : pace_(pace), client_(OptionsFor(port), MakePayloads(pace.payloads)) {
    for (int i = 0; i < 100; ++i) client_.RegisterPayload(0);
  }
  ~Bare() override { End(); }

  void Begin() override {
    thread_ = std::jthread([this] { Run(); });
  }
  std::optional<Duration> Shutdown() override {
    return TimeOf([this] {
      End();
      return true;
    });
  }

 private:
  void End() {
    pacer_.End();
    if (thread_.joinable()) thread_.join();
    std::unique_lock lock(mutex_);
    all_ended_.wait(lock, [this] { return under_way_ == 0; });
  }
  void Run() {
    const auto begin = SteadyClock::now();
    const auto payloads = static_cast<std::size_t>(pace_.payloads);
    for (std::size_t beat = 0; pacer_.WaitUntil(begin + pace_.interval * beat / pace_.payloads);
         ++beat) {
      {
        const std::lock_guard lock(mutex_);
        ++under_way_;
      }
      client_.StartRegisterPayload(beat % payloads, [this] {
        const std::lock_guard lock(mutex_);
        if (--under_way_ == 0) all_ended_.notify_all();
      });
    }
  }

  const Pace pace_;
  BareClient client_;
  Pacer pacer_;
  std::mutex mutex_;
  std::condition_variable all_ended_;
  int under_way_ = 0;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace

std::unique_ptr<Arm> MakeArm(const std::string& name, const Pace& pace, std::uint16_t port) {
  if (name == "keep-alives") return std::make_unique<KeepAlives>(pace, port);
  if (name == "sessions") return std::make_unique<Sessions>(pace, port);
  if (name == "bare") return std::make_unique<Bare>(pace, port);
  throw std::invalid_argument("there is no arm " + name);
}

}  // namespace payload_manager::bench
