// The rules by which a robot keeps its payloads: who is registered, with which secret, authorized
// or not, attached or not, alive or not. No gRPC, no threads, no clock: the caller says what time
// it is. Every rule stands in mock_robot/SEMANTICS.md with its source and its test.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/payload_registration.pb.h"
#include "bosdyn/api/service_fault.pb.h"
#include "mock_robot/assumptions.h"
#include "mock_robot/robot_time.h"
#include "payload_manager/base/clock.h"
#include "payload_manager/base/outcome.h"
#include "payload_manager/base/random.h"
#include "payload_manager/base/secret.h"

namespace mock_robot {

// How a payload proves itself, whichever of the two forms of the wire it came in.
struct Credentials {
  std::string guid;
  payload_manager::Secret secret;
};

// The request breaks a rule of the service; on the wire CODE_INVALID_REQUEST. The message names the
// offending field and holds no secret.
struct InvalidRequest {
  std::string message;
};
template <typename T>
using Answer = payload_manager::BasicOutcome<T, InvalidRequest>;

// How a request of the administrator ended. Anything but kOk changed nothing.
enum class AdminResult {
  kOk,
  kUnknownPayload,
  kUnknownPreset,
  kWrongState,
  kNotKept,         // the disk with the robot's state failed
  kUnknownService,  // the directory has none of this name and type, or no package of this name
  kCallFailed,      // a payload that the robot called did not answer as it should
};
struct AdminAnswer {
  AdminResult result = AdminResult::kOk;
  std::string message;  // for people: what was done, or why not

  bool ok() const { return result == AdminResult::kOk; }
};

// One payload as the robot sees it. Holds no secret and no token.
struct PayloadInfo {
  bosdyn::api::Payload payload;  // as ListPayloads shows it, an applied preset included
  bool credentials_known = false;
  std::string preset_applied;  // empty: the default configuration, or not authorized
  std::vector<std::string> presets_offered;
  std::vector<std::string> warnings;  // what looks implausible about the definition
  std::uint64_t registrations = 0;    // attempts, the first included
  RobotTime first_registered;
  RobotTime last_registered;
};

// The answer to a request for a token. `epoch` is meaningful with STATUS_OK only: it stands for
// this authorization of this registration, and what it stands for ends when the payload is
// forgotten, rejected or de-authorized.
struct TokenGrant {
  bosdyn::api::GetPayloadAuthTokenResponse::Status status;
  std::string guid;  // as stored: in lower case
  std::uint64_t epoch = 0;
};

struct PayloadRecord;
struct PayloadChange;
struct RegistryRecord;

enum class MountPort { kFront, kRear };

class ServiceFaultTable;
class UndoLog;

struct RegistryOptions {
  // Authorize a payload, in its default configuration, this long after its first registration; also
  // one that was restored waiting, whatever was asked for when it registered. What an administrator
  // has de-authorized stays so.
  std::optional<payload_manager::Duration> auto_authorize;
  // Refuse to store a definition about which there is anything to flag.
  bool refuse_implausible = false;
  // The port behind which an `ipv4_address` is found; any address not named here is on the rear
  // port.
  std::map<std::string, MountPort, std::less<>> port_of_address;
};

// Threads: none of its own and no locks; one caller at a time. Nothing blocks. `now` must not go
// back from call to call. GUIDs are stored in lower case and matched regardless of (ASCII) case.
class Registry {
 public:
  // Raises and clears its faults in `faults`, or in a table of its own if that is null. `faults`
  // and `random` (salts of the secrets) must outlive the registry.
  explicit Registry(RegistryOptions options = {}, const Assumptions& assumptions = {},
                    ServiceFaultTable* faults = nullptr,
                    payload_manager::RandomSource& random = payload_manager::SystemRandom());
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;
  ~Registry();

  // What a payload may ask for.

  // Stores a new payload, or counts as a heartbeat of a known one if the secret is its own. Refuses
  // an empty GUID, a definition that claims to be authorized or enabled, one with text that is not
  // UTF-8 (which gRPC does not let through), and what there is no room for
  // (src/registry/definition_limits.h); any other oddity is accepted and flagged in
  // PayloadInfo::warnings, or refused if the options say so.
  Answer<bosdyn::api::RegisterPayloadResponse::Status> Register(
      const bosdyn::api::Payload& definition, const payload_manager::Secret& secret, RobotTime now);
  bosdyn::api::UpdatePayloadVersionResponse::Status UpdateVersion(
      const Credentials& credentials, const bosdyn::api::SoftwareVersion& version, RobotTime now);
  TokenGrant GrantToken(const Credentials& credentials, RobotTime now);
  Answer<bosdyn::api::UpdatePayloadAttachedResponse::Status> UpdateAttached(
      const Credentials& credentials, bosdyn::api::UpdatePayloadAttachedRequest::Request request,
      RobotTime now);

  // Whether what GrantToken granted still holds: same registration, same authorization. No two
  // grants that differ in either share an epoch.
  bool GrantHolds(std::uint64_t epoch) const;
  // The payload, while the grant holds: its GUID in lower case, otherwise nothing. Empty if the
  // grant is assumed to hold although the payload is gone.
  std::optional<std::string> HolderOf(std::uint64_t epoch) const;

  // What an administrator may do.

