// The gate between a plugin's threads and ours.
#include "plugin/host_side.h"

#include <condition_variable>
#include <thread>

#include "zoo.h"

namespace payload_manager {
namespace {

TEST(HostSide, ShutWaitsForRunningHandlersAndDropsLaterCalls) {
  std::mutex mutex;
  std::condition_variable changed;
  bool inside = false;
  bool released = false;
  bool left = false;
  int quick_calls = 0;
  HostSide side([&](const PluginCall& call) {
    std::unique_lock lock(mutex);
    if (call.text != "slow") {
      ++quick_calls;
      return;
    }
    inside = true;
    changed.notify_all();
    changed.wait(lock, [&] { return released; });
    left = true;
  });
  const auto log = [&side](const std::string& text) {
    payload_plugin_log(side.host(), PAYLOAD_PLUGIN_NO_PAYLOAD, PAYLOAD_PLUGIN_LOG_INFO,
                       {text.data(), text.size()});
  };

  std::thread slow([&] { log("slow"); });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return inside; });
  }
  bool left_before_shut_returned = false;
  std::thread shutting([&] {
    side.Shut();
    const std::lock_guard lock(mutex);
    left_before_shut_returned = left;
  });
  // Until a call is dropped, the gate is not shut yet.
  for (int expected = 1;; ++expected) {
    log("quick");
    const std::lock_guard lock(mutex);
    if (quick_calls < expected) {
      released = true;
      changed.notify_all();
      break;
    }
  }
  slow.join();
  shutting.join();
  EXPECT_TRUE(left_before_shut_returned);
}

TEST(HostSide, UnderstandsTheShorterMessagesOfOlderPlugins) {
  CallLog log;
  HostSide side(log.Handler());
  payload_plugin_message message =
      payload_plugin_message_of(PAYLOAD_PLUGIN_CALL_LOG, PAYLOAD_PLUGIN_NO_PAYLOAD, 0);
  message.body = {reinterpret_cast<const char*>(0x10), 1000};  // beyond what it says it sends
  message.size = offsetof(payload_plugin_message, body);
  side.host()->call(side.host()->context, &message);
  const auto calls = log.Take();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].kind, PluginCallKind::kLog);
  EXPECT_EQ(calls[0].text, "");
}

TEST(HostSide, StopsAPluginThatOffersWithoutEnd) {
  HostSide side([](const PluginCall&) {});
  for (int i = 0; i < 1000; ++i) {
    const std::string id = "zoo.animal-" + std::to_string(i);
    payload_plugin_offer(side.host(), {id.data(), id.size()}, {nullptr, 0},
                         PAYLOAD_PLUGIN_ENCODING_TEXT);
  }
  const HostSide::Opening said = side.EndOpening();
  EXPECT_EQ(said.offers.size(), 64u);
  EXPECT_THAT(said.bad_offer, ::testing::HasSubstr("more than 64"));
}

}  // namespace
}  // namespace payload_manager
