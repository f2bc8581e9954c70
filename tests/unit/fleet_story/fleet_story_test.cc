// A thousand payloads on a hundred robots, through two hours of everything that can go wrong; and
// that the story would notice if something did.
#include "tests/support/fleet_story/fleet_story.h"

#include <gmock/gmock.h>

#include "bosdyn/api/robot_id.pb.h"
#include "tests/support/payload_story.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using testing::FleetStory;
using ::testing::Gt;
using ::testing::HasSubstr;
using testing::MakePayload;
using testing::StoryOptions;
using testing::StoryReport;

StoryOptions Fleet(std::uint64_t seed, int robots) {
  StoryOptions options;
  options.script.seed = seed;
  options.script.robots = robots;
  return options;
}

StoryReport Told(const StoryOptions& options) { return FleetStory(options).Tell(); }

std::string Why(const StoryOptions& options, const StoryReport& report) {
  return "seed " + std::to_string(options.script.seed) + " with " +
         std::to_string(options.script.robots) + " robots; fleet_soak tells it again\n" +
         report.Summary();
}

TEST(FleetStory, AThousandPayloadsOnAHundredRobotsEndWhereTheyShould) {
  const StoryOptions options = Fleet(1, 100);
  const StoryReport report = Told(options);
  EXPECT_EQ(report.violations, 0u) << Why(options, report);
  // A story in which nothing happens proves nothing.
  EXPECT_THAT(report.events, Each(Gt(50u)));
  EXPECT_THAT(report.tally.calls, Each(Gt(20u)));
  EXPECT_THAT(report.entered, Each(Gt(100u)));
  EXPECT_GT(report.tally.lost, 1000u);
  EXPECT_GT(report.tally.limited, 1000u);
  EXPECT_GT(report.tally.probes, 1000u);
  EXPECT_GT(report.tally.cancelled, 0u);
  EXPECT_GT(report.forgotten, 100u);
  EXPECT_GT(report.deauthorized, 100u);
  EXPECT_GT(report.requests_done, 1000u);
  EXPECT_GT(report.looks, 20000u);
}

class FleetStories : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(FleetStories, EndWellWhateverTheSeed) {
  const StoryOptions options = Fleet(GetParam(), 10);
  const StoryReport report = Told(options);
  EXPECT_EQ(report.violations, 0u) << Why(options, report);
}

INSTANTIATE_TEST_SUITE_P(Seeds, FleetStories, ::testing::Range<std::uint64_t>(100, 110));

TEST(FleetStory, IsTheSameForTheSameSeed) {
  const StoryOptions options = Fleet(7, 4);
  const StoryReport report = Told(options);
  EXPECT_EQ(Told(options).tally.fingerprint, report.tally.fingerprint);
  EXPECT_NE(Told(Fleet(8, 4)).tally.fingerprint, report.tally.fingerprint);
}

// What follows plants something wrong in a story that is otherwise a good one.

StoryOptions Short() {
  StoryOptions options = Fleet(3, 4);
  options.script.length = minutes(40);
  return options;
}

TEST(FleetStory, TheShortOneIsGoodWithoutMeddling) {
  const StoryReport report = Told(Short());
  EXPECT_EQ(report.violations, 0u) << report.Summary();
}

TEST(FleetStory, NoticesCallsAboveTheRobotsRate) {
  StoryOptions options = Short();
  options.pacing.registration_calls_per_second = 11;
  options.pacing.auth_calls_per_second = 6;
  const StoryReport report = Told(options);
  EXPECT_THAT(report.first_violations, Contains(HasSubstr("registration above the robot's rate")));
}

TEST(FleetStory, NoticesCallsAboveOurPace) {
  StoryOptions options = Short();
  options.watched_pacing = PacingOptions{7, 3};
  const StoryReport report = Told(options);
  EXPECT_THAT(report.first_violations,
              AllOf(Contains(HasSubstr("asked above the pace of registration")),
                    Not(Contains(HasSubstr("robot's rate")))));
}

// Tells the short story with a deed that the script does not know, when nothing else is going on.
StoryReport ToldWithMeddling(std::function<void(FleetStory&)> meddle, Duration at = minutes(35)) {
  FleetStory story(Short());
  story.meddle_at = at;
  story.meddle = std::move(meddle);
  return story.Tell();
}

TEST(FleetStory, NoticesAPayloadInAnotherStateThanTheScriptSays) {
  const StoryReport report = ToldWithMeddling([](FleetStory& story) {
    for (int payload = 0; payload < 10; ++payload) {
      auto& robot = story.robot(0);
      static_cast<void>(robot.registry().Forget(story.Guid(0, payload), robot.Now()));
      static_cast<void>(robot.registry().Register(*MakePayload(story.Guid(0, payload)),
                                                  Secret("whose?"), robot.Now()));
    }
  });
  EXPECT_THAT(report.first_violations, Contains(HasSubstr("is 'credentials rejected', should be")));
}

TEST(FleetStory, NoticesASessionThatStarves) {
  const StoryReport report = ToldWithMeddling([](FleetStory& story) {
    for (int payload = 0; payload < 10; ++payload) {
      static_cast<void>(story.sessions().Remove(story.session(1, payload)));
    }
  });
  EXPECT_THAT(report.first_violations, AllOf(Contains(HasSubstr("starved: no beat for")),
                                             Contains(HasSubstr("has no session"))));
}

TEST(FleetStory, NoticesATokenThatOpensNothing) {
  const StoryReport report = ToldWithMeddling([](FleetStory& story) {
    for (int robot = 0; robot < 4; ++robot) story.robot(robot).VoidTokensUnseen();
  });
  EXPECT_THAT(report.first_violations, Contains(HasSubstr("has a token that opens nothing")));
}

TEST(FleetStory, NoticesADefinitionThatTheRobotDoesNotHold) {
  const StoryReport report = ToldWithMeddling([](FleetStory& story) {
    for (int payload = 0; payload < 10; ++payload) {
      static_cast<void>(story.sessions().UpdateDefinition(
          story.session(3, payload), MakePayload(story.Guid(3, payload), 12345)));
    }
  });
  EXPECT_THAT(report.first_violations, Contains(HasSubstr("is told to differ, and does not")));
}

TEST(FleetStory, NoticesTwoProbesAndTwoCallsOfOnePayload) {
  const auto call_twice = [](FleetStory& story) {
    for (int call = 0; call < 2; ++call) {
      story.robot(0).RegisterPayloadAsync(*MakePayload(story.Guid(0, 0)), Secret("ours"), {},
                                          [](const Outcome<Done>&) {});
    }
  };
  const StoryReport report = ToldWithMeddling(call_twice, minutes(31));  // nobody can be reached
  EXPECT_THAT(report.first_violations, AllOf(Contains(HasSubstr("two probes at once")),
                                             Contains(HasSubstr("two calls of payload-0000-00"))));
}

TEST(FleetStory, NoticesABlockingCall) {
  const StoryReport report = ToldWithMeddling([](FleetStory& story) {
    static_cast<void>(story.robot(0).ListPayloads(Secret("token"), {}));
  });
  EXPECT_THAT(report.first_violations, Contains(HasSubstr("a blocking verb")));
}

TEST(FleetStory, NoticesAnEndThatCameTooEarlyToJudge) {
  StoryOptions options = Short();
  options.script.calm_at_the_end = seconds(20);
  EXPECT_THAT(Told(options).first_violations, Contains(HasSubstr("was given no time to settle")));
}

}  // namespace
}  // namespace payload_manager
