// The services that payloads use with their token, over the wire: who may, what is said, and what
// the robot makes of nonsense. What they do is told by the unit tests of their rules.
#include <google/protobuf/util/time_util.h>

#include "bosdyn/api/directory_registration.pb.h"
#include "bosdyn/api/payload_software_update.pb.h"
#include "bosdyn/api/robot_state.pb.h"
#include "bosdyn/api/time_sync.pb.h"
#include "tests/integration/mock_robot/robot_under_test.h"

namespace mock_robot::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kRegisterService = "bosdyn.api.DirectoryRegistrationService/RegisterService";
const std::string kUnregisterService = "bosdyn.api.DirectoryRegistrationService/UnregisterService";
const std::string kUpdateService = "bosdyn.api.DirectoryRegistrationService/UpdateService";
const std::string kTrigger = "bosdyn.api.FaultService/TriggerServiceFault";
const std::string kClear = "bosdyn.api.FaultService/ClearServiceFault";
const std::string kGetState = "bosdyn.api.RobotStateService/GetRobotState";
const std::string kTimeSync = "bosdyn.api.TimeSyncService/TimeSyncUpdate";
const std::string kSendVersion = "bosdyn.api.PayloadSoftwareUpdateService/SendCurrentVersionInfo";
const std::string kGetUpdates =
    "bosdyn.api.PayloadSoftwareUpdateService/GetAvailableSoftwareUpdates";
const std::string kSendStatus = "bosdyn.api.PayloadSoftwareUpdateService/SendSoftwareUpdateStatus";
const std::vector<std::string> kAll = {
    kRegisterService, kUnregisterService, kUpdateService, kTrigger,    kClear,
    kGetState,        kTimeSync,          kSendVersion,   kGetUpdates, kSendStatus};

// The request header is the first field of every request, the response header of every response;
// any response type will do to read it.
std::string HeaderOnly() {
  api::RobotStateRequest request;
  request.mutable_header()->set_client_name("test client");
  request.mutable_header()->mutable_request_timestamp()->set_seconds(1234);
  return request.SerializeAsString();
}
api::ResponseHeader HeaderOf(const std::string& bytes) {
  api::RobotStateResponse response;
  EXPECT_TRUE(response.ParseFromString(bytes));
  return response.header();
}

class Services : public ::testing::Test {
 protected:
  static MockRobotOptions Options(const ManualClock& clock) {
    MockRobotOptions options = PlainOptions();
    options.clock = &clock;
    return options;
  }
  Services() {
    EXPECT_TRUE(Register(client_).ok());
    EXPECT_TRUE(robot_->Authorize(kGuid).ok());
    token_ = WithToken(PayloadToken(client_).token());
  }

  template <typename Response, typename Request>
  Response Ask(const std::string& rpc, const Request& request) {
    Response response;
    const WireStatus status = client_.Call(rpc, request, &response, token_);
    EXPECT_TRUE(status.ok()) << status.message;
    return response;
  }
  api::RegisterServiceResponse::Status RegisterLidar(double liveness = 0) {
    api::RegisterServiceRequest request;
    request.mutable_service_entry()->set_name("lidar");
    request.mutable_service_entry()->set_type("acme.Lidar");
    request.mutable_service_entry()->set_authority("lidar");
    request.mutable_service_entry()->set_liveness_timeout_secs(liveness);
    return Ask<api::RegisterServiceResponse>(kRegisterService, request).status();
  }
  api::ServiceFaultState FaultState() {
    return Ask<api::RobotStateResponse>(kGetState, api::RobotStateRequest())
        .robot_state()
        .service_fault_state();
  }

  ManualClock clock_;
  std::unique_ptr<MockRobot> robot_ = StartRobot(Options(clock_));
  WireClient client_{robot_->address(), ""};
  WireOptions token_;
};

TEST_F(Services, NeedAToken) {
  std::string answer;
  for (const std::string& rpc : kAll) {
    for (const WireOptions& options : {WireOptions(), WithToken("None"), WithToken("a.b.c")}) {
      EXPECT_EQ(client_.CallBytes(rpc, HeaderOnly(), &answer, options).code, "UNAUTHENTICATED")
          << rpc;
    }
    EXPECT_TRUE(client_.CallBytes(rpc, HeaderOnly(), &answer, token_).ok()) << rpc;
  }
  EXPECT_THAT(robot_->Snapshot().services, IsEmpty());
}

