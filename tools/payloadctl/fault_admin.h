// What payloadctl asks of a mock robot's faults and journal: the seam that its tests fake.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "mock_robot/v1/faults.pb.h"
#include "mock_robot/v1/journal.pb.h"
#include "payload_manager/call_options.h"
#include "payload_manager/failure.h"

namespace payload_manager::payloadctl {

// Threads: one at a time. Every member blocks until the answer or the call's deadline. What the
// robot finds wrong with a request is a Failure of kind kInvalidArgument whose message is the
// robot's, and an id that it does not know is one of kind kPayloadDoesNotExist.
class FaultAdmin {
 public:
  virtual ~FaultAdmin() = default;
  virtual Outcome<std::uint64_t> Inject(const ::mock_robot::v1::Fault& fault,
                                        const CallOptions& options) = 0;
  virtual Outcome<std::vector<::mock_robot::v1::FaultState>> Faults(const CallOptions& options) = 0;
  virtual Outcome<Done> Remove(std::uint64_t id, const CallOptions& options) = 0;
  // How many were removed; how many calls went on.
  virtual Outcome<std::uint64_t> RemoveAll(const CallOptions& options) = 0;
  virtual Outcome<std::uint64_t> Release(std::uint64_t id, const CallOptions& options) = 0;

  virtual Outcome<::mock_robot::v1::ReadJournalResponse> ReadJournal(
      const ::mock_robot::v1::ReadJournalRequest& request, const CallOptions& options) = 0;
  virtual Outcome<::mock_robot::v1::CountJournalResponse> CountJournal(
      const ::mock_robot::v1::CountJournalRequest& request, const CallOptions& options) = 0;
  // kTimedOut if there were not so many within the call's timeout.
  virtual Outcome<::mock_robot::v1::AwaitJournalResponse> AwaitJournal(
      const ::mock_robot::v1::AwaitJournalRequest& request, const CallOptions& options) = 0;
  // Says when it has `begun`, from when on nothing escapes it. Hands over what comes until `take`
  // returns false, the robot stops or the deadline passes: all of these are Done.
  using Take = std::function<bool(const ::mock_robot::v1::FollowJournalResponse&)>;
  virtual Outcome<Done> FollowJournal(const ::mock_robot::v1::FollowJournalRequest& request,
                                      const CallOptions& options,
                                      const std::function<void()>& begun, const Take& take) = 0;
};

}  // namespace payload_manager::payloadctl
