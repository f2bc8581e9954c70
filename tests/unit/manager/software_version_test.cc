#include "payload_manager/software_version.h"

#include <gtest/gtest.h>

#include "bosdyn/api/robot_id.pb.h"

namespace payload_manager {
namespace {

TEST(SoftwareVersion, IsThreeNumbers) {
  const auto version = ParseSoftwareVersion("1.20.2147483647");
  ASSERT_TRUE(version.ok());
  EXPECT_EQ(FormatSoftwareVersion(*version), "1.20.2147483647");
  EXPECT_EQ(version->minor_version(), 20);
}

TEST(SoftwareVersion, IsNothingElse) {
  for (const char* text : {"", "1", "1.2", "1.2.", "1.2.3.", "1.2.3.4", "v1.2.3", "1.2.3-rc1",
                           "-1.2.3", "1.-2.3", "+1.2.3", " 1.2.3", "1.2.2147483648", "1,2,3"}) {
    EXPECT_FALSE(ParseSoftwareVersion(text).ok()) << text;
  }
}

}  // namespace
}  // namespace payload_manager
