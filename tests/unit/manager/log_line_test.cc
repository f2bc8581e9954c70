#include "manager/log_line.h"

#include <gtest/gtest.h>

namespace payload_manager {
namespace {

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

TEST(LogLine, NeverShowsTheBeginningOfASecret) {
  const Secret token("eyJhbGciOiJFUzI1NiJ9.eyJwZXIi.q-_w");
  EXPECT_EQ(MakeLogLine("9: eyJhbGciOiJFUzI1NiJ9.eyJw!", {token}), "9: ***!");
  EXPECT_EQ(MakeLogLine(std::string(970, 'x') + std::string(token.Reveal()), {token}),
            std::string(970, 'x') + "***");
}

}  // namespace
}  // namespace payload_manager
