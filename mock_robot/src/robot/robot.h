// One robot behind its wire: what every rpc does, under one lock, without gRPC.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/rate_limit.h"
#include "bosdyn/api/auth.pb.h"
#include "bosdyn/api/directory.pb.h"
#include "bosdyn/api/directory_registration.pb.h"
#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/payload_registration.pb.h"
#include "bosdyn/api/payload_software_update.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "bosdyn/api/robot_state.pb.h"
#include "bosdyn/api/service_fault.pb.h"
#include "bosdyn/api/time_sync.pb.h"
#include "directory/service_directory.h"
#include "faults/faults_on_demand.h"
#include "journal/journal.h"
#include "mock_robot/mock_robot.h"
#include "mock_robot/registry.h"
#include "registry/undo_log.h"
#include "robot/authority.h"
#include "robot/call_status.h"
#include "robot/payload_calls.h"
#include "robot/reads.h"
#include "robot/rpcs.h"
#include "robot/tokens_looked_at.h"
#include "service_faults/service_fault_table.h"
#include "software_update/software_packages.h"
#include "store/commit_queue.h"
#include "store/store.h"
#include "time_sync/time_sync.h"

namespace mock_robot {

// What an administrator's request came to, and what must be on the disk before that is told.
struct AdminOutcome {
  AdminAnswer answer;
  Ticket until_kept;
};

// Threads: every member may be called from any thread. Nothing blocks but WaitUntil, Await,
// AddUsers and SetUser (a password is stretched); callbacks and predicates run under no lock.
//
// With a store, changes take effect at once and are told of only when they are on the disk, also by
// answers that only read them: everything that leaves the robot goes through WhenKept or Await.
// Snapshot and WaitUntil are for the same process and show what is not on the disk yet.
class Robot {
 public:
  // With a store, goes on where `state` left off, and leaves the options' users to AddUsers.
  explicit Robot(const MockRobotOptions& options, OpenedState state = {});
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
  CallStatus Serve(std::string_view token, const bosdyn::api::RegisterServiceRequest& request,
                   bosdyn::api::RegisterServiceResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::UnregisterServiceRequest& request,
                   bosdyn::api::UnregisterServiceResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::UpdateServiceRequest& request,
                   bosdyn::api::UpdateServiceResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::TriggerServiceFaultRequest& request,
                   bosdyn::api::TriggerServiceFaultResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::ClearServiceFaultRequest& request,
                   bosdyn::api::ClearServiceFaultResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::RobotStateRequest& request,
                   bosdyn::api::RobotStateResponse& response);
  CallStatus Serve(std::string_view token, const bosdyn::api::TimeSyncUpdateRequest& request,
                   bosdyn::api::TimeSyncUpdateResponse& response);
  CallStatus Serve(std::string_view token,
                   const bosdyn::api::SendCurrentVersionInfoRequest& request,
                   bosdyn::api::SendCurrentVersionInfoResponse& response);
  CallStatus Serve(std::string_view token,
                   const bosdyn::api::GetAvailableSoftwareUpdatesRequest& request,
                   bosdyn::api::GetAvailableSoftwareUpdatesResponse& response);
  CallStatus Serve(std::string_view token,
                   const bosdyn::api::SendSoftwareUpdateStatusRequest& request,
                   bosdyn::api::SendSoftwareUpdateStatusResponse& response);

  // Runs `serve`, which serves this request, once that takes no time worth mentioning; at once for
  // all but a login whose password has to be stretched, which may run on another thread.
  template <typename Request, typename Serve>
  void WhenReadyFor(const Request&, Serve serve) {
    serve();
  }
  template <typename Serve>
  void WhenReadyFor(const bosdyn::api::GetAuthTokenRequest& request, Serve serve) {
    if (!MustStretch(request)) return serve();
    StretchThen(request, std::move(serve));
  }

  // Runs `completion` as soon as what a call or an administrator's request changed or read is on
  // the disk, on another thread perhaps. Not `kept`: the disk failed, everything is as before the
  // call, and the answer is StoreProblem().
  template <typename Completion>
  void WhenKept(const Ticket& ticket, Completion completion) {
    if (ticket == nullptr) return completion(true);
    commits_->Then(ticket, std::move(completion));
  }
  void WhenKept(AdminOutcome outcome, std::function<void(const AdminAnswer&)> completion);
  AdminAnswer Await(AdminOutcome outcome);
  // The same for what a fault did at once: its number, or why it has been removed again.
  void WhenKept(Injected fault,
                std::function<void(const payload_manager::Checked<FaultId>&)> completion);
  payload_manager::Checked<FaultId> Await(const Injected& fault);
  // For who tells what faults have done: everything so far.
  Ticket EverythingSoFar();
  std::string StoreProblem() const;

  // The payload whose token is to open this call, were it served now; empty if it is a user's, if
  // it opens no door, or if no token is looked at.
  template <typename Request>
  std::string CallerOf(std::string_view token, const Request& request) const {
    return HolderOfGoodToken(TokenLookedAt(token, request));
  }
  std::string CallerOf(std::string_view, const bosdyn::api::GetAuthTokenRequest& request) const {
    return HolderOfGoodToken(authority_.TokenThatCounts(request));
  }

  // A call came that a fault keeps from Serve.
  void CountRefused(const Rpc& rpc);
  // What bends and what remembers the calls.
  FaultsOnDemand& faults() { return on_demand_; }
  Journal& journal() { return *journal_; }
  // The server is about to stop: whatever waits goes on, and nothing waits from here on.
  void NeverWaitAgain();

  // How many connections of clients are open now.
  void SetConnections(std::size_t open);

