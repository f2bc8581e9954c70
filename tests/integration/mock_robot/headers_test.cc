// What every answer carries, whatever the service.
#include <atomic>
#include <thread>

#include "bosdyn/api/directory.pb.h"
#include "tests/integration/mock_robot/robot_under_test.h"

namespace mock_robot::testing {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Headers : public ::testing::Test {
 protected:
  static MockRobotOptions Options(const ManualClock& clock) {
    MockRobotOptions options = PlainOptions();
    options.clock = &clock;
    return options;
  }
  template <typename Response, typename Request>
  Response Ask(const std::string& rpc, Request request, const WireOptions& options = {}) {
    request.mutable_header()->set_client_name("test client");
    request.mutable_header()->mutable_request_timestamp()->set_seconds(1234);
    Response response;
    const WireStatus status = client_.Call(rpc, request, &response, options);
    EXPECT_TRUE(status.ok()) << status.message;
    return response;
  }
  // In robot time, which this test holds still.
  void ExpectGood(const api::ResponseHeader& header) {
    EXPECT_EQ(header.error().code(), api::CommonError::CODE_OK) << header.error().message();
    ExpectStamped(header);
  }
  void ExpectStamped(const api::ResponseHeader& header) {
    EXPECT_EQ(header.request_header().client_name(), "test client");
    EXPECT_EQ(header.request_header().request_timestamp().seconds(), 1234);
    EXPECT_EQ(header.request_received_timestamp().seconds(), 1'770'000'007);
    EXPECT_EQ(header.response_timestamp().seconds(), 1'770'000'007);
    EXPECT_FALSE(header.has_request());
  }

  ManualClock clock_;
  std::unique_ptr<MockRobot> robot_ = StartRobot(Options(clock_));
  WireClient client_{robot_->address(), ""};
};

TEST_F(Headers, AreCompleteInEveryAnswer) {
  clock_.Advance(seconds(7));
  const std::string token = UserToken(client_);
  const WireOptions with = WithToken(token);
  ExpectGood(Ask<api::RegisterPayloadResponse>(kRegister, RegisterRequest()).header());
  ExpectGood(
      Ask<api::UpdatePayloadVersionResponse>(kUpdateVersion, api::UpdatePayloadVersionRequest())
          .header());
  ExpectGood(
      Ask<api::GetPayloadAuthTokenResponse>(kGetPayloadToken, api::GetPayloadAuthTokenRequest())
          .header());
  api::UpdatePayloadAttachedRequest attach;
  attach.set_request(api::UpdatePayloadAttachedRequest::REQUEST_ATTACH);
  ExpectGood(Ask<api::UpdatePayloadAttachedResponse>(
                 "bosdyn.api.PayloadRegistrationService/UpdatePayloadAttached", attach)
                 .header());
  ExpectGood(
      Ask<api::ListPayloadsResponse>(kListPayloads, api::ListPayloadsRequest(), with).header());
  api::GetAuthTokenRequest refresh;
  refresh.set_token(token);
  ExpectGood(Ask<api::GetAuthTokenResponse>(kGetAuthToken, refresh).header());
  ExpectGood(Ask<api::RobotIdResponse>(kGetRobotId, api::RobotIdRequest()).header());
  ExpectGood(
      Ask<api::GetServiceEntryResponse>(kGetServiceEntry, api::GetServiceEntryRequest(), with)
          .header());
  ExpectGood(Ask<api::ListServiceEntriesResponse>(kListServiceEntries,
                                                  api::ListServiceEntriesRequest(), with)
                 .header());
}

// The machine's civil time is set anew; its steady time runs on.
class SteppedClock final : public payload_manager::Clock {
 public:
  payload_manager::TimePoint Now() const override { return steady.Now(); }
  payload_manager::WallTime WallNow() const override { return steady.WallNow() + Step(); }
  payload_manager::Duration Step() const { return seconds(step.load()); }

  ManualClock steady;
  std::atomic<int> step = 0;
};

TEST(RobotTime, RunsOnWhenTheMachinesTimeJumps) {
  SteppedClock clock;
  MockRobotOptions options = PlainOptions();
  options.clock = &clock;
  const auto robot = StartRobot(options);
  WireClient client(robot->address(), "");
  const auto now = [&] {
    api::RobotIdResponse response;
    EXPECT_TRUE(client.Call(kGetRobotId, api::RobotIdRequest(), &response).ok());
    EXPECT_EQ(response.header().response_timestamp().seconds(),
              response.header().request_received_timestamp().seconds());
    return response.header().response_timestamp().seconds();
  };
  EXPECT_EQ(now(), 1'770'000'000);
  clock.step = -3600;
  clock.steady.Advance(seconds(5));
  EXPECT_EQ(now(), 1'770'000'005);
  clock.step = 86'400;
  clock.steady.Advance(seconds(5));
  EXPECT_EQ(now(), 1'770'000'010);
}

TEST_F(Headers, SayWhichFieldOfAnInvalidRequestIsWrong) {
  clock_.Advance(seconds(7));
  const auto response = Ask<api::RegisterPayloadResponse>(kRegister, RegisterRequest(""));
  EXPECT_EQ(response.header().error().code(), api::CommonError::CODE_INVALID_REQUEST);
  EXPECT_THAT(response.header().error().message(), HasSubstr("GUID"));
  EXPECT_EQ(response.status(), api::RegisterPayloadResponse::STATUS_UNKNOWN);
  ExpectStamped(response.header());
}

TEST(StrictRobot, SaysWhatItFindsImplausible) {
  MockRobotOptions options = PlainOptions();
  options.registry.refuse_implausible = true;
  const auto robot = StartRobot(options);
  WireClient client(robot->address(), "");
  api::RegisterPayloadResponse response;
  ASSERT_TRUE(client.Call(kRegister, RegisterRequest(), &response).ok());
  EXPECT_EQ(response.header().error().code(), api::CommonError::CODE_INVALID_REQUEST);
  EXPECT_THAT(response.header().error().message(), HasSubstr("mount_frame_name"));
  EXPECT_EQ(response.status(), api::RegisterPayloadResponse::STATUS_UNKNOWN);
  EXPECT_TRUE(robot->Payloads().empty());
}

TEST_F(Headers, TellWhenTheAnswerLeftEvenIfItWasHeldBack) {
  clock_.Advance(seconds(7));
  robot_->HoldAnswers();
  api::RobotIdResponse response;
  std::jthread caller(
      [&] { EXPECT_TRUE(client_.Call(kGetRobotId, api::RobotIdRequest(), &response).ok()); });
  EXPECT_TRUE(robot_->WaitUntil([](const RobotSnapshot& s) { return s.held_answers == 1; }));
  clock_.Advance(seconds(3));
  robot_->ReleaseAnswers();
  caller.join();
  EXPECT_EQ(response.header().request_received_timestamp().seconds(), 1'770'000'007);
  EXPECT_EQ(response.header().response_timestamp().seconds(), 1'770'000'010);
}

TEST_F(Headers, GoWithTheRobotsIdentity) {
  const auto id = Ask<api::RobotIdResponse>(kGetRobotId, api::RobotIdRequest()).robot_id();
  EXPECT_EQ(id.serial_number(), MockRobotOptions().serial_number);
  EXPECT_EQ(id.nickname(), MockRobotOptions().nickname);
  EXPECT_EQ(id.species(), "spot");
  EXPECT_THAT(id.version(), Not(IsEmpty()));
  const auto& release = id.software_release();
  EXPECT_EQ(release.api_version(), "5.1.0");
  EXPECT_EQ(release.version().major_version(), 5);
  EXPECT_EQ(release.version().minor_version(), 1);
}

}  // namespace
}  // namespace mock_robot::testing
