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

void Say(HostSide& side, std::uint32_t id, std::uint32_t payload, std::uint64_t request,
         payload_plugin_bytes body = {"", 0}) {
  payload_plugin_message message = payload_plugin_message_of(id, payload, request);
  message.body = body;
  side.host()->call(side.host()->context, &message);
}

void OfferOne(HostSide& side) {
  payload_plugin_offer(side.host(), {"zoo.animal", 10}, {"", 0}, PAYLOAD_PLUGIN_ENCODING_TEXT);
  side.EndOpening();
}

TEST(HostSide, OwesNoAnswerToOffersRefusalsAndLogLinesWhateverTheyCarry) {
  CallLog log;
  HostSide side(log.Handler());
  OfferOne(side);
  Say(side, PAYLOAD_PLUGIN_CALL_LOG, 0, 5);
  Say(side, PAYLOAD_PLUGIN_CALL_LOG, 7, 6);
  Say(side, PAYLOAD_PLUGIN_CALL_LOG, 0, 7, {nullptr, 5});
  Say(side, PAYLOAD_PLUGIN_CALL_OFFER, 0, 8);
  Say(side, PAYLOAD_PLUGIN_CALL_REFUSE, 0, 9);
  const auto calls = log.Take();
  EXPECT_EQ(calls.size(), 5u);
  for (const PluginCall& call : calls) EXPECT_EQ(call.request_id, 0u) << call.text;
}

TEST(HostSide, KeepsThePayloadOfAWrongCallSoThatTheAnswerNamesIt) {
  CallLog log;
  HostSide side(log.Handler());
  OfferOne(side);
  Say(side, 4711, 0, 1);
  Say(side, 4711, 1, 2);
  Say(side, PAYLOAD_PLUGIN_CALL_ATTACH, PAYLOAD_PLUGIN_NO_PAYLOAD, 3);
  const auto calls = log.Take();
  ASSERT_EQ(calls.size(), 3u);
  for (const PluginCall& call : calls) EXPECT_EQ(call.kind, PluginCallKind::kInvalid);
  EXPECT_EQ(calls[0].payload, 0u);
  EXPECT_EQ(calls[1].payload, std::nullopt);
  EXPECT_EQ(calls[2].payload, std::nullopt);
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
