// Robots that are added, moved and removed while their calls are under way, and the end of it all.
// Offsets are swept: each round acts a little later than the one before.
#include <gtest/gtest.h>

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

// Until the robot has been called so often or does not answer, after which it may never be called
// again: that may be an outage's only probe, and here no timeout ends it. False when everything
// ended first.
bool AwaitCalls(ThreadedRobot& robot, std::uint64_t calls, const std::atomic<bool>& over) {
  while (robot.calls < calls && robot.unanswered() == 0) {
    if (over) return false;
    std::this_thread::yield();
  }
  return true;
}

// An observer that must not be told anything once its flag is down.
SessionObserver Watchful(const std::shared_ptr<std::atomic<bool>>& alive) {
  SessionObserver observer;
  observer.state_changed = [alive](const StateChange&) { EXPECT_TRUE(alive->load()); };
  observer.token = [alive](const Secret&, TokenNews) { EXPECT_TRUE(alive->load()); };
  return observer;
}

TEST(FleetStress, RobotsComeMoveAndGoInMidCall) {
  const auto runtime = std::make_shared<ThreadedRuntime>();
  FleetOptions few;
  few.most_calls_under_way = 6;
  PayloadSessions sessions(runtime, 1, few);
  const std::atomic<bool> never = false;
  std::atomic<int> results = 0;
  std::vector<std::thread> users;
  for (std::uint64_t user = 0; user < 4; ++user) {
    users.emplace_back([&, user] {
      for (std::uint64_t round = 0; round < 30; ++round) {
        auto alive = std::make_shared<std::atomic<bool>>(true);
        auto before = std::make_shared<ThreadedRobot>(user * 100 + round);
        auto after = std::make_shared<ThreadedRobot>(user * 100 + round + 50);
        before->silences = round % 3;
        const std::weak_ptr<ThreadedRobot> watched = after;
        const RobotHandle robot = sessions.AddRobot("robot", before, Unpaced());
        for (int payload = 0; payload < 4; ++payload) {
          const auto added =
              sessions.Add(robot, MakePayload(payload), Secret("s"), Hasty(), Watchful(alive));
          ASSERT_TRUE(added.ok());
          sessions.Attach(*added, [&](const Outcome<Done>&) { ++results; });
        }
        AwaitCalls(*before, 1 + round % 7, never);
        ASSERT_TRUE(sessions.UpdateConnection(robot, after).ok());
        before.reset();
        AwaitCalls(*after, 1 + round % 5, never);
        after.reset();
        ASSERT_TRUE(sessions.RemoveRobotAndWait(robot, kDeadline));
        alive->store(false);
        EXPECT_TRUE(watched.expired()) << "the connection is let go of";
        EXPECT_FALSE(sessions.RemoveRobot(robot));
      }
    });
  }
  std::atomic<bool> over = false;
  std::thread reader([&] {
    while (!over) (void)sessions.Snapshots();
  });
  for (std::thread& user : users) user.join();
  over = true;
  reader.join();
  EXPECT_EQ(results, 4 * 30 * 4) << "each request has exactly one result";
  EXPECT_TRUE(EndsInTime(sessions));
}

TEST(FleetStress, ShutdownWhileRobotsComeMoveAndGo) {
  for (std::uint64_t round = 0; round < 40; ++round) {
    const auto runtime = std::make_shared<ThreadedRuntime>();
    auto sessions = std::make_unique<PayloadSessions>(runtime, round);
    auto alive = std::make_shared<std::atomic<bool>>(true);
    std::atomic<bool> over = false;
    std::atomic<std::uint64_t> steps = 0;
    std::vector<std::thread> users;
    for (std::uint64_t user = 0; user < 3; ++user) {
      users.emplace_back([&, user] {
        for (std::uint64_t i = 0; !over; ++i) {
          auto connection = std::make_shared<ThreadedRobot>(round + user + i);
          connection->silences = 4;
          const RobotHandle robot = sessions->AddRobot("robot", connection, Unpaced());
          for (int payload = 0; payload < 3; ++payload) {
            (void)sessions->Add(robot, MakePayload(payload), Secret("s"), Hasty(), Watchful(alive));
          }
          AwaitCalls(*connection, i % 4, over);
          (void)sessions->UpdateConnection(robot, std::make_shared<ThreadedRobot>(i));
          if (i % 3 == 0) sessions->RemoveRobot(robot);
          if (i % 3 == 1) sessions->RemoveRobotAndWait(robot, milliseconds(100));
          ++steps;
        }
      });
    }
    while (steps < round % 10) std::this_thread::yield();
    EXPECT_TRUE(EndsInTime(*sessions));
    alive->store(false);  // nothing is told after Shutdown has returned true
    over = true;
    for (std::thread& user : users) user.join();
    sessions.reset();
  }
}

TEST(FleetStress, CallbacksMayMoveAndRemoveTheirRobots) {
  const auto runtime = std::make_shared<ThreadedRuntime>();
  PayloadSessions sessions(runtime, 1);
  for (std::uint64_t round = 0; round < 60; ++round) {
    const auto removed = std::make_shared<Event>();
    const RobotHandle robot =
        sessions.AddRobot("robot", std::make_shared<ThreadedRobot>(round), Unpaced());
    auto told = std::make_shared<std::atomic<int>>(0);
    SessionObserver observer;
    observer.state_changed = [&sessions, robot, removed, told, round](const StateChange&) {
      if (++*told < 3) {
        EXPECT_TRUE(sessions.UpdateConnection(robot, std::make_shared<ThreadedRobot>(round)).ok());
      } else {
        EXPECT_FALSE(sessions.RemoveRobotAndWait(robot)) << "on a callback it is a request";
        removed->Set();
      }
    };
    ASSERT_TRUE(sessions.Add(robot, MakePayload(1), Secret("s"), Hasty(), observer).ok());
    ASSERT_TRUE(runtime->Await(*removed, kDeadline));
  }
  EXPECT_TRUE(EndsInTime(sessions));
}

TEST(FleetStress, TheRuntimeMayStopWhileEverybodyWaits) {
  for (std::uint64_t round = 0; round < 40; ++round) {
    const auto runtime = std::make_shared<ThreadedRuntime>();
    PayloadSessions sessions(runtime, round);
    std::vector<std::thread> users;
    for (std::uint64_t user = 0; user < 3; ++user) {
      users.emplace_back([&, user] {
        const auto connection = std::make_shared<ThreadedRobot>(round + user);
        connection->silences = 8;
        const RobotHandle robot = sessions.AddRobot("robot", connection, Unpaced());
        for (int payload = 0; payload < 5; ++payload) {
          const auto added = sessions.Add(robot, MakePayload(payload), Secret("s"), Hasty());
          if (added.ok() && payload % 2 == 0) sessions.RemoveAndWait(*added, kDeadline);
        }
        sessions.RemoveRobotAndWait(robot, kDeadline);
      });
    }
    std::thread stopper([&] { EXPECT_TRUE(runtime->Stop(kDeadline)); });
    if (round % 2 == 0) {
      EXPECT_TRUE(EndsInTime(sessions));
    }
    stopper.join();
    const TimePoint start = SystemClock().Now();
    for (std::thread& user : users) user.join();
    EXPECT_LT(SystemClock().Now() - start, std::chrono::seconds(10)) << "nobody waits for nothing";
    EXPECT_TRUE(EndsInTime(sessions));
  }
}

}  // namespace
}  // namespace payload_manager
