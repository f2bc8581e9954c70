// Users that outlive the process.
#include "auth/stretched_password.h"
#include "auth/users.h"

namespace mock_robot::testing {
namespace {

using payload_manager::Secret;
using payload_manager::SystemRandom;
using payload_manager::WallTime;
using std::chrono::hours;

const WallTime kNow{hours(1)};

TEST(StretchedPasswordTest, MatchesItsPasswordOnly) {
  const StretchedPassword kept("password", SystemRandom());
  EXPECT_TRUE(kept.Matches("password"));
  EXPECT_FALSE(kept.Matches("Password"));
  EXPECT_FALSE(kept.Matches(""));
  EXPECT_TRUE(StretchedPassword("", SystemRandom()).Matches(""));
  EXPECT_NE(StretchedPassword("password", SystemRandom()).digest(), kept.digest());
  EXPECT_TRUE(StretchedPassword(kept.salt(), kept.digest()).Matches("password"));
}

class KeptUsers : public ::testing::Test {
 protected:
  KeptUsers() {
    UserTableRecord record;
    record.users.push_back({"anna", StretchedPassword("right", SystemRandom()), 4});
    record.last_epoch = 9;
    users_.Restore(record);
  }
  // As a robot does it: compare without a lock, then judge.
  LoginResult Login(const std::string& password) {
    if (const auto kept = users_.Unproven("anna", kNow); kept && kept->Matches(password)) {
      users_.Prove("anna", *kept, Secret(password));
    }
    return users_.Login("anna", Secret(password), kNow);
  }

  UserTable users_{SystemRandom()};
};

TEST_F(KeptUsers, LogInWithTheirPasswordOnly) {
  EXPECT_EQ(Login("wrong"), LoginResult::kWrong);
  EXPECT_EQ(Login("right"), LoginResult::kOk);
  EXPECT_EQ(Login("wrong"), LoginResult::kWrong);
  EXPECT_EQ(users_.Epoch("anna"), 4u);
}

TEST_F(KeptUsers, AreComparedSlowlyOnlyUntilTheFirstRightPassword) {
  EXPECT_TRUE(users_.Unproven("anna", kNow));
  EXPECT_EQ(Login("right"), LoginResult::kOk);
  EXPECT_FALSE(users_.Unproven("anna", kNow));
  EXPECT_FALSE(users_.Unproven("nobody", kNow));
}

TEST_F(KeptUsers, AreNotComparedSlowlyWhileLockedOut) {
  for (int i = 0; i < kFailuresUntilLockOut; ++i) EXPECT_EQ(Login("wrong"), LoginResult::kWrong);
  EXPECT_FALSE(users_.Unproven("anna", kNow));
  EXPECT_EQ(Login("right"), LoginResult::kLockedOut);
}

TEST_F(KeptUsers, KeepTheirEpochWithTheSamePasswordAndGetANewOneWithAnother) {
  EXPECT_EQ(Login("right"), LoginResult::kOk);
  users_.Set("anna", Secret("right"), StretchedPassword("right", SystemRandom()));
  EXPECT_EQ(users_.Epoch("anna"), 4u);
  users_.Set("anna", Secret("other"), StretchedPassword("other", SystemRandom()));
  EXPECT_EQ(users_.Epoch("anna"), 10u);
  EXPECT_EQ(Login("other"), LoginResult::kOk);
  EXPECT_EQ(Login("right"), LoginResult::kWrong);
}

TEST_F(KeptUsers, AreNotProvenByAPasswordThatWasChangedMeanwhile) {
  const auto compared = users_.Unproven("anna", kNow);
  ASSERT_TRUE(compared);
  users_.Set("anna", Secret("other"), StretchedPassword("other", SystemRandom()));
  users_.Prove("anna", *compared, Secret("right"));
  EXPECT_EQ(Login("right"), LoginResult::kWrong);
}

TEST_F(KeptUsers, ArePutBackAsTheyWere) {
  const auto before = users_.Describe("anna");
  ASSERT_TRUE(before);
  users_.Set("anna", Secret("other"), StretchedPassword("other", SystemRandom()));
  users_.PutBack("anna", before);
  EXPECT_EQ(Login("right"), LoginResult::kOk);
  EXPECT_TRUE(users_.IsPresent(4));
  users_.PutBack("anna", std::nullopt);
  EXPECT_FALSE(users_.Epoch("anna"));
}

}  // namespace
}  // namespace mock_robot::testing
