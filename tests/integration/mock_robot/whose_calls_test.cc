// Whose calls they are that name no payload: the one's whose token came with them.
#include "bosdyn/api/directory_registration.pb.h"
#include "bosdyn/api/payload_software_update.pb.h"
#include "bosdyn/api/time_sync.pb.h"
#include "tests/integration/mock_robot/fault_fixture.h"

namespace mock_robot::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kRegisterService = "bosdyn.api.DirectoryRegistrationService/RegisterService";
const std::string kSendVersion = "bosdyn.api.PayloadSoftwareUpdateService/SendCurrentVersionInfo";
const std::string kTimeSync = "bosdyn.api.TimeSyncService/TimeSyncUpdate";

class CallsOfAToken : public OnDemand {
 protected:
  CallsOfAToken() {
    EXPECT_TRUE(Register(client_).ok());
    EXPECT_TRUE(robot_->Authorize(kGuid).ok());
    token_ = PayloadToken(client_).token();
  }

  WireStatus Refresh(const std::string& token) {
    api::GetAuthTokenRequest request;
    request.set_token(token);
    api::GetAuthTokenResponse response;
    return client_.Call(kGetAuthToken, request, &response);
  }
  WireStatus RegisterService(const std::string& token, const std::string& host = {}) {
    api::RegisterServiceRequest request;
    request.mutable_service_entry()->set_name("lidar");
    request.mutable_service_entry()->set_type("acme.Lidar");
    request.mutable_service_entry()->set_authority("lidar");
    request.mutable_service_entry()->set_host_payload_guid(host);
    api::RegisterServiceResponse response;
    return client_.Call(kRegisterService, request, &response, WithToken(token));
  }
  WireStatus SendVersion(const std::string& token) {
    api::SendCurrentVersionInfoRequest request;
    request.mutable_package_version()->set_package_name("lidar");
    api::SendCurrentVersionInfoResponse response;
    return client_.Call(kSendVersion, request, &response, WithToken(token));
  }
  WireStatus SyncTime(const std::string& token) {
    api::TimeSyncUpdateResponse response;
    return client_.Call(kTimeSync, api::TimeSyncUpdateRequest(), &response, WithToken(token));
  }
  // All that name no payload.
  void CallWith(const std::string& token) {
    ListPayloads(client_, WithToken(token));
    Refresh(token);
    RegisterService(token);
    SendVersion(token);
    SyncTime(token);
  }
  std::vector<std::string> Of(const std::string& guid) const {
    std::vector<std::string> rpcs;
    for (const JournalEntry& entry : robot_->Journal({.guid = guid})) rpcs.push_back(entry.rpc);
    return rpcs;
  }

  std::string token_;
};

TEST_F(CallsOfAToken, AreItsHoldersInTheJournal) {
  CallWith(token_);
  EXPECT_THAT(Of(kGuid),
              ElementsAre("RegisterPayload", "GetPayloadAuthToken", "ListPayloads", "GetAuthToken",
                          "RegisterService", "SendCurrentVersionInfo", "TimeSyncUpdate"));
  EXPECT_EQ(robot_->CountJournal({.rpc = "ListPayloads", .guid = kGuid}).answered, 1u);
}

TEST_F(CallsOfAToken, AreAboutTheirOwnPayloadIfTheyNameOne) {
  RegisterService(token_, "another-payload");
  EXPECT_THAT(Of("another-payload"), ElementsAre("RegisterService"));
}

TEST_F(CallsOfAToken, AreNobodysIfItIsAUsersOrNoGoodOne) {
  CallWith(UserToken(client_));
  CallWith("no-token");
  CallWith("");
  EXPECT_THAT(Of(kGuid), ElementsAre("RegisterPayload", "GetPayloadAuthToken"));
  ASSERT_TRUE(robot_->Forget(kGuid).ok());
  CallWith(token_);
  EXPECT_THAT(Of(kGuid), ElementsAre("RegisterPayload", "GetPayloadAuthToken"));
}

// Where no token is needed none is looked at, and a login is the user's.
TEST_F(CallsOfAToken, AreNobodysWhereNoTokenIsLookedAt) {
  std::string answer;
  client_.CallBytes(kGetRobotId, "", &answer, WithToken(token_));
  client_.CallBytes(kRegister, "", &answer, WithToken(token_));
  api::GetAuthTokenRequest request;
  request.set_username("anna");
  request.set_password("annas-password");
  request.set_token(token_);
  client_.CallBytes(kGetAuthToken, request.SerializeAsString(), &answer);
  EXPECT_THAT(Of(kGuid), ElementsAre("RegisterPayload", "GetPayloadAuthToken"));
  const FaultId id = Inject({.calls = {.guid = kGuid}, .what = fault::GrpcStatus()});
  client_.CallBytes(kGetRobotId, "", &answer, WithToken(token_));
  client_.CallBytes(kRegister, "", &answer, WithToken(token_));
  client_.CallBytes(kGetAuthToken, request.SerializeAsString(), &answer);
  EXPECT_EQ(Info(id).fired, 0u);
}

TEST_F(CallsOfAToken, AreHitByFaultsThatNameItsHolder) {
  const FaultId id =
      Inject({.calls = {.guid = kGuid}, .what = fault::GrpcStatus{.code = 14, .message = "no"}});
  EXPECT_EQ(ListPayloads(client_, WithToken(token_)).code, "UNAVAILABLE");
  EXPECT_EQ(Refresh(token_).code, "UNAVAILABLE");
  EXPECT_EQ(RegisterService(token_).code, "UNAVAILABLE");
  EXPECT_EQ(SendVersion(token_).code, "UNAVAILABLE");
  EXPECT_EQ(SyncTime(token_).code, "UNAVAILABLE");
  EXPECT_EQ(Info(id).fired, 5u);
  EXPECT_TRUE(ListPayloads(client_, WithToken(UserToken(client_))).ok());
  const auto hit = robot_->Journal({.rpc = "ListPayloads", .guid = kGuid});
  ASSERT_EQ(hit.size(), 1u);
  EXPECT_EQ(hit[0].fault, id);
}

TEST_F(CallsOfAToken, ThatWaitAreItsHoldersTwice) {
  const FaultId hang = Inject({.calls = {.guid = kGuid}, .what = fault::Hang()});
  CallUnderWay call([&] { return ListPayloads(client_, WithToken(token_)); });
  ASSERT_TRUE(robot_->WaitUntil(OneIsHeld));
  EXPECT_EQ(robot_->CountJournal({.rpc = "ListPayloads", .guid = kGuid}).waiting, 1u);
  robot_->RemoveFault(hang);
  EXPECT_TRUE(call.Join().ok());
  EXPECT_EQ(robot_->CountJournal({.rpc = "ListPayloads", .guid = kGuid}).waiting, 0u);
  EXPECT_EQ(robot_->CountJournal({.rpc = "ListPayloads", .guid = kGuid}).answered, 1u);
}

}  // namespace
}  // namespace mock_robot::testing
