// Which calls need a token, which tokens will do, and how the directory is read with one.
#include <set>

#include "bosdyn/api/directory.pb.h"
#include "tests/integration/mock_robot/robot_under_test.h"

namespace mock_robot::testing {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;

class Tokens : public ::testing::Test {
 protected:
  static MockRobotOptions Options(const ManualClock& clock) {
    MockRobotOptions options = PlainOptions();
    options.clock = &clock;
    return options;
  }
  static WireOptions Header(const std::string& value) {
    WireOptions options;
    options.metadata["authorization"] = value;
    return options;
  }

  ManualClock clock_;
  std::unique_ptr<MockRobot> robot_ = StartRobot(Options(clock_));
  WireClient client_{robot_->address(), ""};
};

TEST_F(Tokens, AreNeededToListPayloadsAndServices) {
  api::ListServiceEntriesResponse services;
  api::GetServiceEntryResponse service;
  for (const WireOptions& options :
       {WireOptions(), Header(""), Header("Bearer "), Header("Bearer None"), Header("Bearer"),
        Header("Bearer a.b.c"), Header("Basic " + UserToken(client_))}) {
    EXPECT_EQ(ListPayloads(client_, options).code, "UNAUTHENTICATED");
    EXPECT_EQ(
        client_.Call(kListServiceEntries, api::ListServiceEntriesRequest(), &services, options)
            .code,
        "UNAUTHENTICATED");
    EXPECT_EQ(client_.Call(kGetServiceEntry, api::GetServiceEntryRequest(), &service, options).code,
              "UNAUTHENTICATED");
  }
}

TEST_F(Tokens, AreNotLookedAtWhereNoneIsNeeded) {
  for (const char* value : {"", "Bearer ", "Bearer None", "Bearer rubbish", "rubbish"}) {
    EXPECT_TRUE(Register(client_, kGuid, Header(value)).ok()) << value;
    api::RobotIdResponse id;
    EXPECT_TRUE(client_.Call(kGetRobotId, api::RobotIdRequest(), &id, Header(value)).ok());
    api::GetAuthTokenRequest login;
    login.set_username("anna");
    login.set_password("annas-password");
    api::GetAuthTokenResponse session;
    EXPECT_TRUE(client_.Call(kGetAuthToken, login, &session, Header(value)).ok()) << value;
    EXPECT_EQ(session.status(), api::GetAuthTokenResponse::STATUS_OK);
  }
}

TEST_F(Tokens, OfUsersAndOfPayloadsOpenEveryService) {
  ASSERT_TRUE(Register(client_).ok());
  ASSERT_TRUE(robot_->Authorize(kGuid).ok());
  api::ListServiceEntriesResponse services;
  for (const std::string& token : {UserToken(client_), PayloadToken(client_).token()}) {
    EXPECT_TRUE(ListPayloads(client_, WithToken(token)).ok());
    EXPECT_TRUE(client_
                    .Call(kListServiceEntries, api::ListServiceEntriesRequest(), &services,
                          WithToken(token))
                    .ok());
  }
}

TEST_F(Tokens, ExpireAfterTwelveHoursAndAreRenewedBefore) {
  const std::string old = UserToken(client_);
  clock_.Advance(hours(11));
  api::GetAuthTokenRequest refresh;
  refresh.set_token(old);
  api::GetAuthTokenResponse renewed;
  // The client that refreshes sends its old token along, and some time it will have expired.
  ASSERT_TRUE(client_.Call(kGetAuthToken, refresh, &renewed, WithToken(old)).ok());
  ASSERT_EQ(renewed.status(), api::GetAuthTokenResponse::STATUS_OK);
  EXPECT_TRUE(ListPayloads(client_, WithToken(old)).ok());
  clock_.Advance(hours(1));
  EXPECT_EQ(ListPayloads(client_, WithToken(old)).code, "UNAUTHENTICATED");
  EXPECT_TRUE(ListPayloads(client_, WithToken(renewed.token())).ok());
  ASSERT_TRUE(client_.Call(kGetAuthToken, refresh, &renewed, WithToken(old)).ok());
  EXPECT_EQ(renewed.status(), api::GetAuthTokenResponse::STATUS_INVALID_TOKEN);
  EXPECT_EQ(renewed.token(), "");
}

TEST_F(Tokens, OfAnotherRobotAreRefused) {
  const auto other = StartRobot();
  WireClient other_client(other->address(), "");
  EXPECT_EQ(ListPayloads(client_, WithToken(UserToken(other_client))).code, "UNAUTHENTICATED");
}

TEST_F(Tokens, OfAUserEndWithThePassword) {
  const std::string token = UserToken(client_);
  robot_->SetUser("anna", Secret("another-password"));
  EXPECT_EQ(ListPayloads(client_, WithToken(token)).code, "UNAUTHENTICATED");
  EXPECT_EQ(LogIn(client_, "annas-password").status(),
            api::GetAuthTokenResponse::STATUS_INVALID_LOGIN);
  EXPECT_EQ(LogIn(client_, "another-password").status(), api::GetAuthTokenResponse::STATUS_OK);
  robot_->RemoveUser("anna");
  EXPECT_EQ(LogIn(client_, "another-password").status(),
            api::GetAuthTokenResponse::STATUS_INVALID_LOGIN);
}

TEST_F(Tokens, AreWithheldDuringALockOut) {
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(LogIn(client_, "wrong").status(), api::GetAuthTokenResponse::STATUS_INVALID_LOGIN);
  }
  EXPECT_EQ(LogIn(client_, "annas-password").status(),
            api::GetAuthTokenResponse::STATUS_TEMPORARILY_LOCKED_OUT);
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(LogIn(client_, "annas-password").status(), api::GetAuthTokenResponse::STATUS_OK);
}