TEST_F(Services, LoseThePayloadsTokenWithThePayload) {
  EXPECT_EQ(RegisterLidar(), api::RegisterServiceResponse::STATUS_OK);
  ASSERT_TRUE(robot_->Forget(kGuid).ok());
  std::string answer;
  for (const std::string& rpc : kAll) {
    EXPECT_EQ(client_.CallBytes(rpc, HeaderOnly(), &answer, token_).code, "UNAUTHENTICATED");
  }
  EXPECT_EQ(robot_->Snapshot().services.size(), 1u) << "until it is unregistered, or a reboot";
}

TEST_F(Services, AnswerWithACompleteHeader) {
  clock_.Advance(std::chrono::seconds(7));
  for (const std::string& rpc : kAll) {
    std::string answer;
    ASSERT_TRUE(client_.CallBytes(rpc, HeaderOnly(), &answer, token_).ok()) << rpc;
    const api::ResponseHeader header = HeaderOf(answer);
    EXPECT_EQ(header.request_header().client_name(), "test client") << rpc;
    EXPECT_EQ(header.request_header().request_timestamp().seconds(), 1234);
    EXPECT_EQ(header.request_received_timestamp().seconds(), 1'770'000'007);
    EXPECT_EQ(header.response_timestamp().seconds(), 1'770'000'007);
    EXPECT_NE(header.error().code(), api::CommonError::CODE_UNSPECIFIED) << rpc;
    EXPECT_FALSE(header.has_request());
  }
}

TEST_F(Services, AreCountedByTheRobot) {
  std::string answer;
  for (const std::string& rpc : kAll) {
    client_.CallBytes(rpc, "", &answer, token_);
    EXPECT_EQ(robot_->Snapshot().Calls(rpc.substr(rpc.find('/') + 1)), 1u) << rpc;
  }
}

TEST_F(Services, SurviveNonsense) {
  std::string nested;
  for (int i = 0; i < 10'000; ++i) nested += "\x13";  // groups within groups
  std::string deep;                                   // messages within messages
  for (int i = 0; i < 200; ++i) {
    std::string outer("\x12");
    if (deep.size() < 127) {
      outer += static_cast<char>(deep.size());
    } else {
      outer += static_cast<char>((deep.size() & 0x7f) | 0x80);
      outer += static_cast<char>(deep.size() >> 7);
    }
    deep.insert(0, outer);
  }
  std::string answer;
  for (const std::string& rpc : kAll) {
    for (const std::string& bytes :
         {std::string("\xff\xff\xff\xff"), std::string("\x0a\x7f"), nested}) {
      EXPECT_NE(client_.CallBytes(rpc, bytes, &answer, token_).code, "OK") << rpc;
    }
    client_.CallBytes(rpc, deep, &answer, token_);
    EXPECT_TRUE(client_.CallBytes(rpc, "", &answer, token_).ok()) << rpc;
  }
  // A name that is no UTF-8, where each of them has one.
  const std::string bad = "\x0a\x02\xc3\x28";
  const std::string inner = std::string("\x1a") + static_cast<char>(bad.size()) + bad;
  EXPECT_NE(client_.CallBytes(kRegisterService, inner, &answer, token_).code, "OK");
  EXPECT_NE(client_.CallBytes(kUnregisterService, "\x12\x02\xc3\x28", &answer, token_).code, "OK");
  EXPECT_NE(client_.CallBytes(kTimeSync, "\x1a\x02\xc3\x28", &answer, token_).code, "OK");
  EXPECT_THAT(robot_->Snapshot().services, IsEmpty());
}

TEST_F(Services, MayBeAskedWithLargeMessages) {
  api::TriggerServiceFaultRequest request;
  request.mutable_fault()->mutable_fault_id()->set_fault_name("large");
  request.mutable_fault()->set_error_message(std::string(99 << 20, 'x'));
  const auto response = Ask<api::TriggerServiceFaultResponse>(kTrigger, request);
  EXPECT_EQ(response.header().error().code(), api::CommonError::CODE_INVALID_REQUEST);
  EXPECT_THAT(response.header().error().message(), HasSubstr("fault is larger than"));
  EXPECT_THAT(robot_->Snapshot().faults, IsEmpty());
}

TEST_F(Services, OfAPayloadAreInTheDirectoryUntilAReboot) {
  EXPECT_EQ(RegisterLidar(), api::RegisterServiceResponse::STATUS_OK);
  EXPECT_EQ(RegisterLidar(), api::RegisterServiceResponse::STATUS_ALREADY_EXISTS);
  api::GetServiceEntryRequest get;
  get.set_service_name("lidar");
  auto found = Ask<api::GetServiceEntryResponse>(kGetServiceEntry, get);
  EXPECT_EQ(found.service_entry().host_payload_guid(), kGuid);
  EXPECT_EQ(found.service_entry().authority(), "lidar.spot.robot");
  robot_->Reboot();
  found = Ask<api::GetServiceEntryResponse>(kGetServiceEntry, get);
  EXPECT_EQ(found.status(), api::GetServiceEntryResponse::STATUS_NONEXISTENT_SERVICE);
  EXPECT_EQ(
      Ask<api::ListServiceEntriesResponse>(kListServiceEntries, api::ListServiceEntriesRequest())
          .service_entries_size(),
      10);
}

TEST_F(Services, ThatFallSilentAreFaultsInTheRobotsState) {
  RegisterLidar(5);
  clock_.Advance(std::chrono::seconds(4));
  EXPECT_EQ(FaultState().faults_size(), 0);
  clock_.Advance(std::chrono::seconds(2));
  const auto state = FaultState();
  ASSERT_EQ(state.faults_size(), 1);
  EXPECT_EQ(state.faults(0).fault_id().service_name(), "lidar");
  EXPECT_EQ(state.faults(0).fault_id().payload_guid(), kGuid);
  EXPECT_EQ(state.faults(0).onset_timestamp().seconds(), 1'770'000'005);
  EXPECT_EQ(RegisterLidar(), api::RegisterServiceResponse::STATUS_ALREADY_EXISTS);
  EXPECT_EQ(FaultState().faults_size(), 0);
  EXPECT_EQ(FaultState().historical_faults().rbegin()->duration().seconds(), 1);
}

// Nobody calls: the robot's watchers learn of it all the same.
TEST(SilentServices, AreNoticedWithoutACall) {
  const auto robot = StartRobot();
  WireClient client(robot->address(), "");
  api::RegisterServiceRequest request;
  request.mutable_service_entry()->set_name("lidar");
  request.mutable_service_entry()->set_type("acme.Lidar");
  request.mutable_service_entry()->set_authority("lidar");
  request.mutable_service_entry()->set_liveness_timeout_secs(0.05);
  api::RegisterServiceResponse response;
  ASSERT_TRUE(client.Call(kRegisterService, request, &response, WithToken(UserToken(client))).ok());
  EXPECT_TRUE(robot->WaitUntil([](const RobotSnapshot& now) { return now.faults.size() == 1; }));
}

TEST_F(Services, ShareOneTableOfFaults) {
  ASSERT_TRUE(Register(client_, "guid-of-another").ok());
  RegisterLidar();
  api::TriggerServiceFaultRequest trigger;
  trigger.mutable_fault()->mutable_fault_id()->set_fault_name("dirty lens");
  trigger.mutable_fault()->mutable_fault_id()->set_service_name("lidar");
  EXPECT_EQ(Ask<api::TriggerServiceFaultResponse>(kTrigger, trigger).status(),
            api::TriggerServiceFaultResponse::STATUS_OK);
  std::vector<std::string> seen;
  const auto state = FaultState();
  for (const auto& fault : state.faults()) {
    seen.push_back(fault.fault_id().fault_name() + " of " + fault.fault_id().payload_guid());
  }
  EXPECT_THAT(seen, ElementsAre(std::string(kNotAuthorizedFault) + " of guid-of-another",
                                "dirty lens of " + kGuid));
  // What belongs to a payload goes with it.
  ASSERT_TRUE(robot_->Forget("guid-of-another").ok());
  api::ClearServiceFaultRequest clear;
  *clear.mutable_fault_id() = trigger.fault().fault_id();
  EXPECT_EQ(Ask<api::ClearServiceFaultResponse>(kClear, clear).status(),
            api::ClearServiceFaultResponse::STATUS_OK);
  EXPECT_EQ(Ask<api::ClearServiceFaultResponse>(kClear, clear).status(),
            api::ClearServiceFaultResponse::STATUS_FAULT_NOT_ACTIVE);
  const RobotSnapshot after = robot_->Snapshot();
  EXPECT_THAT(after.faults, IsEmpty());
  EXPECT_EQ(after.historical_faults.size(), 3u) << "the first payload waited, too";
}

TEST_F(Services, StartOverAfterAReboot) {
  ASSERT_TRUE(Register(client_, "guid-of-another").ok());
  api::TriggerServiceFaultRequest trigger;
  trigger.mutable_fault()->mutable_fault_id()->set_fault_name("hot");
  Ask<api::TriggerServiceFaultResponse>(kTrigger, trigger);
  clock_.Advance(std::chrono::seconds(100));
  robot_->Reboot();
  const auto state = FaultState();
  ASSERT_EQ(state.faults_size(), 1) << "the payload waits still";
  EXPECT_EQ(state.faults(0).fault_id().payload_guid(), "guid-of-another");
  EXPECT_EQ(state.faults(0).onset_timestamp().seconds(), 1'770'000'100);
  EXPECT_EQ(state.historical_faults_size(), 0);
}

TEST(AssumedOtherwise, FaultsOutliveAReboot) {
  MockRobotOptions options = PlainOptions();
  ASSERT_TRUE(Assume("reboot-clears-faults=no", options.assumptions).ok());
  const auto robot = StartRobot(options);
  WireClient client(robot->address(), "");
  api::TriggerServiceFaultRequest trigger;
  trigger.mutable_fault()->mutable_fault_id()->set_fault_name("hot");
  api::TriggerServiceFaultResponse response;
  ASSERT_TRUE(client.Call(kTrigger, trigger, &response, WithToken(UserToken(client))).ok());
  robot->Reboot();
  EXPECT_EQ(robot->Snapshot().faults.size(), 1u);
}

TEST(AssumedOtherwise, ThePayloadsServicesGoWithIt) {
  MockRobotOptions options = PlainOptions();
  ASSERT_TRUE(Assume("forgetting-removes-services=yes", options.assumptions).ok());
  for (const bool reject : {false, true}) {
    ASSERT_TRUE(Assume("authorized-can-be-rejected=yes", options.assumptions).ok());
    const auto robot = StartRobot(options);
    WireClient client(robot->address(), "");
    ASSERT_TRUE(Register(client).ok());
    ASSERT_TRUE(robot->Authorize(kGuid).ok());
    api::RegisterServiceRequest request;
    request.mutable_service_entry()->set_name("lidar");
    request.mutable_service_entry()->set_type("acme.Lidar");
    request.mutable_service_entry()->set_authority("lidar");
    api::RegisterServiceResponse response;
    const WireOptions token = WithToken(PayloadToken(client).token());
    ASSERT_TRUE(client.Call(kRegisterService, request, &response, token).ok());
    EXPECT_EQ(robot->Snapshot().services.size(), 1u);
    ASSERT_TRUE((reject ? robot->Reject(kGuid) : robot->Forget(kGuid)).ok());
    EXPECT_THAT(robot->Snapshot().services, IsEmpty());
  }
}

TEST(AssumedOtherwise, TheDirectorySaysOtherThings) {
  MockRobotOptions options = PlainOptions();
  ASSERT_TRUE(Assume("other-authority=elsewhere.spot.robot", options.assumptions).ok());
  ASSERT_TRUE(Assume("mark-token-services=no", options.assumptions).ok());
  const auto robot = StartRobot(options);
  WireClient client(robot->address(), "");
  api::GetServiceEntryRequest get;
  get.set_service_name("fault");
  api::GetServiceEntryResponse found;
  ASSERT_TRUE(client.Call(kGetServiceEntry, get, &found, WithToken(UserToken(client))).ok());
  EXPECT_EQ(found.service_entry().authority(), "elsewhere.spot.robot");
  EXPECT_FALSE(found.service_entry().user_token_required());
}

TEST(AssumedOtherwise, RequestsAreReadOtherwise) {
  MockRobotOptions options = PlainOptions();
  ASSERT_TRUE(Assume("refuse-absent-version=yes", options.assumptions).ok());
  ASSERT_TRUE(Assume("old-credentials-win=yes", options.assumptions).ok());
  const auto robot = StartRobot(options);
  WireClient client(robot->address(), "");
  ASSERT_TRUE(Register(client).ok());
  api::UpdatePayloadVersionRequest update;
  update.mutable_payload_credentials()->set_guid("nobody");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  update.set_payload_guid(kGuid);
  update.set_payload_secret(kSecret);
#pragma GCC diagnostic pop
  api::UpdatePayloadVersionResponse response;
  ASSERT_TRUE(client.Call(kUpdateVersion, update, &response).ok());
  EXPECT_EQ(response.header().error().code(), api::CommonError::CODE_INVALID_REQUEST);
  update.mutable_updated_version()->set_major_version(2);
  ASSERT_TRUE(client.Call(kUpdateVersion, update, &response).ok());
  EXPECT_EQ(response.status(), api::UpdatePayloadVersionResponse::STATUS_OK);
}

TEST(AssumedOtherwise, RateLimitsCountForLonger) {
  ManualClock clock;
  MockRobotOptions options = PlainOptions();
  options.rate_limits = true;
  options.clock = &clock;
  ASSERT_TRUE(Assume("rate-limit-window-ms=60000", options.assumptions).ok());
  const auto robot = StartRobot(options);
  WireClient client(robot->address(), "");
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Register(client).ok());
  clock.Advance(std::chrono::seconds(59));
  EXPECT_EQ(Register(client).code, "UNAVAILABLE");
  clock.Advance(std::chrono::seconds(1));
  EXPECT_TRUE(Register(client).ok());
}

TEST_F(Services, KeepTimeInRobotTime) {
  auto answer = Ask<api::TimeSyncUpdateResponse>(kTimeSync, api::TimeSyncUpdateRequest());
  EXPECT_EQ(answer.state().status(), api::TimeSyncState::STATUS_MORE_SAMPLES_NEEDED);
  api::TimeSyncUpdateRequest request;
  request.set_clock_identifier(answer.clock_identifier());
  for (int i = 0; i < 3; ++i) {
    auto& trip = *request.mutable_previous_round_trip();
    trip.mutable_client_tx()->set_seconds(1'770'000'060);
    *trip.mutable_server_rx() = answer.header().request_received_timestamp();
    *trip.mutable_server_tx() = answer.header().response_timestamp();
    trip.mutable_client_rx()->set_seconds(1'770'000'060);
    answer = Ask<api::TimeSyncUpdateResponse>(kTimeSync, request);
  }
  EXPECT_EQ(answer.state().status(), api::TimeSyncState::STATUS_OK);
  EXPECT_EQ(answer.state().best_estimate().clock_skew().seconds(), -60);
  request.clear_clock_identifier();
  answer = Ask<api::TimeSyncUpdateResponse>(kTimeSync, request);
  EXPECT_EQ(answer.header().error().code(), api::CommonError::CODE_INVALID_REQUEST);
}

TEST_F(Services, KnowTheSoftwareOfPayloads) {
  api::SendCurrentVersionInfoRequest version;
  version.mutable_package_version()->set_package_name("acme");
  Ask<api::SendCurrentVersionInfoResponse>(kSendVersion, version);
  api::SendSoftwareUpdateStatusRequest status;
  status.mutable_update_status()->set_package_name("acme");
  status.mutable_update_status()->set_status(api::SoftwareUpdateStatus::STATUS_SUCCESS);
  Ask<api::SendSoftwareUpdateStatusResponse>(kSendStatus, status);
  api::StagedSoftwarePackage package;
  package.mutable_version_info()->set_package_name("acme");
  package.set_url("https://192.168.50.3/acme");
  ASSERT_TRUE(robot_->StageSoftware(package).ok());
  api::GetAvailableSoftwareUpdatesRequest which;
  which.add_package_names("acme");
  const auto updates = Ask<api::GetAvailableSoftwareUpdatesResponse>(kGetUpdates, which);
  ASSERT_EQ(updates.staged_packages_size(), 1);
  EXPECT_EQ(updates.staged_packages(0).url(), package.url());
  const RobotSnapshot now = robot_->Snapshot();
  ASSERT_EQ(now.software.size(), 1u);
  EXPECT_EQ(now.software[0].reporter, kGuid);
  EXPECT_TRUE(now.software[0].current.has_value());
  EXPECT_EQ(now.software[0].status->status(), api::SoftwareUpdateStatus::STATUS_SUCCESS);
  EXPECT_TRUE(robot_->UnstageSoftware("acme").ok());
}

}  // namespace
}  // namespace mock_robot::testing
