// A robot that misbehaves on demand, and a client that suffers.
#pragma once

#include <string>
#include <utility>

#include "tests/integration/mock_robot/call_under_way.h"

namespace mock_robot::testing {

// The clock of robots in virtual time. Outlives them, which are part of the fixture.
inline ManualClock& TestClock() {
  static ManualClock clock;
  return clock;
}
inline MockRobotOptions OnTestClock() {
  MockRobotOptions options = PlainOptions();
  options.clock = &TestClock();
  return options;
}

class OnDemand : public ::testing::Test {
 protected:
  OnDemand() : OnDemand(PlainOptions()) {}
  explicit OnDemand(MockRobotOptions options)
      : robot_(StartRobot(std::move(options))), client_(robot_->address(), "") {}

  FaultId Inject(Fault fault) {
    const auto id = robot_->Inject(std::move(fault));
    EXPECT_TRUE(id.ok()) << (id.ok() ? "" : id.error().message);
    return id.ok() ? *id : 0;
  }
  FaultInfo Info(FaultId id) const {
    for (const FaultInfo& info : robot_->Faults()) {
      if (info.id == id) return info;
    }
    ADD_FAILURE() << "no fault " << id;
    return {};
  }
  // The answer to a registration; only if there is one.
  api::RegisterPayloadResponse Registered(const std::string& guid = kGuid) {
    api::RegisterPayloadResponse response;
    const WireStatus status = client_.Call(kRegister, RegisterRequest(guid), &response);
    EXPECT_TRUE(status.ok()) << status.message;
    return response;
  }
  bool IsRegistered() const { return !robot_->Payloads().empty(); }
  // Calls until the client has found its way back to the robot.
  WireStatus RegisterPatiently() {
    WireOptions patient;
    patient.wait_for_ready = true;
    WireStatus status;
    for (int attempt = 0; attempt < 5 && !status.ok(); ++attempt) {
      status = Register(client_, kGuid, patient);
    }
    return status;
  }

  const std::unique_ptr<MockRobot> robot_;
  WireClient client_;
};

}  // namespace mock_robot::testing
