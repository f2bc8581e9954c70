#include <gtest/gtest.h>

#include "payload_manager/errors.h"
#include "payload_manager/payload_registration_keep_alive.h"
#include "tests/stress/threaded_robot.h"

namespace payload_manager {
namespace {

using std::chrono::microseconds;
using testing::EndsInTime;
using testing::kDeadline;
using testing::ThreadedRobot;

bosdyn::api::Payload MakePayload() {
  bosdyn::api::Payload payload;
  payload.set_guid("lidar-guid-0001");
  return payload;
}

// Starts until the robot's mood allows it.
void StartSomehow(PayloadRegistrationKeepAlive& keep_alive) {
  for (;;) {
    try {
      return keep_alive.Start();
    } catch (const Error&) {
    }
  }
}

KeepAliveOptions Hasty() {
  KeepAliveOptions options;
  options.interval = microseconds(200);
  options.log = [](LogLevel, const std::string&) {};
  return options;
}

// Whose scheduler is held up behind the next task, once asked to be.
class HeldUpRuntime final : public Runtime {
 public:
  ~HeldUpRuntime() override { go_on_.Set(); }
  void HoldUpBehindTheNextTask() { holds_ = true; }

  const Clock& clock() const override { return runtime_.clock(); }
  bool Post(Task task) override {
    if (!holds_.exchange(false)) return runtime_.Post(std::move(task));
    // One task after the other, without a rest between the two.
    return runtime_.Post([this, task = std::move(task)]() mutable {
      runtime_.Post(std::move(task));
      runtime_.Post([this] { go_on_.WaitInRealTime(kDeadline); });
    });
  }
  TimerId StartTimer(TimePoint due, Task task) override {
    return runtime_.StartTimer(due, std::move(task));
  }
  void CancelTimer(TimerId timer) override { runtime_.CancelTimer(timer); }
  bool PostCallback(Task task) override { return runtime_.PostCallback(std::move(task)); }
  bool Await(const Event& event, std::optional<Duration> limit) override {
    return runtime_.Await(event, limit);
  }
  bool OnOwnThread() const override { return runtime_.OnOwnThread(); }

 private:
  Event go_on_;
  std::atomic<bool> holds_ = false;
  ThreadedRuntime runtime_;  // ends first
};

TEST(KeepAliveStress, ManyOnTheSharedRuntimeStartAndEndAtOnce) {
  std::vector<std::thread> users;
  for (std::uint64_t user = 0; user < 4; ++user) {
    users.emplace_back([user] {
      const auto robot = std::make_shared<ThreadedRobot>(user + 1);
      for (int round = 0; round < 50; ++round) {
        auto alive = std::make_shared<std::atomic<bool>>(true);
        KeepAliveOptions options = Hasty();
        options.error_callback = [alive](const Failure&) {
          EXPECT_TRUE(alive->load());
          return KeepAliveAction::kRetryImmediately;
        };
        PayloadRegistrationKeepAlive keep_alive(robot, MakePayload(), Secret("secret"), options);
        const auto until = robot->calls + 3;
        std::thread starter([&] {
          try {
            keep_alive.Start();
          } catch (const Error&) {
          }
        });
        if (round % 2 == 0) {
          starter.join();
          while (keep_alive.IsAlive() && robot->calls < until) std::this_thread::yield();
        }
        EXPECT_TRUE(EndsInTime(keep_alive));
        alive->store(false);
        if (starter.joinable()) starter.join();
        EXPECT_FALSE(keep_alive.IsAlive());
      }
    });
  }
  for (std::thread& user : users) user.join();
}

TEST(KeepAliveStress, SeveralThreadsMayShutDownTogetherAndWithTheCallback) {
  const auto robot = std::make_shared<ThreadedRobot>(9);
  for (int round = 0; round < 50; ++round) {
    KeepAliveOptions options = Hasty();
    PayloadRegistrationKeepAlive* self = nullptr;
    std::atomic<bool> ready = false;
    options.error_callback = [&](const Failure&) {
      if (ready) self->Shutdown();
      return KeepAliveAction::kDefault;
    };
    PayloadRegistrationKeepAlive keep_alive(robot, MakePayload(), Secret("secret"), options);
    self = &keep_alive;
    ready = true;
    std::thread starter([&] {
      try {
        keep_alive.Start();
      } catch (const Error&) {
      }
    });
    std::vector<std::thread> enders;
    for (int i = 0; i < 3; ++i) {
      enders.emplace_back([&] { EXPECT_TRUE(EndsInTime(keep_alive)); });
    }
    for (std::thread& ender : enders) ender.join();
    starter.join();
  }
}

TEST(KeepAliveStress, WhoeverDestroysItIsItsConnectionsLastOwner) {
  auto robot = std::make_shared<ThreadedRobot>(1);
  const std::weak_ptr<ThreadedRobot> watched = robot;
  const auto runtime = std::make_shared<HeldUpRuntime>();
  KeepAliveOptions options;
  options.runtime = runtime;
  options.interval = std::chrono::hours(1);
  auto keep_alive = std::make_unique<PayloadRegistrationKeepAlive>(std::move(robot), MakePayload(),
                                                                   Secret("secret"), options);
  StartSomehow(*keep_alive);
  runtime->HoldUpBehindTheNextTask();
  EXPECT_TRUE(EndsInTime(*keep_alive));
  keep_alive.reset();
  EXPECT_TRUE(watched.expired()) << "what ended it has let go";
}

TEST(KeepAliveStress, ACallbackMayDestroyIt) {
  const auto runtime = std::make_shared<ThreadedRuntime>();
  Event destroyed;
  std::unique_ptr<PayloadRegistrationKeepAlive> keep_alive;
  KeepAliveOptions options = Hasty();
  options.runtime = runtime;
  std::atomic<bool> started = false;
  options.log = [&](LogLevel, const std::string&) {
    if (!started || keep_alive == nullptr || !runtime->OnOwnThread()) return;
    keep_alive.reset();
    destroyed.Set();
  };
  keep_alive = std::make_unique<PayloadRegistrationKeepAlive>(std::make_shared<ThreadedRobot>(3),
                                                              MakePayload(), Secret("s"), options);
  StartSomehow(*keep_alive);
  started = true;
  EXPECT_TRUE(runtime->Await(destroyed, kDeadline));
}

}  // namespace
}  // namespace payload_manager
