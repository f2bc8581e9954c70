// What a plugin asks for, and how it hears what became of that.
#include "manager/plugin_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>

#include "tests/support/payload_story.h"

namespace payload_manager {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::VirtualRuntime;

// A plugin of the zoo, its link, and every line that the two cause. The plugin's thread is real;
// the sessions, in virtual time, are never reached here.
class PluginLinkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    PluginLink::Options options;
    options.robot = "spot";
    options.sessions = sessions_;
    options.post_note = [this](const Note& note, const std::function<void()>& delivered) {
      {
        const std::lock_guard lock(mutex_);
        lines_.push_back(note.text);
      }
      if (on_note_) on_note_(note.text);
      changed_.notify_all();
      delivered();
      return true;
    };
    link_ = std::make_shared<PluginLink>(std::move(options));
  }
  void TearDown() override {
    link_->Disconnect();
    EXPECT_TRUE(!host_ || host_->Close(std::chrono::seconds(20)));
  }

  void Open(const std::string& animal) {
    host_ = PluginHost::Start(std::filesystem::path(PLUGIN_ZOO_DIR) / (animal + ".so"),
                              link_->Handler());
    const auto opened =
        host_->WaitUntilOpen(std::chrono::steady_clock::now() + std::chrono::seconds(20));
    ASSERT_TRUE(opened.has_value());
    ASSERT_TRUE(opened->ok()) << opened->error().message;
  }
  void Connect() { link_->Connect(host_, {LinkedPayload{SessionId{}, "zoo.animal", "guid", {}}}); }

  // Until so many lines hold `text`, or too long; all lines so far.
  std::vector<std::string> WaitFor(const std::string& text, std::ptrdiff_t times = 1) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(20), [&] {
      return std::count_if(lines_.begin(), lines_.end(), [&](const std::string& line) {
               return line.find(text) != std::string::npos;
             }) >= times;
    })) << text;
    return lines_;
  }

  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  std::shared_ptr<PayloadSessions> sessions_ = std::make_shared<PayloadSessions>(runtime_, 1);
  std::function<void(const std::string&)> on_note_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  std::shared_ptr<PluginLink> link_;
  std::shared_ptr<PluginHost> host_;
};

TEST_F(PluginLinkTest, NoLineShowsATokenWhateverThePluginAsksForWithIt) {
  const Secret token("eyJhbGciOiJFUzI1NiJ9");
  Open("tattletale");
  Connect();
  link_->Guard(token);
  host_->Post({.kind = PluginEventKind::kAuthorized, .token = token});
  // Its own log line, three refusals, and the three answers, which it logs.
  const auto lines = WaitFor("***", 7);
  EXPECT_EQ(lines.size(), 7u);
  EXPECT_THAT(lines, Each(Not(HasSubstr("eyJ"))));
}

TEST_F(PluginLinkTest, CallsBeforeTheStartAreEachAnsweredOnceEvenIfThereAreTooMany) {
  Open("parrot");
  const PluginCallHandler plugin_calls = link_->Handler();
  for (std::uint64_t request = 1; request <= 100; ++request) {
    plugin_calls({.kind = PluginCallKind::kInvalid, .payload = 0, .request_id = request});
  }
  Connect();
  const auto lines = WaitFor("plugin: 9 of 0 for ", 100);
  for (int request = 1; request <= 100; ++request) {
    const std::string answer = "plugin: 9 of 0 for " + std::to_string(request) + ":";
    EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                            [&](const std::string& line) { return line.starts_with(answer); }),
              1)
        << request;
  }
  EXPECT_EQ(std::count(lines.begin(), lines.end(),
                       "the plugin asked wrongly: more than 64 calls before it was started"),
            36);
}

TEST_F(PluginLinkTest, CallsWithoutAnswerThatAreTooManyAreNoted) {
  const PluginCallHandler plugin_calls = link_->Handler();
  for (int i = 0; i < 100; ++i) plugin_calls({.kind = PluginCallKind::kInvalid});
  Connect();
  EXPECT_THAT(lines_, ::testing::SizeIs(65));
  EXPECT_THAT(lines_.back(), HasSubstr("more than 64 calls"));
}

TEST_F(PluginLinkTest, AnswersNameThePayloadOfTheCallOrNone) {
  Open("parrot");
  Connect();
  link_->Handler()({.kind = PluginCallKind::kInvalid, .payload = 0, .request_id = 1});
  link_->Handler()({.kind = PluginCallKind::kInvalid, .request_id = 2});
  WaitFor("plugin: 9 of 0 for 1:");
  WaitFor("plugin: 9 of 4294967295 for 2:");
}

TEST_F(PluginLinkTest, ADefinitionIsTakenForThePayloadsOnceTheSessionHasTakenIt) {
  testing::FakeRobot robot(runtime_);
  const RobotHandle spot = sessions_->AddRobot("spot", robot.connection);
  const SessionId session = *sessions_->Add(spot, testing::MakePayload("guid"), Secret("secret"));
  std::vector<std::string> names;
  LinkedPayload payload{session, "zoo.animal", "guid", {}};
  payload.on_definition = [&](const bosdyn::api::Payload& now) { names.push_back(now.name()); };
  link_->Connect({}, {payload});
  const auto change = [plugin_calls = link_->Handler()](const std::string& text) {
    plugin_calls({.kind = PluginCallKind::kDefinitionChanged,
                  .payload = 0,
                  .encoding = DefinitionEncoding::kText,
                  .text = text});
  };
  change("name: 'grown'");
  change("name: ''");                              // unsound
  change("name: 'another' guid: 'another-guid'");  // refused by the session
  sessions_->Remove(session);
  change("name: 'late'");
  EXPECT_THAT(names, ::testing::ElementsAre("grown"));
}

TEST_F(PluginLinkTest, LaterCallsDoNotOvertakeTheOnesFromBeforeTheStart) {
  const auto call = [plugin_calls = link_->Handler()](const std::string& text) {
    plugin_calls({.kind = PluginCallKind::kInvalid, .text = text});
  };
  call("first");
  call("second");
  on_note_ = [&call](const std::string& line) {
    if (line.ends_with("first")) call("third");
  };
  Connect();
  EXPECT_THAT(lines_,
              ::testing::ElementsAre(::testing::EndsWith("first"), ::testing::EndsWith("second"),
                                     ::testing::EndsWith("third")));
}

}  // namespace
}  // namespace payload_manager