TEST_F(Tokens, NeedAUserOrATokenInTheRequest) {
  api::GetAuthTokenResponse response;
  ASSERT_TRUE(client_.Call(kGetAuthToken, api::GetAuthTokenRequest(), &response).ok());
  EXPECT_EQ(response.header().error().code(), api::CommonError::CODE_INVALID_REQUEST);
  EXPECT_EQ(response.status(), api::GetAuthTokenResponse::STATUS_UNKNOWN);
}

TEST_F(Tokens, ShowTheDirectoryOfAllServedServices) {
  const WireOptions with = WithToken(UserToken(client_));
  api::ListServiceEntriesResponse services;
  ASSERT_TRUE(
      client_.Call(kListServiceEntries, api::ListServiceEntriesRequest(), &services, with).ok());
  std::vector<std::string> lines;
  for (const auto& entry : services.service_entries()) {
    lines.push_back(entry.name() + " " + entry.type() + " " + entry.authority());
    EXPECT_EQ(entry.last_update().seconds(), 1'770'000'000);
    const std::set<std::string> open = {"auth", "payload-registration", "robot-id"};
    EXPECT_EQ(entry.user_token_required(), open.count(entry.name()) == 0) << entry.name();
  }
  EXPECT_THAT(lines, ElementsAre("auth bosdyn.api.AuthService auth.spot.robot",
                                 "directory bosdyn.api.DirectoryService api.spot.robot",
                                 "directory-registration bosdyn.api.DirectoryRegistrationService "
                                 "api.spot.robot",
                                 "fault bosdyn.api.FaultService api.spot.robot",
                                 "payload bosdyn.api.PayloadService api.spot.robot",
                                 "payload-registration bosdyn.api.PayloadRegistrationService "
                                 "payload-registration.spot.robot",
                                 "payload-software-update bosdyn.api.PayloadSoftwareUpdateService "
                                 "api.spot.robot",
                                 "robot-id bosdyn.api.RobotIdService id.spot.robot",
                                 "robot-state bosdyn.api.RobotStateService api.spot.robot",
                                 "time-sync bosdyn.api.TimeSyncService api.spot.robot"));

  api::GetServiceEntryRequest request;
  request.set_service_name("payload");
  api::GetServiceEntryResponse entry;
  ASSERT_TRUE(client_.Call(kGetServiceEntry, request, &entry, with).ok());
  EXPECT_EQ(entry.status(), api::GetServiceEntryResponse::STATUS_OK);
  EXPECT_EQ(entry.service_entry().type(), "bosdyn.api.PayloadService");
}

TEST_F(Tokens, ShowThatAServiceDoesNotExist) {
  api::GetServiceEntryRequest request;
  api::GetServiceEntryResponse entry;
  const WireOptions with = WithToken(UserToken(client_));
  request.set_service_name("no-such-service");
  ASSERT_TRUE(client_.Call(kGetServiceEntry, request, &entry, with).ok());
  EXPECT_EQ(entry.status(), api::GetServiceEntryResponse::STATUS_NONEXISTENT_SERVICE);
  EXPECT_FALSE(entry.has_service_entry());
}

}  // namespace
}  // namespace mock_robot::testing
