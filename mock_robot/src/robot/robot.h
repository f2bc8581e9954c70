// One robot behind its wire: what every rpc does, under one lock, without gRPC.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "auth/rate_limit.h"
#include "bosdyn/api/auth.pb.h"
#include "bosdyn/api/directory.pb.h"
#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/payload_registration.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "faults/faults.h"
#include "journal/journal.h"
#include "mock_robot/mock_robot.h"
#include "mock_robot/registry.h"
#include "robot/authority.h"
#include "robot/rpcs.h"

namespace mock_robot {

// How a call as such ends. With anything but kOk the response means nothing and is not sent.
enum class CallStatus { kOk, kUnauthenticated, kTooManyRequests };

// Threads: every member may be called from any thread. Nothing blocks but WaitUntil; callbacks and
// predicates run under no lock.
class Robot {
 public:
  explicit Robot(const MockRobotOptions& options);
  // No call may be in flight.
  ~Robot();

  // The rpcs. `token` is what came with the call, empty if nothing did; services that need none
  // ignore it. The response's header is complete but for the time of sending.
  CallStatus Serve(std::string_view token, const bosdyn::api::RegisterPayloadRequest& request,
                   bosdyn::api::RegisterPayloadResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::UpdatePayloadVersionRequest& request,
                   bosdyn::api::UpdatePayloadVersionResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::GetPayloadAuthTokenRequest& request,
                   bosdyn::api::GetPayloadAuthTokenResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::UpdatePayloadAttachedRequest& request,
                   bosdyn::api::UpdatePayloadAttachedResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::ListPayloadsRequest& request,
                   bosdyn::api::ListPayloadsResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::GetAuthTokenRequest& request,
                   bosdyn::api::GetAuthTokenResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::RobotIdRequest& request,
                   bosdyn::api::RobotIdResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::GetServiceEntryRequest& request,
                   bosdyn::api::GetServiceEntryResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::ListServiceEntriesRequest& request,
                   bosdyn::api::ListServiceEntriesResponse& response);

  // A call came that a fault keeps from Serve.
  void CountRefused(const Rpc& rpc);
  // What bends and what remembers the calls.
  Faults& faults() { return faults_; }
  Journal& journal() { return *journal_; }
  // The server is about to stop: whatever waits goes on, and nothing waits from here on.
  void NeverWaitAgain();

  // How many connections of clients are open now.
  void SetConnections(std::size_t open);

  // Robot time as clients get to see it: a fault may have shifted it against the time of the rules.
  RobotTime Now() const { return TimeAt(Uptime()); }
  // How long the robot has been there, and what its time was, or will be, then.
  payload_manager::Duration Uptime() const { return clock_.Now() - started_; }
  RobotTime TimeAt(payload_manager::Duration uptime) const {
    return started_at_ + uptime + faults_.clock_ahead();
  }

  // The administrator.
  AdminAnswer Authorize(std::string_view guid, std::string_view preset_name);
  AdminAnswer Deauthorize(std::string_view guid);
  AdminAnswer Reject(std::string_view guid);
  AdminAnswer Forget(std::string_view guid);
  void Reboot();
  void SetUser(std::string_view name, const payload_manager::Secret& password);
  void RemoveUser(std::string_view name);
  // Every token handed out so far opens no door from here on.
  void ExpireTokens();

  RobotSnapshot Snapshot();
  bool WaitUntil(const std::function<bool(const RobotSnapshot&)>& predicate,
                 payload_manager::Duration patience);
  void ClockMoved();

 private:
  template <typename Request, typename Response, typename Body>
  CallStatus Run(std::string_view rpc, RateLimit* limit, const Request& request, Response& response,
                 Body body);
  template <typename Action>
  auto Change(Action action);
  RobotTime RuleTime() const { return started_at_ + Uptime(); }
  void NotifyWaiters();
  RobotSnapshot SnapshotLocked(RobotTime now);
  bool IsGood(std::string_view token, RobotTime now) const;

  const payload_manager::Clock& clock_;
  const payload_manager::TimePoint started_;
  const RobotTime started_at_;
  const bosdyn::api::RobotId id_;
  const std::vector<bosdyn::api::ServiceEntry> directory_;
  const bool rate_limits_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t version_ = 0;  // grows with every change, so that a waiter misses none
  Registry registry_;
  Authority authority_;
  RateLimit registration_limit_{10};
  RateLimit auth_limit_{5};
  std::map<std::string, std::uint64_t> calls_;
  std::size_t connections_ = 0;

  const std::shared_ptr<Journal> journal_;
  Faults faults_;  // last: its thread is joined while everything is still there
};

}  // namespace mock_robot
