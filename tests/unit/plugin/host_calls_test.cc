// What crosses between an open plugin and us.
#include <atomic>
#include <condition_variable>

#include "zoo.h"

namespace payload_manager {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = PluginCallKind;

std::unique_ptr<Plugin> Loaded(const std::string& animal, PluginCallHandler handler) {
  auto plugin = Plugin::Load(Animal(animal), std::move(handler));
  EXPECT_TRUE(plugin.ok()) << plugin.error().message;
  return *std::move(plugin);
}

TEST(PluginEvents, ArriveWithEverythingTheyCarry) {
  CallLog log;
  const auto plugin = Loaded("parrot", log.Handler());
  EXPECT_THAT(log.TakeTexts(), ElementsAre("opening"));
  plugin->Deliver({.kind = PluginEventKind::kAuthorized, .token = Secret("the token")});
  plugin->Deliver({.kind = PluginEventKind::kDeauthorized});
  plugin->Deliver({.kind = PluginEventKind::kForgotten});
  plugin->Deliver({.kind = PluginEventKind::kAttached});
  plugin->Deliver({.kind = PluginEventKind::kDetached});
  plugin->Deliver({.kind = PluginEventKind::kUnreachable, .text = "refused"});
  plugin->Deliver({.kind = PluginEventKind::kDefinitionDiffers, .text = "name"});
  plugin->Deliver({.kind = PluginEventKind::kError, .request_id = 7, .text = "no"});
  plugin->Deliver({.kind = PluginEventKind::kDone, .request_id = 8});
  plugin->Close();
  EXPECT_THAT(
      log.TakeTexts(),
      ElementsAre("2 of 0 for 0: the token", "3 of 0 for 0: ", "4 of 0 for 0: ", "5 of 0 for 0: ",
                  "6 of 0 for 0: ", "7 of 0 for 0: refused", "8 of 0 for 0: name",
                  "9 of 0 for 7: no", "10 of 0 for 8: ", "11 of 4294967295 for 0: ", "closed"));
}

TEST(PluginEvents, NeverTellATokenUnlessItIsTheirsToTell) {
  CallLog log;
  const auto plugin = Loaded("parrot", log.Handler());
  log.Take();
  plugin->Deliver({.kind = PluginEventKind::kRegistered, .token = Secret("the token")});
  for (const PluginCall& call : log.Take())
    EXPECT_THAT(call.text, ::testing::Not(HasSubstr("token")));
}

TEST(PluginCalls, AreUnderstoodOneByOneAndWhatIsWrongIsSaid) {
  CallLog log;
  const auto plugin = Loaded("parrot", log.Handler());
  log.Take();
  plugin->Deliver({.kind = PluginEventKind::kRegistered});
  const std::vector<PluginCall> calls = log.Take();
  ASSERT_EQ(calls.size(), 13u);

  EXPECT_EQ(calls[0].kind, Kind::kLog);
  EXPECT_EQ(calls[0].level, PluginLogLevel::kWarning);
  EXPECT_EQ(calls[0].payload, std::nullopt);
  EXPECT_EQ(calls[1].kind, Kind::kSetVersion);
  EXPECT_EQ(calls[1].text, "1.2.3");
  EXPECT_EQ(calls[2].kind, Kind::kAttach);
  EXPECT_EQ(calls[3].kind, Kind::kDetach);
  EXPECT_EQ(calls[4].kind, Kind::kDefinitionChanged);
  EXPECT_EQ(calls[4].encoding, DefinitionEncoding::kJson);
  EXPECT_EQ(calls[4].text, "{}");
  for (std::size_t i = 1; i <= 4; ++i) {
    EXPECT_EQ(calls[i].payload, 0u);
    EXPECT_EQ(calls[i].request_id, i);
  }
  const char* const faults[] = {"encoding",      "payload number 1", "names no payload",
                                "number 4711",   "no data",          "4 MiB",
                                "while opening", "while opening"};
  for (std::size_t i = 5; i < calls.size(); ++i) {
    EXPECT_EQ(calls[i].kind, Kind::kInvalid) << i;
    EXPECT_THAT(calls[i].text, HasSubstr(faults[i - 5]));
    EXPECT_EQ(calls[i].request_id, i < 11 ? i : 0);  // so that it can be answered
  }
}

TEST(PluginCalls, AreEachAnsweredOnceEvenIfThereAreTooMany) {
  CallLog log;
  const auto plugin = Loaded("greedy", log.Handler());
  plugin->Deliver({.kind = PluginEventKind::kRegistered});
  const auto requests = log.Take();
  EXPECT_EQ(requests.size(), kMostUnansweredRequests);  // of 1,500
  for (const PluginCall& call : requests) {
    plugin->Deliver(
        {.kind = PluginEventKind::kDone, .payload = call.payload, .request_id = call.request_id});
  }
  std::vector<std::string> expected;
  for (int request = 1; request <= 1500; ++request) {
    expected.push_back((request <= 1000 ? "10 of 0 for " : "9 of 0 for ") +
                       std::to_string(request));
  }
  EXPECT_THAT(log.TakeTexts(), ::testing::UnorderedElementsAreArray(expected));
}

TEST(PluginCalls, ThatNameNoPayloadAreAnsweredSo) {
  CallLog log;
  const auto plugin = Loaded("parrot", log.Handler());
  log.Take();
  plugin->Deliver(
      {.kind = PluginEventKind::kError, .payload = std::nullopt, .request_id = 7, .text = "no"});
  EXPECT_THAT(log.TakeTexts(), ElementsAre("9 of 4294967295 for 7: no"));
}

TEST(PluginCalls, ExceptionsOfTheWrappersEventsBecomeErrorLines) {
  CallLog log;
  const auto plugin = Loaded("throws_in_event", log.Handler());
  plugin->Deliver({.kind = PluginEventKind::kRegistered});
  plugin->Deliver({.kind = PluginEventKind::kForgotten});
  plugin->Deliver({.kind = PluginEventKind::kAttached});
  const auto calls = log.Take();
  ASSERT_EQ(calls.size(), 3u);
  EXPECT_EQ(calls[0].level, PluginLogLevel::kError);
  EXPECT_EQ(calls[0].text, "registered too early");
  EXPECT_EQ(calls[1].level, PluginLogLevel::kError);
  EXPECT_EQ(calls[2].level, PluginLogLevel::kDebug);
  EXPECT_EQ(calls[2].text, "still here");
  EXPECT_EQ(calls[2].payload, 0u);
}

TEST(PluginCalls, ExceptionsThatCrossAreCaughtAndReported) {
  CallLog log;
  auto plugin = Loaded("throws_across", log.Handler());
  plugin->Deliver({.kind = PluginEventKind::kRegistered});
  const auto calls = log.Take();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].kind, Kind::kInvalid);
  EXPECT_THAT(calls[0].text, HasSubstr("event function threw"));
  plugin.reset();
  EXPECT_THAT(log.TakeTexts(),
              ElementsAre(HasSubstr("event function"), HasSubstr("close function")));
}

TEST(PluginClose, IsTheEndOfItAndMayBeSaidTwice) {
  CallLog log;
  auto plugin = Loaded("parrot", log.Handler());
  plugin->Close();
  log.Take();
  plugin->Close();
  plugin->Deliver({.kind = PluginEventKind::kRegistered});
  plugin.reset();
  EXPECT_THAT(log.Take(), IsEmpty());
}

TEST(PluginClose, EndsCallsFromThePluginsOwnThreads) {
  std::mutex mutex;
  std::condition_variable changed;
  int calls = 0;
  bool closed = false;
  bool late = false;
  auto plugin = Loaded("busy", [&](const PluginCall&) {
    const std::lock_guard lock(mutex);
    ++calls;
    late = late || closed;
    changed.notify_all();
  });
  {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return calls > 100; }));
  }
  plugin->Close();
  {
    const std::lock_guard lock(mutex);
    closed = true;
  }
  plugin.reset();
  EXPECT_FALSE(late);
}

}  // namespace
}  // namespace payload_manager
