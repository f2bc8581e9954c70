#include "tests/conformance/rules_driver.h"

#include <utility>

#include "tests/conformance/message_driver.h"
#include "tests/support/manual_clock.h"

namespace conformance {
namespace {

using google::protobuf::Message;
using mock_robot::AdminAnswer;
using mock_robot::CallStatus;

class RobotWithoutWire final : public RobotUnderRules {
 public:
  RobotWithoutWire() : robot_(Options(clock_)) {}
  ~RobotWithoutWire() override { robot_.StopCallingPayloads(); }

  std::string Send(const RobotRpc& rpc, const std::string& token, const Message& request,
                   Message& response) override {
    switch (rpc.serve(robot_, token, request, response)) {
      case CallStatus::kOk:
        return "OK";
      case CallStatus::kUnauthenticated:
        return "UNAUTHENTICATED";
      case CallStatus::kTooManyRequests:
        return "UNAVAILABLE";
    }
    return "no such status";
  }
  AdminAnswer Authorize(const std::string& guid, const std::string& preset) override {
    return robot_.Authorize(guid, preset).answer;
  }
  AdminAnswer Deauthorize(const std::string& guid) override {
    return robot_.Deauthorize(guid).answer;
  }
  AdminAnswer Reject(const std::string& guid) override { return robot_.Reject(guid).answer; }
  AdminAnswer Forget(const std::string& guid) override { return robot_.Forget(guid).answer; }
  void Reboot() override { robot_.Reboot(); }
  AdminAnswer Stage(const bosdyn::api::StagedSoftwarePackage& package) override {
    return robot_.StageSoftware(package);
  }
  AdminAnswer Unstage(const std::string& package) override {
    return robot_.UnstageSoftware(package);
  }
  void Prompt(const std::string& service, std::function<void(const AdminAnswer&)> done) override {
    robot_.PromptPayload(service, mock_robot::SoftwarePrompt::kSendVersion, std::move(done),
                         std::chrono::seconds(5));
  }
  mock_robot::RobotSnapshot Snapshot() override { return robot_.Snapshot(); }
  void Wait(payload_manager::Duration time) override {
    clock_.Advance(time);
    robot_.ClockMoved();
  }

 private:
  static mock_robot::MockRobotOptions Options(const payload_manager::Clock& clock) {
    mock_robot::MockRobotOptions options;
    options.clock = &clock;
    options.users.emplace("operator", payload_manager::Secret("operators-password"));
    return options;
  }

  payload_manager::testing::ManualClock clock_;
  mock_robot::Robot robot_;
};

}  // namespace

std::unique_ptr<Driver> MakeRulesDriver() {
  return MakeMessageDriver(std::make_unique<RobotWithoutWire>());
}

}  // namespace conformance
