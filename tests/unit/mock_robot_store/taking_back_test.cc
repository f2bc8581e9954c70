// What a robot does beside a change that the disk then refuses goes back with it.
#include <functional>

#include "tests/unit/mock_robot_store/robot_keeping_fixture.h"

namespace mock_robot::testing {
namespace {

using std::chrono::seconds;

// Payload "a" hosts two services and has fallen silent, "b" waits; there are faults of a client's,
// too, and some have been cleared.
class TakingBack : public RobotKeeping {
 protected:
  template <typename Sent>
  static void Ok(const std::unique_ptr<Sent>& sent) {
    EXPECT_TRUE(sent->kept.get());
    EXPECT_EQ(sent->status, CallStatus::kOk);
    EXPECT_EQ(sent->response.status(), 1) << sent->response.ShortDebugString();
  }
  auto RegisterWatched(const std::string& guid) {
    api::RegisterPayloadRequest request;
    request.mutable_payload()->set_guid(guid);
    request.mutable_payload()->set_liveness_timeout_secs(10);
    request.set_payload_secret("secret");
    return Send<api::RegisterPayloadResponse>(request);
  }
  template <typename Response, typename Request>
  auto SendService(Request request, const std::string& name) {
    request.mutable_service_entry()->set_name(name);
    request.mutable_service_entry()->set_type("type of " + name);
    request.mutable_service_entry()->set_authority(name + ".spot.robot");
    request.mutable_service_entry()->set_liveness_timeout_secs(20);
    request.mutable_endpoint()->set_port(1234);
    return Send<Response>(request, token_);
  }
  auto RegisterService(const std::string& name) {
    return SendService<api::RegisterServiceResponse>(api::RegisterServiceRequest(), name);
  }
  auto UpdateService(const std::string& name) {
    return SendService<api::UpdateServiceResponse>(api::UpdateServiceRequest(), name);
  }
  auto UnregisterService(const std::string& name) {
    api::UnregisterServiceRequest request;
    request.set_service_name(name);
    return Send<api::UnregisterServiceResponse>(request, token_);
  }
  auto Trigger(const std::string& fault, const std::string& service) {
    api::TriggerServiceFaultRequest request;
    request.mutable_fault()->mutable_fault_id()->set_fault_name(fault);
    request.mutable_fault()->mutable_fault_id()->set_service_name(service);
    return Send<api::TriggerServiceFaultResponse>(request, token_);
  }
  auto Clear(const std::string& fault, const std::string& service) {
    api::ClearServiceFaultRequest request;
    request.mutable_fault_id()->set_fault_name(fault);
    request.mutable_fault_id()->set_service_name(service);
    return Send<api::ClearServiceFaultResponse>(request, token_);
  }

  std::string Seen() {
    const RobotSnapshot snapshot = robot_->Snapshot();
    std::string seen;
    for (const PayloadInfo& info : snapshot.payloads) seen += info.payload.DebugString();
    seen += "--- faults\n";
    for (const auto& fault : snapshot.faults) seen += fault.DebugString();
    seen += "--- history\n";
    for (const auto& fault : snapshot.historical_faults) seen += fault.DebugString();
    seen += "--- services\n";
    for (const auto& service : snapshot.services) seen += service.DebugString();
    return seen;
  }

  void SetUp() override {
    options_ = Options();
    options_.assumptions.forgetting_removes_services = true;
    options_.assumptions.reboot_keeps_authorization = false;
    StartAgain(options_);
    Ok(RegisterWatched("a"));
    robot_->Await(robot_->Authorize("a", {}));
    token_ = Token("a");
    Ok(RegisterService("first"));
    Ok(RegisterService("second"));
    Ok(Trigger("cleared", "first"));
    Ok(Clear("cleared", "first"));
    Ok(Trigger("active", "first"));
    Ok(Trigger("of nobody", ""));
    clock_.Advance(seconds(30));
    robot_->ClockMoved();
    Ok(Register("b"));
  }

  // Lives until the robot has ended.
  template <typename Sent>
  void Hold(std::unique_ptr<Sent> sent) {
    held_.push_back(std::shared_ptr<Sent>(std::move(sent)));
  }
  void TearDown() override { robot_.reset(); }

