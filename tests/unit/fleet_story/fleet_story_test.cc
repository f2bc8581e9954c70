// A thousand payloads on a hundred robots, through two hours of everything that can go wrong.
#include "tests/support/fleet_story/fleet_story.h"

#include <gmock/gmock.h>

namespace payload_manager {
namespace {

using testing::FleetStory;
using testing::StoryOptions;
using testing::StoryReport;

StoryOptions Fleet(std::uint64_t seed) {
  StoryOptions options;
  options.script.seed = seed;
  return options;
}

TEST(FleetStory, AThousandPayloadsOnAHundredRobotsEndWhereTheyShould) {
  FleetStory story(Fleet(1));
  const StoryReport report = story.Tell();
  EXPECT_EQ(report.violations, 0u) << "seed 1\n" << report.Summary();
}

}  // namespace
}  // namespace payload_manager