  // In the default configuration if `preset_name` is empty. May be repeated to pick another one.
  AdminAnswer Authorize(std::string_view guid, std::string_view preset_name, RobotTime now);
  // The payload waits again, detached and in its default configuration; its tokens are void.
  AdminAnswer Deauthorize(std::string_view guid, RobotTime now);
  // Turns a waiting payload away; an authorized one must be forgotten instead.
  AdminAnswer Reject(std::string_view guid, RobotTime now);
  AdminAnswer Forget(std::string_view guid, RobotTime now);
  // Registrations, authorizations and attachment survive; liveness is watched afresh. Faults are
  // raised anew, after those of the table in use were reset.
  void Reboot(RobotTime now);

  // What time does. Every member above that takes `now` does this first.

  // Authorizes what is due and raises the faults of payloads that have been silent too long, each
  // at its own instant.
  void Advance(RobotTime now);
  // The next instant at which Advance would change something; nothing if none will.
  std::optional<RobotTime> NextChange() const;

  // What is to be seen. In the order of first registration.

  std::vector<bosdyn::api::Payload> List() const;
  std::vector<PayloadInfo> Describe() const;
  // All that are active in the table in use; `duration` runs up to `now`.
  std::vector<bosdyn::api::ServiceFault> ActiveFaults(RobotTime now) const;

  // What is to outlive the process (src/registry/payload_record.h).

  // Takes over what an earlier registry kept; for one that holds nothing yet. From here on, every
  // change is noted. Liveness is watched and faults are raised afresh.
  void Restore(const RegistryRecord& record, RobotTime now);
  // What changed since this was last called, each payload once. Heartbeats are no changes.
  std::vector<PayloadChange> TakeChanges();
  // From here on, notes in `log`, which must outlive the registry, how to undo what a change does
  // beside what it keeps.
  void UndoBy(UndoLog& log);
  // Undoes a change: the payload is as `before` says, without being noted as changed. What was
  // heard of it since stays heard, and faults are left alone: undo what the log has afterwards.
  void PutBack(const std::string& guid, const std::optional<PayloadRecord>& before, RobotTime now);
  // No epoch beyond this one was given yet.
  std::uint64_t last_epoch() const { return last_epoch_; }

 private:
  struct Entry;
  using Entries = std::list<Entry>;

  Entry* Find(std::string_view guid) const;
  void Index(Entries::iterator position);
  std::string KeyOf(std::string_view guid) const;
  void Hear(Entry& entry, RobotTime now);
  std::optional<RobotTime> WatchedUntil(const Entry& entry) const;
  std::optional<RobotTime> NextChangeOf(const Entry& entry) const;
  // To be called when the entry may change earlier than it would have.
  void Expect(const Entry& entry);
  void Remove(const Entry& entry, RobotTime now);
  void Erase(const std::string& guid);
  // Why there is no room for this definition, as a sentence; nothing if there is.
  std::optional<std::string> NoRoomFor(const bosdyn::api::Payload& definition) const;
  // What was granted for the present authorization is void, unless assumed otherwise.
  void RenewEpoch(Entry& entry);
  void Authorize(Entry& entry, const std::string& preset, RobotTime now);
  void RaiseNotAuthorized(const Entry& entry, RobotTime onset);
  void RaiseSilent(const Entry& entry, RobotTime onset);
  void ClearFault(std::string_view name, const Entry& entry, RobotTime now);
  // Takes from it what does not outlive a reboot, if anything is assumed not to.
  void LoseOverReboot(Entry& entry);
  // The entry is about to change; to be called before.
  void Note(const Entry& entry);
  // The same for what was heard of it, which is not kept.
  void NoteHeard(const Entry& entry);
  void NoteChange(const std::string& guid, std::optional<PayloadRecord> before);
  Entry& Add(const PayloadRecord& record, RobotTime now);
  bool IsOffered(const Entry& entry, const bosdyn::api::Payload& registered,
                 const bosdyn::api::PayloadPreset& preset) const;

  RegistryOptions options_;
  const Assumptions assumptions_;
  const std::unique_ptr<ServiceFaultTable> own_faults_;  // null: somebody else's are used
  ServiceFaultTable& faults_;
  payload_manager::RandomSource& random_;
  std::uint64_t last_epoch_ = 0;
  bool noting_ = false;
  std::vector<PayloadChange> changes_;  // each with nothing yet as `after`
  Entries entries_;
  std::unordered_map<std::string_view, Entries::iterator> by_guid_;  // by the entry's own text
  // Every call with a token looks for the epoch that the token stands for.
  std::unordered_map<std::uint64_t, const Entry*> by_epoch_;
  std::size_t bytes_ = 0;  // of all definitions, as registered
  // The payload of each grant of an earlier authorization; only where such grants are assumed to
  // hold, and only those of this process.
  std::map<std::uint64_t, std::string> earlier_holders_;
  // Advance has nothing to do before: every call comes by there, and there may be many payloads.
  RobotTime quiet_until_ = RobotTime::max();
  UndoLog* undo_ = nullptr;
};

// Names of the faults that the robot raises on a payload's behalf; the first two are of the payload
// as a whole (no service name), the third is of a registered service.
inline constexpr std::string_view kNotAuthorizedFault = "payload_not_authorized";
inline constexpr std::string_view kLivenessFault = "payload_liveness";
inline constexpr std::string_view kServiceLivenessFault = "service_liveness";

}  // namespace mock_robot
