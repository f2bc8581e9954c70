#include "tests/conformance/wire_driver.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/conformance/message_driver.h"
#include "tests/conformance/names.h"
#include "tests/support/manual_clock.h"
#include "tests/support/wire_client.h"

namespace conformance {
namespace {

using google::protobuf::Message;
using mock_robot::AdminAnswer;
using mock_robot::MockRobot;
using payload_manager::Secret;
using payload_manager::testing::ManualClock;
using payload_manager::testing::WireClient;
using payload_manager::testing::WireOptions;
using payload_manager::testing::WithToken;

class RobotOverGrpc final : public RobotUnderRules {
 public:
  RobotOverGrpc(Wire wire, const std::string& assume)
      : robot_(Start(wire, clock_, assume)),
        client_(robot_->address(), robot_->root_certificate_pem()) {}

  std::string Send(const RobotRpc& rpc, const std::string& token, const Message& request,
                   Message& response) override {
    return client_
        .Call(rpc.path, request, &response, token.empty() ? WireOptions() : WithToken(token))
        .code;
  }
  AdminAnswer Authorize(const std::string& guid, const std::string& preset) override {
    return robot_->Authorize(guid, preset);
  }
  AdminAnswer Deauthorize(const std::string& guid) override { return robot_->Deauthorize(guid); }
  AdminAnswer Reject(const std::string& guid) override { return robot_->Reject(guid); }
  AdminAnswer Forget(const std::string& guid) override { return robot_->Forget(guid); }
  void Reboot() override { robot_->Reboot(); }
  AdminAnswer Stage(const bosdyn::api::StagedSoftwarePackage& package) override {
    return robot_->StageSoftware(package);
  }
  AdminAnswer Unstage(const std::string& package) override {
    return robot_->UnstageSoftware(package);
  }
  void Prompt(const std::string& service, std::function<void(const AdminAnswer&)> done) override {
    robot_->PromptPayload(service, mock_robot::SoftwarePrompt::kSendVersion, std::move(done));
  }
  mock_robot::RobotSnapshot Snapshot() override { return robot_->Snapshot(); }
  void Wait(payload_manager::Duration time) override {
    clock_.Advance(time);
    robot_->ClockMoved();
  }

 private:
  static std::unique_ptr<MockRobot> Start(Wire wire, const ManualClock& clock,
                                          const std::string& assume) {
    MockRobot::Options options;
    options.assumptions = Assumed(assume);
    options.tls = wire == Wire::kTls;
    options.clock = &clock;
    options.users.emplace("operator", Secret("operators-password"));
    auto robot = MockRobot::Start(std::move(options));
    if (!robot) ADD_FAILURE() << robot.error().message;
    return *std::move(robot);
  }

  ManualClock clock_;
  std::unique_ptr<MockRobot> robot_;
  WireClient client_;
};

}  // namespace

std::unique_ptr<Driver> MakeWireDriver(Wire wire, const std::string& assume) {
  return MakeMessageDriver(std::make_unique<RobotOverGrpc>(wire, assume));
}

}  // namespace conformance