  MockRobotOptions options_;
  std::string token_;
  std::vector<std::shared_ptr<void>> held_;
};

TEST_F(TakingBack, LeavesNoTraceOfAnythingThatWasRefused) {
  const std::string before = Seen();
  EXPECT_EQ(robot_->Snapshot().faults.size(), 6u) << before;
  EXPECT_EQ(robot_->Snapshot().historical_faults.size(), 2u) << before;
  const std::vector<std::pair<const char*, std::function<void()>>> all = {
      {"first registration", [&] { Hold(RegisterWatched("c")); }},
      {"authorizing", [&] { robot_->Authorize("b", {}); }},
      {"de-authorizing", [&] { robot_->Deauthorize("a"); }},
      {"rejecting", [&] { robot_->Reject("b"); }},
      {"forgetting", [&] { robot_->Forget("a"); }},
      {"rebooting", [&] { robot_->Reboot(); }},
      {"coming back as another",
       [&] {
         robot_->Forget("a");
         Hold(RegisterWatched("a"));
         robot_->Authorize("a", {});
       }},
      {"services",
       [&] {
         Hold(Register("c"));
         Hold(RegisterService("first"));
         Hold(UpdateService("second"));
         Hold(RegisterService("third"));
         Hold(UnregisterService("first"));
         Hold(RegisterService("first"));
       }},
      {"faults",
       [&] {
         Hold(Register("c"));
         Hold(Trigger("another", "second"));
         Hold(Clear("active", "first"));
         Hold(Trigger("active", "first"));
         for (int i = 0; i < 60; ++i) {
           Hold(Trigger("many", ""));
           Hold(Clear("many", ""));
         }
       }},
      {"a heartbeat of what has changed",
       [&] {
         robot_->Deauthorize("a");
         Hold(RegisterWatched("a"));
       }},
  };
  for (const auto& [what, act] : all) {
    SCOPED_TRACE(what);
    disk_->Fail();
    disk_->Stall();
    act();
    EXPECT_NE(Seen(), before);
    disk_->GoOn();
    EXPECT_FALSE(Register("last")->kept.get());
    EXPECT_EQ(Seen(), before);
    disk_->Fail(false);
  }
  // What was put back is as alive as it was.
  EXPECT_TRUE(RegisterWatched("a")->kept.get());
  Ok(Clear("active", "first"));
  EXPECT_TRUE(RegisterService("first")->kept.get());
  EXPECT_EQ(robot_->Snapshot().faults.size(), 3u) << Seen();
}

// The registration of "c" fails, the heartbeats meanwhile were answered.
TEST_F(TakingBack, LeavesAloneWhatRestsOnNothingThatWasRefused) {
  disk_->Fail();
  disk_->Stall();
  auto refused = Register("c");
  disk_->WaitForAWrite();
  EXPECT_TRUE(RegisterWatched("a")->kept.get());
  disk_->GoOn();
  EXPECT_FALSE(refused->kept.get());
  EXPECT_EQ(Payloads(), 2u);
  const auto is_silent = [](const api::ServiceFault& fault) {
    return fault.fault_id().fault_name() == "payload_liveness";
  };
  const RobotSnapshot snapshot = robot_->Snapshot();
  EXPECT_TRUE(std::none_of(snapshot.faults.begin(), snapshot.faults.end(), is_silent)) << Seen();
}

// Nor does anything stay of what time did to a payload that there never was.
TEST_F(TakingBack, LeavesNoFaultOfAPayloadThatThereNeverWas) {
  const std::string faults = std::to_string(robot_->Snapshot().faults.size());
  disk_->Fail();
  disk_->Stall();
  auto refused = RegisterWatched("c");
  disk_->WaitForAWrite();
  clock_.Advance(seconds(10));
  robot_->Snapshot();
  disk_->GoOn();
  EXPECT_FALSE(refused->kept.get());
  EXPECT_EQ(std::to_string(robot_->Snapshot().faults.size()), faults) << Seen();
}

TEST_F(TakingBack, IsNeverSaidOfWhatHasNothingToDoWithTheDisk) {
  disk_->Stall();
  auto other = Register("c");
  disk_->WaitForAWrite();
  api::SendCurrentVersionInfoRequest version;
  version.mutable_package_version()->set_package_name("lidar");
  auto reported = Send<api::SendCurrentVersionInfoResponse>(version, token_);
  EXPECT_FALSE(reported->waits());
  auto synchronized = Send<api::TimeSyncUpdateResponse>(api::TimeSyncUpdateRequest(), token_);
  EXPECT_FALSE(synchronized->waits());
  robot_->Forget("a");
  auto refused = Send<api::SendCurrentVersionInfoResponse>(version, token_);
  EXPECT_EQ(refused->status, CallStatus::kUnauthenticated);
  EXPECT_TRUE(refused->waits());
  disk_->GoOn();
  EXPECT_TRUE(refused->kept.get());
  EXPECT_TRUE(other->kept.get());
}

}  // namespace
}  // namespace mock_robot::testing
