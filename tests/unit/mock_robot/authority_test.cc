#include "robot/authority.h"

namespace mock_robot {
namespace {

using bosdyn::api::GetAuthTokenRequest;
using bosdyn::api::GetAuthTokenResponse;
using payload_manager::Secret;
using std::chrono::hours;

class AuthorityTest : public testing::Test {
 protected:
  AuthorityTest() {
    authority_.users().Set("anna", Secret("password"));
    bosdyn::api::Payload definition;
    definition.set_guid("guid");
    EXPECT_TRUE(registry_.Register(definition, Secret("secret"), now_).ok());
    EXPECT_TRUE(registry_.Authorize("guid", {}, now_).ok());
  }

  Answer<TokenAnswer> Ask(const std::string& user, const std::string& password,
                          const std::string& token) {
    GetAuthTokenRequest request;
    request.set_username(user);
    request.set_password(password);
    request.set_token(token);
    return authority_.GetToken(request, registry_, now_);
  }
  std::string StatusOf(const Answer<TokenAnswer>& answer) {
    return answer.ok() ? GetAuthTokenResponse::Status_Name(answer->status) : "INVALID_REQUEST";
  }
  std::string UserToken() { return std::string(Ask("anna", "password", "")->token.Reveal()); }
  std::string PayloadToken() {
    const TokenGrant grant = registry_.GrantToken({"guid", Secret("secret")}, now_);
    return std::string(authority_.TokenFor(grant, now_).Reveal());
  }
  std::string Refresh(const std::string& token) { return StatusOf(Ask("", "", token)); }

  RobotTime now_{hours(1)};
  Registry registry_;
  Authority authority_{"robot", payload_manager::SystemRandom()};
};

TEST_F(AuthorityTest, GivesAUserATokenForThePassword) {
  EXPECT_EQ(StatusOf(Ask("anna", "password", "")), "STATUS_OK");
  EXPECT_EQ(StatusOf(Ask("anna", "wrong", "")), "STATUS_INVALID_LOGIN");
  EXPECT_EQ(StatusOf(Ask("nobody", "password", "")), "STATUS_INVALID_LOGIN");
  EXPECT_TRUE(Ask("anna", "wrong", "")->token.empty());
  EXPECT_TRUE(authority_.Check(UserToken(), registry_, now_));
}

TEST_F(AuthorityTest, WantsEitherAUserOrAToken) {
  EXPECT_EQ(Ask("", "", "").error().message, "username and token are both empty");
  EXPECT_EQ(Ask("", "password", "").error().message, "username is empty although password is set");
  EXPECT_EQ(StatusOf(Ask("", "password", UserToken())), "INVALID_REQUEST");
}

TEST_F(AuthorityTest, JudgesByThePasswordIfAUserIsNamed) {
  EXPECT_EQ(StatusOf(Ask("anna", "wrong", UserToken())), "STATUS_INVALID_LOGIN");
}

TEST_F(AuthorityTest, RenewsATokenAndLeavesTheOldOneValid) {
  const std::string old = UserToken();
  now_ += hours(6);
  const auto renewed = Ask("", "", old);
  ASSERT_EQ(StatusOf(renewed), "STATUS_OK");
  EXPECT_NE(renewed->token.Reveal(), old);
  EXPECT_TRUE(authority_.Check(old, registry_, now_));
  now_ += hours(6);
  EXPECT_FALSE(authority_.Check(old, registry_, now_));
  EXPECT_TRUE(authority_.Check(renewed->token.Reveal(), registry_, now_));
}

TEST_F(AuthorityTest, RenewsNoExpiredForeignOrMalformedToken) {
  EXPECT_EQ(Refresh("no token at all"), "STATUS_INVALID_TOKEN");
  Authority other("robot", payload_manager::SystemRandom());
  other.users().Set("anna", Secret("password"));
  GetAuthTokenRequest login;
  login.set_username("anna");
  login.set_password("password");
  const auto foreign = other.GetToken(login, registry_, now_);
  EXPECT_EQ(Refresh(std::string(foreign->token.Reveal())), "STATUS_INVALID_TOKEN");
  const std::string token = UserToken();
  now_ += hours(12);
  EXPECT_EQ(Refresh(token), "STATUS_INVALID_TOKEN");
}

TEST_F(AuthorityTest, RenewsNoTokenOfAnOldPassword) {
  const std::string token = UserToken();
  authority_.users().Set("anna", Secret("another"));
  EXPECT_EQ(Refresh(token), "STATUS_INVALID_TOKEN");
  authority_.users().Set("anna", Secret("password"));
  EXPECT_EQ(Refresh(token), "STATUS_INVALID_TOKEN");
}

TEST_F(AuthorityTest, RenewsAPayloadsTokenUntilItIsForgotten) {
  const std::string token = PayloadToken();
  EXPECT_EQ(Refresh(token), "STATUS_OK");
  ASSERT_TRUE(registry_.Forget("guid", now_).ok());
  EXPECT_EQ(Refresh(token), "STATUS_INVALID_TOKEN");
}

TEST_F(AuthorityTest, RenewsNoTokenOfADeauthorizedPayload) {
  const std::string token = PayloadToken();
  ASSERT_TRUE(registry_.Deauthorize("guid", now_).ok());
  EXPECT_EQ(Refresh(token), "STATUS_INVALID_TOKEN");
}

TEST_F(AuthorityTest, DoesNotTakeAPayloadForAUserOfTheSameName) {
  const std::string token = PayloadToken();
  authority_.users().Set("guid", Secret("password"));
  ASSERT_TRUE(registry_.Forget("guid", now_).ok());
  EXPECT_EQ(Refresh(token), "STATUS_INVALID_TOKEN");
}

TEST_F(AuthorityTest, DoesNotCountRefusedTokensTowardsALockOut) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Refresh("bad"), "STATUS_INVALID_TOKEN");
  EXPECT_EQ(StatusOf(Ask("anna", "password", "")), "STATUS_OK");
}

TEST_F(AuthorityTest, GivesGoodTokensToOwnersWithNamesOfAnyLength) {
  const std::string longest(100'000, 'n');
  const std::string guid(256, 'g');  // a longer one is not registered
  bosdyn::api::Payload definition;
  definition.set_guid(guid);
  ASSERT_TRUE(registry_.Register(definition, Secret("secret"), now_).ok());
  ASSERT_TRUE(registry_.Authorize(guid, {}, now_).ok());
  const TokenGrant grant = registry_.GrantToken({guid, Secret("secret")}, now_);
  const std::string payloads(authority_.TokenFor(grant, now_).Reveal());
  EXPECT_TRUE(authority_.Check(payloads, registry_, now_));
  EXPECT_EQ(Refresh(payloads), "STATUS_OK");
  // Fits into the metadata of a call, whatever the name.
  EXPECT_LT(payloads.size(), 1000u);

  authority_.users().Set(longest, Secret("password"));
  const auto login = Ask(longest, "password", "");
  ASSERT_EQ(StatusOf(login), "STATUS_OK");
  EXPECT_EQ(Refresh(std::string(login->token.Reveal())), "STATUS_OK");
}

TEST_F(AuthorityTest, TellsWhoIsLockedOut) {
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(StatusOf(Ask("anna", "wrong", "")), "STATUS_INVALID_LOGIN");
  }
  EXPECT_EQ(StatusOf(Ask("anna", "password", "")), "STATUS_TEMPORARILY_LOCKED_OUT");
}

}  // namespace
}  // namespace mock_robot
