#include "manager/log_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace payload_manager {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(LogLine, IsOneLineWhateverAPluginSays) {
  EXPECT_EQ(MakeLogLine("a\nb\r\x1b[2Jc", {}), "a b  [2Jc");
}

TEST(LogLine, IsCutToWhatAPersonReads) {
  const std::string line = MakeLogLine(std::string(5000, 'x'), {});
  EXPECT_EQ(line.size(), 1000u);
  EXPECT_TRUE(line.ends_with("x..."));
}

TEST(LogLine, NeverShowsASecret) {
  EXPECT_EQ(MakeLogLine("token=eyJ.abc, again eyJ.abc", {Secret(""), Secret("eyJ.abc")}),
            "token=***, again ***");
}

TEST(LogLine, DoesNotShowTheBeginningOfASecretThatTheCutWouldSplit) {
  const std::string secret = "0123456789";
  EXPECT_THAT(MakeLogLine(std::string(993, 'x') + secret, {Secret(secret)}),
              Not(HasSubstr("0123")));
}

}  // namespace
}  // namespace payload_manager
