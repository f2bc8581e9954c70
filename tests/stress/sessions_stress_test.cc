#include <gtest/gtest.h>

#include <future>

#include "payload_manager/payload_sessions.h"
#include "tests/stress/hasty.h"

namespace payload_manager {
namespace {

using std::chrono::milliseconds;
using testing::EndsInTime;
using testing::Hasty;
using testing::kDeadline;
using testing::MakePayload;
using testing::ThreadedRobot;
using testing::Unpaced;

// Sessions whose robot answers none of their first calls, all of which are under way.
class SilentRobotStress : public ::testing::Test {
 protected:
  void Begin(int payloads) {
    robot_->silences = 16;
    const RobotHandle handle = sessions_.AddRobot("robot", robot_, Unpaced());
    for (int i = 0; i < payloads; ++i) {
      ASSERT_TRUE(sessions_.Add(handle, MakePayload(i), Secret("s")).ok());
    }
    while (robot_->calls < static_cast<std::uint64_t>(payloads)) std::this_thread::yield();
  }

  const std::shared_ptr<ThreadedRuntime> runtime_ = std::make_shared<ThreadedRuntime>();
  std::shared_ptr<ThreadedRobot> robot_ = std::make_shared<ThreadedRobot>(1);
  PayloadSessions sessions_{runtime_, 1};
};

TEST(SessionsStress, AddingAskingRemovingAndReadingFromManyThreads) {
  const auto runtime = std::make_shared<ThreadedRuntime>();
  PayloadSessions sessions(runtime, 1);
  std::vector<std::shared_ptr<ThreadedRobot>> robots;
  std::vector<RobotHandle> handles;
  for (std::uint64_t i = 0; i < 2; ++i) {
    robots.push_back(std::make_shared<ThreadedRobot>(i));
    handles.push_back(sessions.AddRobot("robot", robots.back(), Unpaced()));
  }
  std::atomic<int> results = 0;
  int asked = 0;
  std::mutex asked_mutex;
  std::vector<std::thread> users;
  for (int user = 0; user < 4; ++user) {
    users.emplace_back([&, user] {
      for (int round = 0; round < 50; ++round) {
        auto alive = std::make_shared<std::atomic<bool>>(true);
        SessionObserver observer;
        observer.state_changed = [alive](const StateChange&) { ASSERT_TRUE(alive->load()); };
        observer.token = [alive](const Secret&, TokenNews) { ASSERT_TRUE(alive->load()); };
        const auto added = sessions.Add(handles[round % 2], MakePayload(user), Secret("secret"),
                                        Hasty(), observer);
        ASSERT_TRUE(added.ok()) << added.error().message;
        for (int i = 0; i < 3; ++i) {
          sessions.SetVersion(*added, {}, [&](const Outcome<Done>&) { ++results; });
          sessions.Attach(*added, [&](const Outcome<Done>&) { ++results; });
        }
        ASSERT_TRUE(sessions.UpdateDefinition(*added, MakePayload(user)).ok());
        const auto until = robots[round % 2]->calls + 5;
        while (robots[round % 2]->calls < until) ASSERT_TRUE(sessions.Snapshot(*added));
        ASSERT_TRUE(sessions.RemoveAndWait(*added, kDeadline));
        alive->store(false);
      }
      const std::lock_guard lock(asked_mutex);
      asked += 50 * 6;
    });
  }
  for (std::thread& user : users) user.join();
  EXPECT_TRUE(EndsInTime(sessions));
  EXPECT_EQ(results, asked) << "each request has exactly one result";
}

TEST(SessionsStress, ShutdownInTheMiddleOfEverything) {
  for (int round = 0; round < 30; ++round) {
    const auto runtime = std::make_shared<ThreadedRuntime>();
    const auto robot = std::make_shared<ThreadedRobot>(round);
    std::atomic<bool> over = false;
    std::atomic<int> late = 0;
    {
      PayloadSessions sessions(runtime, static_cast<std::uint64_t>(round));
      const RobotHandle handle = sessions.AddRobot("robot", robot, Unpaced());
      SessionObserver observer;
      observer.state_changed = [&](const StateChange&) { late += over.load(); };
      std::thread adder([&] {
        for (int i = 0; i < 200; ++i) {
          if (!sessions.Add(handle, MakePayload(i), Secret("s"), Hasty(), observer).ok()) return;
        }
      });
      while (robot->calls < 50) std::this_thread::yield();
      // Not before: of an outage one silent probe, which here no timeout ends, would be the last.
      robot->silences = 1;
      while (robot->unanswered() == 0) std::this_thread::yield();
      EXPECT_TRUE(EndsInTime(sessions));
      over = true;
      adder.join();
    }
    EXPECT_EQ(late, 0) << "nothing is told after Shutdown has returned true";
  }
}

TEST_F(SilentRobotStress, DoesNotHoldUpShutdown) {
  Begin(100);
  EXPECT_TRUE(EndsInTime(sessions_));
}

TEST_F(SilentRobotStress, NoConnectionIsHeldOnceTheRuntimeHasStopped) {
  Begin(100);
  const std::weak_ptr<ThreadedRobot> watched = robot_;
  robot_.reset();
  EXPECT_TRUE(EndsInTime(sessions_));
  EXPECT_TRUE(runtime_->Stop(kDeadline));
  EXPECT_TRUE(watched.expired());
}

TEST(SessionsStress, ShutdownSaysSoWhenACallbackDoesNotReturnWithinTheGrace) {
  const auto runtime = std::make_shared<ThreadedRuntime>();
  const auto robot = std::make_shared<ThreadedRobot>(1);
  std::promise<void> release;
  Event entered;
  PayloadSessions sessions(runtime, 1);
  SessionObserver observer;
  observer.state_changed = [&](const StateChange&) {
    if (entered.IsSet()) return;
    entered.Set();
    release.get_future().wait();
  };
  const RobotHandle handle = sessions.AddRobot("robot", robot, Unpaced());
  ASSERT_TRUE(sessions.Add(handle, MakePayload(1), Secret("s"), Hasty(), observer).ok());
  ASSERT_TRUE(runtime->Await(entered, kDeadline));
  EXPECT_FALSE(sessions.Shutdown(milliseconds(10)));
  release.set_value();
  EXPECT_TRUE(EndsInTime(sessions));
}

TEST(SessionsStress, RemovingSaysSoWhenACallbackDoesNotReturn) {
  const auto runtime = std::make_shared<ThreadedRuntime>();
  std::promise<void> release;
  Event entered;
  PayloadSessions sessions(runtime, 1);
  SessionObserver observer;
  observer.state_changed = [&](const StateChange&) {
    entered.Set();
    release.get_future().wait();
  };
  const RobotHandle handle =
      sessions.AddRobot("robot", std::make_shared<ThreadedRobot>(1), Unpaced());
  const auto stuck = sessions.Add(handle, MakePayload(1), Secret("s"), Hasty(), observer);
  ASSERT_TRUE(stuck.ok());
  ASSERT_TRUE(runtime->Await(entered, kDeadline));
  const TimePoint start = SystemClock().Now();
  EXPECT_TRUE(sessions.Remove(*stuck)) << "which does not wait";
  EXPECT_FALSE(sessions.RemoveRobotAndWait(handle, milliseconds(10)));
  EXPECT_LT(SystemClock().Now() - start, std::chrono::seconds(5));
  release.set_value();
  EXPECT_TRUE(EndsInTime(sessions));
}

TEST(SessionsStress, ACallbackLeftBehindByTheRuntimeIsNotTakenForEnded) {
  const auto runtime = std::make_shared<ThreadedRuntime>();
  std::promise<void> release;
  Event entered;
  PayloadSessions sessions(runtime, 1);
  SessionObserver observer;
  observer.state_changed = [&](const StateChange&) {
    if (entered.IsSet()) return;
    entered.Set();
    release.get_future().wait();
  };
  const RobotHandle handle =
      sessions.AddRobot("robot", std::make_shared<ThreadedRobot>(1), Unpaced());
  ASSERT_TRUE(sessions.Add(handle, MakePayload(1), Secret("s"), Hasty(), observer).ok());
  ASSERT_TRUE(runtime->Await(entered, kDeadline));
  EXPECT_FALSE(runtime->Stop(milliseconds(10)));
  EXPECT_FALSE(sessions.Shutdown(milliseconds(10))) << "it is still running";
  release.set_value();
  EXPECT_TRUE(EndsInTime(sessions));
}

TEST_F(SilentRobotStress, CallsEndWithTheTableThoughTheRuntimeHasStopped) {
  Begin(20);
  EXPECT_TRUE(runtime_->Stop(kDeadline));
  EXPECT_TRUE(EndsInTime(sessions_));
}

TEST_F(SilentRobotStress, ShutdownDoesNotWaitForABusySchedulerToCancelTheCalls) {
  Begin(20);
  Event go_on;
  ASSERT_TRUE(runtime_->Post([&] { go_on.WaitInRealTime(kDeadline); }));
  EXPECT_FALSE(sessions_.Shutdown(Duration(0)));
  while (robot_->unanswered() > 0) std::this_thread::yield();  // while the scheduler is stuck
  go_on.Set();
  EXPECT_TRUE(EndsInTime(sessions_));
}

TEST(SessionsStress, SnapshotsWaitNeitherForTheSchedulerNorForACallback) {
  const auto runtime = std::make_shared<ThreadedRuntime>();
  PayloadSessions sessions(runtime, 1);
  const RobotHandle handle =
      sessions.AddRobot("robot", std::make_shared<ThreadedRobot>(1), Unpaced());
  Event go_on;
  Event in_callback;
  std::atomic<bool> read_in_time = true;
  const auto hold = [&] { read_in_time = go_on.WaitInRealTime(kDeadline) && read_in_time; };
  SessionObserver observer;
  observer.state_changed = [&](const StateChange&) {
    if (in_callback.IsSet()) return;
    in_callback.Set();
    hold();
  };
  const auto session = sessions.Add(handle, MakePayload(1), Secret("s"), Hasty(), observer);
  ASSERT_TRUE(session.ok());
  ASSERT_TRUE(runtime->Await(in_callback, kDeadline));
  Event in_scheduler;
  ASSERT_TRUE(runtime->Post([&] {
    in_scheduler.Set();
    hold();
  }));
  ASSERT_TRUE(runtime->Await(in_scheduler, kDeadline));
  EXPECT_TRUE(sessions.Snapshot(*session));
  EXPECT_EQ(sessions.Snapshots().size(), 1u);
  go_on.Set();
  EXPECT_TRUE(EndsInTime(sessions));
  EXPECT_TRUE(read_in_time);
}

TEST(SessionsStress, TheTableMayBeDestroyedInACallback) {
  for (int round = 0; round < 50; ++round) {
    const auto runtime = std::make_shared<ThreadedRuntime>();
    Event destroyed;
    auto sessions = std::make_unique<PayloadSessions>(runtime, 1);
    SessionObserver observer;
    observer.state_changed = [&](const StateChange&) {
      if (sessions == nullptr) return;
      sessions.reset();
      destroyed.Set();
    };
    Event ready;
    runtime->PostCallback([&] { ready.WaitInRealTime(kDeadline); });
    const RobotHandle handle =
        sessions->AddRobot("robot", std::make_shared<ThreadedRobot>(round), Unpaced());
    ASSERT_TRUE(sessions->Add(handle, MakePayload(1), Secret("s"), Hasty(), observer).ok());
    ready.Set();
    ASSERT_TRUE(runtime->Await(destroyed, kDeadline));
    ASSERT_TRUE(runtime->Stop(kDeadline));
  }
}

TEST(SessionsStress, TheRuntimeMayBeStoppedFirst) {
  for (int round = 0; round < 30; ++round) {
    const auto runtime = std::make_shared<ThreadedRuntime>();
    const auto robot = std::make_shared<ThreadedRobot>(round);
    PayloadSessions sessions(runtime, 1);
    const RobotHandle handle = sessions.AddRobot("robot", robot, Unpaced());
    for (int i = 0; i < 10; ++i) {
      ASSERT_TRUE(sessions.Add(handle, MakePayload(i), Secret("s"), Hasty()).ok());
    }
    while (robot->calls < 20) std::this_thread::yield();
    EXPECT_TRUE(runtime->Stop(kDeadline));
  }
}

}  // namespace
}  // namespace payload_manager
