#include "mock_robot/users_file.h"

namespace mock_robot {
namespace {

using testing::IsEmpty;

TEST(UsersFile, HoldsANameAndAPasswordOnEachLine) {
  const auto users = ParseUsers("anna:secret\n\nberta:with:colons \r\nlast:one");
  ASSERT_TRUE(users.ok()) << users.error().message;
  ASSERT_EQ(users->size(), 3u);
  EXPECT_EQ(users->at("anna").Reveal(), "secret");
  EXPECT_EQ(users->at("berta").Reveal(), "with:colons ");
  EXPECT_EQ(users->at("last").Reveal(), "one");
}

TEST(UsersFile, MayBeEmpty) { EXPECT_THAT(*ParseUsers("\n"), IsEmpty()); }

TEST(UsersFile, ThatIsMalformedIsRefusedByTheLineAndNeverQuoted) {
  EXPECT_EQ(ParseUsers("anna:secret\nhunter2\n").error().message,
            "line 2 is not of the form name:password");
  EXPECT_EQ(ParseUsers(":hunter2").error().message, "line 1 is not of the form name:password");
  EXPECT_EQ(ParseUsers("anna:").error().message, "line 1 is not of the form name:password");
  EXPECT_EQ(ParseUsers("a:x\na:y").error().message, "line 2 names a user for the second time");
}

}  // namespace
}  // namespace mock_robot
