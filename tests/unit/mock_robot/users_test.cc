#include "auth/users.h"

namespace mock_robot {
namespace {

using payload_manager::Secret;
using payload_manager::WallTime;
using std::chrono::seconds;

const Secret kRight("the right password");
const Secret kWrong("the wrong password");

class Users : public testing::Test {
 protected:
  Users() { users_.Set("anna", kRight); }

  void Fail(const std::string& name, int times) {
    for (int i = 0; i < times; ++i) {
      ASSERT_EQ(users_.Login(name, kWrong, now_), LoginResult::kWrong) << i;
    }
  }

  UserTable users_{payload_manager::SystemRandom()};
  WallTime now_{std::chrono::hours(1)};
};

TEST_F(Users, LogInWithTheirPasswordOnly) {
  EXPECT_EQ(users_.Login("anna", kRight, now_), LoginResult::kOk);
  EXPECT_EQ(users_.Login("anna", kWrong, now_), LoginResult::kWrong);
  EXPECT_EQ(users_.Login("anna", Secret(), now_), LoginResult::kWrong);
  EXPECT_EQ(users_.Login("Anna", kRight, now_), LoginResult::kWrong);
  EXPECT_EQ(users_.Login("berta", kRight, now_), LoginResult::kWrong);
}

TEST_F(Users, AreLockedOutForAMinuteAfterSixFailuresInARow) {
  Fail("anna", 6);
  EXPECT_EQ(users_.Login("anna", kRight, now_), LoginResult::kLockedOut);
  EXPECT_EQ(users_.Login("anna", kRight, now_ + seconds(60) - std::chrono::nanoseconds(1)),
            LoginResult::kLockedOut);
  EXPECT_EQ(users_.Login("anna", kRight, now_ + seconds(60)), LoginResult::kOk);
}

TEST_F(Users, HaveSixTriesAgainAfterALockOut) {
  Fail("anna", 6);
  now_ += seconds(60);
  Fail("anna", 6);
  EXPECT_EQ(users_.Login("anna", kRight, now_), LoginResult::kLockedOut);
}

TEST_F(Users, StartCountingAnewAfterASuccess) {
  Fail("anna", 5);
  EXPECT_EQ(users_.Login("anna", kRight, now_), LoginResult::kOk);
  Fail("anna", 5);
  EXPECT_EQ(users_.Login("anna", kRight, now_), LoginResult::kOk);
}

TEST_F(Users, AreLockedOutEachForThemselves) {
  users_.Set("berta", kRight);
  Fail("anna", 6);
  EXPECT_EQ(users_.Login("berta", kRight, now_), LoginResult::kOk);
}

TEST_F(Users, ThatDoNotExistAreLockedOutLikeOthers) {
  Fail("nobody", 6);
  EXPECT_EQ(users_.Login("nobody", kWrong, now_), LoginResult::kLockedOut);
}

TEST_F(Users, CannotBeUnlockedByFloodingTheTableOnceLocked) {
  Fail("anna", 6);
  now_ += seconds(1);
  for (std::size_t i = 0; i < 2 * UserTable::kMostUnknownNames; ++i) {
    Fail("flood" + std::to_string(i), 1);
  }
  EXPECT_EQ(users_.Login("anna", kRight, now_), LoginResult::kLockedOut);
}

TEST_F(Users, ThatDoNotExistAreForgottenBeforeTheyFillTheMemory) {
  for (std::size_t i = 0; i < 2 * UserTable::kMostUnknownNames; ++i) {
    now_ += seconds(1);
    Fail("flood" + std::to_string(i), 1);
    EXPECT_LE(users_.unknown_names(), UserTable::kMostUnknownNames);
  }
  // The latest are still counted.
  Fail("flood" + std::to_string(2 * UserTable::kMostUnknownNames - 1), 5);
  EXPECT_EQ(
      users_.Login("flood" + std::to_string(2 * UserTable::kMostUnknownNames - 1), kWrong, now_),
      LoginResult::kLockedOut);
}

TEST_F(Users, StartWithoutTheFailuresOfTheirNameBeforeTheyExisted) {
  Fail("berta", 6);
  users_.Set("berta", kRight);
  EXPECT_EQ(users_.Login("berta", kRight, now_), LoginResult::kOk);
  users_.Remove("berta");
  Fail("berta", 6);
}

TEST_F(Users, GetANewEpochWithANewPasswordOnly) {
  const auto first = users_.Epoch("anna");
  users_.Set("anna", kRight);
  EXPECT_EQ(users_.Epoch("anna"), first);
  users_.Set("anna", kWrong);
  EXPECT_NE(users_.Epoch("anna"), first);
  users_.Remove("anna");
  EXPECT_EQ(users_.Epoch("anna"), std::nullopt);
  users_.Set("anna", kRight);
  EXPECT_NE(users_.Epoch("anna"), first);
}

}  // namespace
}  // namespace mock_robot
