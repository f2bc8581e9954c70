// What payloadctl asks of a mock robot's administration port: the seam that its tests fake.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mock_robot/v1/admin.pb.h"
#include "mock_robot/v1/software.pb.h"
#include "payload_manager/call_options.h"
#include "payload_manager/failure.h"
#include "tools/payloadctl/fault_admin.h"

namespace payload_manager::payloadctl {

// The end of a request that changes something: the robot's word, also when it refused.
struct AdminAnswer {
  ::mock_robot::v1::Result result = ::mock_robot::v1::RESULT_UNSPECIFIED;
  std::string message;
};

// How a step of the robot's clock ended, and the robot's time after it.
struct AdvanceAnswer {
  AdminAnswer answer;
  google::protobuf::Timestamp now;
};

// Threads: one at a time. Every member blocks until the answer or the call's deadline. A Failure
// means that there was no usable answer: the robot may or may not have acted.
class RobotAdmin {
 public:
  virtual ~RobotAdmin() = default;
  virtual Outcome<std::vector<::mock_robot::v1::PayloadState>> List(const CallOptions& options) = 0;
  // An empty `preset` picks the default configuration.
  virtual Outcome<AdminAnswer> Authorize(const std::string& guid, const std::string& preset,
                                         const CallOptions& options) = 0;
  virtual Outcome<AdminAnswer> Deauthorize(const std::string& guid, const CallOptions& options) = 0;
  virtual Outcome<AdminAnswer> Reject(const std::string& guid, const CallOptions& options) = 0;
  virtual Outcome<AdminAnswer> Forget(const std::string& guid, const CallOptions& options) = 0;
  virtual Outcome<AdminAnswer> Reboot(const CallOptions& options) = 0;
  virtual Outcome<AdvanceAnswer> Advance(Duration by, const CallOptions& options) = 0;
  virtual Outcome<std::vector<::mock_robot::v1::SoftwareState>> Software(
      const CallOptions& options) = 0;
  virtual Outcome<AdminAnswer> StageSoftware(const ::bosdyn::api::StagedSoftwarePackage& package,
                                             const CallOptions& options) = 0;
  virtual Outcome<AdminAnswer> UnstageSoftware(const std::string& package_name,
                                               const CallOptions& options) = 0;
  // The robot calls the payload that has registered this service, and answers when that has, or
  // when `patience` is over, the robot's own unless given.
  virtual Outcome<AdminAnswer> PromptPayload(const std::string& service,
                                             ::mock_robot::v1::PromptPayloadRequest::Prompt prompt,
                                             std::optional<Duration> patience,
                                             const CallOptions& options) = 0;
  // Faults and the journal of the same robot. Lives as long as this.
  virtual FaultAdmin& faults() = 0;
};

}  // namespace payload_manager::payloadctl
