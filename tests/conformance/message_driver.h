// The rules by the messages of the wire, sent to a mock robot in this process in one of two ways:
// over gRPC, or straight to what answers behind it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mock_robot/mock_robot.h"
#include "tests/conformance/driver.h"
#include "tests/conformance/rpcs.h"

namespace conformance {

// The robot that a MessageDriver talks to, on a clock of its own, with a user "operator" whose
// password is "operators-password". Threads: one.
class RobotUnderRules {
 public:
  virtual ~RobotUnderRules() = default;

  // gRPC's name of how the call went.
  virtual std::string Send(const RobotRpc& rpc, const std::string& token,
                           const google::protobuf::Message& request,
                           google::protobuf::Message& response) = 0;

  virtual mock_robot::AdminAnswer Authorize(const std::string& guid, const std::string& preset) = 0;
  virtual mock_robot::AdminAnswer Deauthorize(const std::string& guid) = 0;
  virtual mock_robot::AdminAnswer Reject(const std::string& guid) = 0;
  virtual mock_robot::AdminAnswer Forget(const std::string& guid) = 0;
  virtual void Reboot() = 0;
  virtual mock_robot::AdminAnswer Stage(const bosdyn::api::StagedSoftwarePackage& package) = 0;
  virtual mock_robot::AdminAnswer Unstage(const std::string& package) = 0;
  virtual void Prompt(const std::string& service,
                      std::function<void(const mock_robot::AdminAnswer&)> done) = 0;

  virtual mock_robot::RobotSnapshot Snapshot() = 0;
  virtual void Wait(payload_manager::Duration time) = 0;
};

std::unique_ptr<Driver> MakeMessageDriver(std::unique_ptr<RobotUnderRules> robot);

}  // namespace conformance
