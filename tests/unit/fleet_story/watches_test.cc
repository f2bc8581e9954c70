// What a fleet's story is made of, each by itself.
#include "tests/support/fleet_story/watches.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/support/fleet_story/model.h"
#include "tests/support/fleet_story/script.h"
#include "tests/support/fleet_story/story_token.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::BeatWatch;
using testing::MakeScript;
using testing::ProbeWatch;
using testing::RateWatch;
using testing::ScriptOptions;
using testing::StoryEvent;
using testing::StoryModel;
using testing::StoryToken;
using testing::Trouble;
using testing::Violations;
using testing::What;

TEST(Violations, KeepsTheFirstAndCountsAll) {
  Violations violations;
  for (int i = 0; i < 100; ++i) violations.Add(milliseconds(1500), "robot-1", std::to_string(i));
  EXPECT_EQ(violations.count(), 100u);
  EXPECT_EQ(violations.first().size(), Violations::kKept);
  EXPECT_EQ(violations.first().back(), "1.500 s, robot-1: 19");
}

TEST(RateWatch, LooksAtEverySecondWhereverItStarts) {
  RateWatch watch(3);
  for (const int at : {0, 600, 900, 1000, 1600}) EXPECT_TRUE(watch.Note(milliseconds(at)));
  EXPECT_FALSE(watch.Note(milliseconds(1899))) << "the fourth since 0.9 s";
  EXPECT_TRUE(watch.Note(milliseconds(2000)));
}

TEST(RateWatch, CountsCallsOfOneInstant) {
  RateWatch watch(2);
  EXPECT_TRUE(watch.Note(seconds(5)));
  EXPECT_TRUE(watch.Note(seconds(5)));
  EXPECT_FALSE(watch.Note(seconds(5)));
}

TEST(ProbeWatch, AllowsOneProbeWhileTheCallerKnowsOfAnOutage) {
  ProbeWatch watch;
  EXPECT_TRUE(watch.CallBegins().ok);
  EXPECT_TRUE(watch.CallBegins().ok) << "nobody knows yet";
  watch.CallEnds(false);
  watch.Told(true);
  const auto probe = watch.CallBegins();
  EXPECT_TRUE(probe.probe);
  EXPECT_TRUE(probe.ok);
  EXPECT_FALSE(watch.CallBegins().ok);
}

TEST(ProbeWatch, AllowsTheNextWhenOneHasEndedAndAllOnceTheRobotAnswers) {
  ProbeWatch watch;
  watch.Told(true);
  watch.CallEnds(watch.CallBegins().probe);
  EXPECT_TRUE(watch.CallBegins().ok);
  watch.Told(false);
  EXPECT_TRUE(watch.CallBegins().ok);
  EXPECT_FALSE(watch.CallBegins().probe);
}

TEST(BeatWatch, BoundsTheGapBetweenBeatsAndAfterTrouble) {
  BeatWatch watch;
  const BeatWatch::Bounds bounds{seconds(12), seconds(25), seconds(10)};
  EXPECT_FALSE(watch.Starved(seconds(25), seconds(0), bounds)) << "the first may take its time";
  EXPECT_EQ(watch.Starved(seconds(26), seconds(0), bounds), seconds(26));
  watch.Beat(seconds(30));
  EXPECT_FALSE(watch.Starved(seconds(42), seconds(0), bounds));
  EXPECT_EQ(watch.Starved(seconds(43), seconds(0), bounds), seconds(13));
  EXPECT_FALSE(watch.Starved(seconds(43), std::nullopt, bounds)) << "something keeps it";
  EXPECT_FALSE(watch.Starved(seconds(60), seconds(35), bounds)) << "trouble since the last beat";
  EXPECT_TRUE(watch.Starved(seconds(61), seconds(35), bounds));
  EXPECT_FALSE(watch.Starved(seconds(43), seconds(21), bounds)) << "in the aftermath";
}

