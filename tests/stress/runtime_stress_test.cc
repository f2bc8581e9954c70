#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "payload_manager/runtime.h"

namespace payload_manager {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

TEST(RuntimeStress, PostingTimersAndStoppingAtOnce) {
  for (int round = 0; round < 100; ++round) {
    ThreadedRuntime runtime;
    std::atomic<int> accepted = 0;
    std::atomic<int> ran = 0;
    std::vector<std::thread> users;
    for (int user = 0; user < 3; ++user) {
      users.emplace_back([&] {
        for (int i = 0; i < 200; ++i) {
          runtime.Post([&] {
            const TimerId timer = runtime.StartTimer(runtime.Now() + microseconds(50), [] {});
            runtime.StartTimer(runtime.Now(), [&runtime, timer] { runtime.CancelTimer(timer); });
          });
          accepted += runtime.PostCallback([&] { ++ran; });
        }
      });
    }
    while (accepted < 100) std::this_thread::yield();
    std::thread second([&] { runtime.Stop(seconds(30)); });
    EXPECT_TRUE(runtime.Stop(seconds(30)));
    second.join();
    for (std::thread& user : users) user.join();
    EXPECT_EQ(ran, accepted) << "every callback that was accepted runs";
  }
}

TEST(RuntimeStress, OneWaiterPerEventIsWokenByWhoeverSetsIt) {
  ThreadedRuntime runtime;
  for (int round = 0; round < 2000; ++round) {
    Event event;
    runtime.Post([&event] { event.Set(); });
    ASSERT_TRUE(runtime.Await(event, seconds(30)));
  }
}

}  // namespace
}  // namespace payload_manager