  // Robot time as clients get to see it: a fault may have shifted it against the time of the rules.
  RobotTime Now() const { return TimeAt(Uptime()); }
  // How long the robot has been there, and what its time was, or will be, then.
  payload_manager::Duration Uptime() const {
    return clock_.Now() - started_ +
           payload_manager::Duration(advanced_.load(std::memory_order_relaxed));
  }
  RobotTime TimeAt(payload_manager::Duration uptime) const {
    return started_at_ + uptime + on_demand_.clock_ahead();
  }

  // The administrator.
  AdminOutcome Authorize(std::string_view guid, std::string_view preset_name);
  AdminOutcome Deauthorize(std::string_view guid);
  AdminOutcome Reject(std::string_view guid);
  AdminOutcome Forget(std::string_view guid);
  AdminOutcome Reboot();
  AdminOutcome SetUser(std::string_view name, const payload_manager::Secret& password);
  AdminOutcome RemoveUser(std::string_view name);
  payload_manager::Checked<payload_manager::Done> AddUsers(
      const std::map<std::string, payload_manager::Secret, std::less<>>& passwords_by_name);
  // Every token handed out so far opens no door from here on; told once the new key is kept.
  Ticket ExpireTokens();
  AdminAnswer StageSoftware(const bosdyn::api::StagedSoftwarePackage& package);
  AdminAnswer UnstageSoftware(std::string_view package_name);
  // See MockRobot::PromptPayload.
  void PromptPayload(std::string_view service_name, SoftwarePrompt prompt, PayloadCalls::Done done,
                     payload_manager::Duration patience);
  // Ends the calls to payloads and makes no more. Blocks until they have ended, which is soon.
  void StopCallingPayloads();

  std::vector<SoftwareInfo> Software();

  RobotSnapshot Snapshot();
  // With what must be on the disk before it is told to other processes.
  RobotSnapshot Snapshot(Ticket& until_kept);
  bool WaitUntil(const std::function<bool(const RobotSnapshot&)>& predicate,
                 payload_manager::Duration patience);
  void ClockMoved();
  // See MockRobot::Advance. The problem names the field `by`.
  payload_manager::Checked<AdminOutcome> Advance(payload_manager::Duration by);

 private:
  template <typename Request, typename Response, typename Body>
  CallStatus Run(std::string_view rpc, RateLimit* limit, const Request& request, Response& response,
                 Body body);
  // Any change that comes from outside a call, told to whoever waits.
  template <typename Action>
  AdminOutcome Change(Action action) {
    const std::lock_guard lock(mutex_);
    ++version_;
    changed_.notify_all();
    AdminAnswer answer = action(RuleTime());
    return {std::move(answer), KeepLocked(Reads{})};
  }
  RobotTime RuleTime() const { return started_at_ + Uptime(); }
  void NotifyWaiters();
  // Does what is due by now.
  void AdvanceLocked(RobotTime now);
  std::optional<RobotTime> NextChangeLocked() const;
  // Where the initiation service of this name listens, as "host:port"; an answer that is not ok if
  // there is none that could be called.
  AdminAnswer FindInitiationService(std::string_view name, std::string& target);
  RobotSnapshot SnapshotLocked(RobotTime now);
  // The payload whose token it is, empty for a user's; nothing if the token opens no door.
  std::optional<std::string> HolderOf(const std::optional<TokenClaims>& claims) const;
  // The same, noted for the status of the call that is being served.
  std::optional<std::string> HolderOf(std::string_view token, RobotTime now);
  std::string HolderOfGoodToken(std::string_view token) const;

  payload_manager::Checked<FaultId> FaultUnlessTakenBack(FaultId id, bool kept);
  void Restore(OpenedState state);
  // What has been done since the last time falls with these changes, if the disk refuses them.
  Ticket FallsWith(Ticket ticket);
  // Queues `changes` with what has changed in the registry since the last time, under the lock;
  // null if nothing has.
  Ticket KeepLocked(Changes changes = {});
  // The same, or else what of the changes still queued was read.
  Ticket KeepLocked(const Reads& reads);
  Ticket QueueLocked(Changes changes);
  Ticket TicketOf(const Reads& reads) const;
  void Undo(const payload_manager::Problem& problem);
  void ProveIfRight(std::string_view name, const std::optional<StretchedPassword>& kept,
                    const payload_manager::Secret& password);
  bool MustStretch(const bosdyn::api::GetAuthTokenRequest& request);
  void StretchThen(const bosdyn::api::GetAuthTokenRequest& request, std::function<void()> serve);

  const payload_manager::Clock& clock_;
  const payload_manager::TimePoint started_;
  const RobotTime started_at_;
  std::atomic<payload_manager::Duration::rep> advanced_{0};  // grows, under the lock
  const bosdyn::api::RobotId id_;
  const bool rate_limits_;
  const Assumptions assumptions_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t version_ = 0;  // grows with every change, so that a waiter misses none
  UndoLog undo_;               // while something is kept
  ServiceFaultTable faults_;
  Registry registry_;
  ServiceDirectory directory_;
  TimeSync time_sync_;
  SoftwarePackages software_;
  Authority authority_;
  RateLimit registration_limit_;
  RateLimit auth_limit_;
  std::string holder_;  // CallStatus::holder of the call that is being served
  std::map<std::string, std::uint64_t> calls_;
  std::size_t connections_ = 0;
  PayloadCalls payload_calls_;

  payload_manager::Secret signing_key_;   // while something is kept
  std::string store_problem_;             // the latest
  std::unique_ptr<CommitQueue> commits_;  // null: nothing is kept
  const std::shared_ptr<Journal> journal_;
  FaultsOnDemand on_demand_;  // last: its thread is joined while everything is still there
};

}  // namespace mock_robot