TEST(StoryToken, IsReadBackAndNothingElseIs) {
  const StoryToken token{"payload-0001-02", 7, seconds(3), 9};
  const auto back = StoryToken::Parse(token.ToString());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->guid, token.guid);
  EXPECT_EQ(back->epoch, 7u);
  EXPECT_EQ(back->issued, seconds(3));
  EXPECT_EQ(back->number, 9u);
  for (const char* text : {"", "token", "guid 1 2", "guid 1 2 x", "guid 1 2 3 4", "guid  1 2 3"}) {
    EXPECT_FALSE(StoryToken::Parse(text)) << text;
  }
}

TEST(StoryScript, IsInTheOrderOfTimeAndEndsInCalm) {
  ScriptOptions options;
  options.robots = 10;
  const std::vector<StoryEvent> script = MakeScript(options);
  EXPECT_TRUE(std::is_sorted(script.begin(), script.end(),
                             [](const auto& a, const auto& b) { return a.at < b.at; }));
  EXPECT_LE(script.back().at, options.length - options.calm_at_the_end);
  StoryModel model(options.robots, options.payloads_per_robot);
  for (const StoryEvent& event : script) model.Apply(event);
  for (int robot = 0; robot < options.robots; ++robot) {
    EXPECT_EQ(model.robot(robot).troubles, 0) << "each trouble ends once";
    EXPECT_TRUE(model.Settled(robot, 0, options.length));
  }
}

StoryEvent Event(What what, Duration at = {}) {
  StoryEvent event;
  event.what = what;
  event.at = at;
  event.payload = 0;
  event.value = 4;
  return event;
}

TEST(StoryModel, KnowsWhereAPayloadShouldBe) {
  StoryModel model(1, 1);
  const auto after = [&](What what) {
    model.Apply(Event(what));
    return model.payload(0, 0).State();
  };
  EXPECT_EQ(model.payload(0, 0).State(), PayloadState::kAuthorized);
  EXPECT_EQ(after(What::kDeauthorize), PayloadState::kWaiting);
  EXPECT_EQ(after(What::kForget), PayloadState::kWaiting);
  EXPECT_EQ(after(What::kSteal), PayloadState::kCredentialsRejected);
  EXPECT_EQ(after(What::kAuthorize), PayloadState::kCredentialsRejected) << "the thief's";
  EXPECT_EQ(after(What::kBreakDefinition), PayloadState::kDefinitionRejected);
  EXPECT_EQ(after(What::kChangeDefinition), PayloadState::kCredentialsRejected);
  EXPECT_EQ(after(What::kForget), PayloadState::kAuthorized);
  EXPECT_EQ(after(What::kSteal), PayloadState::kCredentialsRejected);
  EXPECT_EQ(after(What::kEraseRobot), PayloadState::kAuthorized) << "the thief is erased too";
  EXPECT_EQ(after(What::kRemove), std::nullopt);
  EXPECT_EQ(after(What::kAdd), PayloadState::kAuthorized);
  EXPECT_EQ(model.payload(0, 0).mass, 4);
}

TEST(StoryModel, GivesTimeToSettleAfterTroublesAndDeeds) {
  StoryModel model(1, 1);
  EXPECT_FALSE(model.Settled(0, 0, seconds(10)));
  EXPECT_TRUE(model.Settled(0, 0, StoryModel::kSettling));
  model.Apply(Event(What::kTroubleBegins, hours(1)));
  EXPECT_FALSE(model.Settled(0, 0, hours(2)));
  model.Apply(Event(What::kTroubleEnds, hours(2)));
  EXPECT_FALSE(model.Settled(0, 0, hours(2) + seconds(1)));
  EXPECT_TRUE(model.Settled(0, 0, hours(2) + StoryModel::kSettling));
  model.Apply(Event(What::kForget, hours(3)));
  EXPECT_FALSE(model.Settled(0, 0, hours(3) + minutes(1)));
}

}  // namespace
}  // namespace payload_manager
