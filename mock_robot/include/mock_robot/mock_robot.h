// A Spot robot's payload side, in this process: real Spot clients talk to it over gRPC and cannot
// tell it from a robot; tests steer and watch it through this class.
//
//   auto robot = mock_robot::MockRobot::Start({});
//   if (!robot) return Fail(robot.error().message);
//   Client client((*robot)->address(), (*robot)->root_certificate_pem());
//   ...
//   (*robot)->Authorize(guid);
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bosdyn/api/directory.pb.h"
#include "bosdyn/api/service_fault.pb.h"
#include "mock_robot/assumptions.h"
#include "mock_robot/faults.h"
#include "mock_robot/journal.h"
#include "mock_robot/payload_facts.h"
#include "mock_robot/registry.h"
#include "mock_robot/software.h"
#include "payload_manager/base/clock.h"
#include "payload_manager/base/outcome.h"
#include "payload_manager/base/secret.h"

namespace mock_robot {

struct MockRobotOptions {
  // Where clients connect: `HOST[:PORT]` or `[v6]:PORT`; port 0 takes any free one.
  std::string listen = "127.0.0.1:0";
  // Plain gRPC when false; the root certificate is then empty.
  bool tls = true;
  // Where the root certificate, the server certificate and their keys are kept, so that a robot
  // started again keeps its identity. Empty: in memory, a new identity at every start.
  std::filesystem::path tls_dir;
  // Where the administration service listens: a loopback address, plaintext. Empty: nowhere.
  std::string admin_listen;
  std::map<std::string, payload_manager::Secret, std::less<>> users;  // name to password
  // Where payloads, users and the key of the tokens are kept, so that a robot started again on the
  // file goes on where this one ended, however it ended: what was answered is on the disk. One
  // robot at a time has it open, until it is destroyed. Empty: nothing is kept.
  std::filesystem::path state_file;
  RegistryOptions registry;
  Assumptions assumptions;  // where no public source says what a robot does
  // Answer RPCs beyond the documented rates with 429, as a robot does. Off, because tests of many
  // payloads or many calls would spend their time waiting.
  bool rate_limits = false;
  std::string serial_number = "spot-MOCK-00000001";
  std::string nickname = "mock-spot";
  // How many of the latest journal entries are kept, about 150 bytes each; at least 1.
  std::size_t journal_entries = 4096;
  // Keep what was asked and answered with each of them, up to 2 KiB of text each, secrets masked:
  // costs time with every call.
  bool journal_texts = false;
  // What the robot's time runs on; must outlive the robot.
  const payload_manager::Clock* clock = &payload_manager::SystemClock();
};

// Everything to be seen of a robot at one instant.
struct RobotSnapshot {
  std::vector<PayloadInfo> payloads;              // in the order of first registration
  std::vector<bosdyn::api::ServiceFault> faults;  // the active ones, in the order of onset
  std::vector<bosdyn::api::ServiceFault> historical_faults;  // the latest 50 cleared, latest last
  std::vector<bosdyn::api::ServiceEntry> services;  // registered ones, in the order of registration
  std::vector<SoftwareInfo> software;               // by package name
  std::map<std::string, std::uint64_t> calls;       // by rpc ("RegisterPayload"), refused ones too
  std::size_t held_answers = 0;                     // waiting for a release
  std::size_t connections = 0;                      // of clients, open

  // The payload of this GUID, whatever its case; null if there is none. Dies with the snapshot.
  const PayloadInfo* Find(std::string_view guid) const;
  // How often `rpc` was called.
  std::uint64_t Calls(std::string_view rpc) const;
};

// For the matchers of mock_robot/gtest.
std::optional<PayloadFacts> FindPayload(const RobotSnapshot& snapshot, std::string_view guid);

// Threads: every member may be called from any thread at any time, except that nothing may be
// called while the destructor runs. Any number per process.
class MockRobot {
 public:
  using Options = MockRobotOptions;

  // Serves when it returns. Fails, with nothing left behind, if an address is no address, not
  // loopback (admin) or taken, if the identity can neither be read nor made, or if the state file
  // is refused. Blocks for the disk if there is a `tls_dir` or a `state_file`.
  static payload_manager::Checked<std::unique_ptr<MockRobot>> Start(Options options);

  MockRobot(const MockRobot&) = delete;
  MockRobot& operator=(const MockRobot&) = delete;
  ~MockRobot();  // Stop()

  // Releases held answers, gives calls in flight `grace` to end, cancels the rest and closes all
  // ports. Returns within `grace` plus the time cancelled handlers take, which is none to speak
  // of. Idempotent; the in-process members below keep working afterwards.
  void Stop(payload_manager::Duration grace = std::chrono::milliseconds(200));

  // Where it can be reached, as `127.0.0.1:41001`; stays the same after Stop().
  std::string address() const;
  std::uint16_t port() const;
  std::string admin_address() const;  // empty if it has none
  // What a client must trust; empty without TLS.
  std::string root_certificate_pem() const;

  // What a person does in the admin console. With a state file, these block until it is on the
  // disk; kNotKept means that the disk failed and nothing changed.
  AdminAnswer Authorize(std::string_view guid, std::string_view preset_name = {});
  AdminAnswer Deauthorize(std::string_view guid);
  AdminAnswer Reject(std::string_view guid);
  AdminAnswer Forget(std::string_view guid);
  // Registered services leave the directory, payload registrations stay, tokens remain valid.
  // Connections are left alone; see CutConnections.
  AdminAnswer Reboot();
  // Adds a user or changes the password, which voids the user's tokens if it is another one.
  AdminAnswer SetUser(std::string_view name, const payload_manager::Secret& password);
  AdminAnswer RemoveUser(std::string_view name);

  // Lays a software package ready for payloads to fetch, in place of one of the same name; and
  // takes it away again.
  AdminAnswer StageSoftware(const bosdyn::api::StagedSoftwarePackage& package);
  AdminAnswer UnstageSoftware(std::string_view package_name);

  // Calls the payload-side initiation service that a payload has registered under `service_name`,
  // at its endpoint, over plain gRPC as the robot's own proxy does. `done` hears of the end on a
  // thread of gRPC's, exactly once, and must not block: kOk if the payload answered,
  // kUnknownService if no such service is registered, kCallFailed if the call failed or took longer
  // than `patience` (a minute at most), or if the robot stopped first. It may run before this
  // returns.
  void PromptPayload(std::string_view service_name, SoftwarePrompt prompt,
                     std::function<void(const AdminAnswer&)> done,
                     payload_manager::Duration patience = std::chrono::seconds(5));

  std::vector<PayloadInfo> Payloads() const;
  RobotSnapshot Snapshot() const;

  // Waits until `predicate` holds of a snapshot, looking whenever something changed; false if it
  // did not hold within `patience` of real time. The predicate runs on the caller's thread, under
  // no lock, and may call this robot. Time on an injected clock passes by itself only for calls
  // that arrive: tell of it by ClockMoved().
  bool WaitUntil(const std::function<bool(const RobotSnapshot&)>& predicate,
                 payload_manager::Duration patience = std::chrono::seconds(10)) const;
  // An injected clock moved: do what is due by now.
  void ClockMoved();
  // Moves this robot's time ahead of its clock, whichever that is, and does what is due by then;
  // no other robot on the clock hears of it. A problem that names `by`, and nothing happens, unless
  // it is above zero and at most ten years together with all steps before: time does not go back.
  // With a state file, blocks until what came due is on the disk; if the disk fails, that is the
  // problem, and the time has moved all the same.
  payload_manager::Checked<payload_manager::Done> Advance(payload_manager::Duration by);

  // From here on every call that agrees takes effect, but its answer is kept back: a silent robot.
  // The same as injecting a fault::Hang.
  void HoldAnswers(CallMatch calls = {});
  // Ends all of what HoldAnswers began: sends the kept answers and answers at once again.
  void ReleaseAnswers();

  // Faults on demand; see mock_robot/faults.h for what they do. A fault that makes no sense is a
  // problem that names the field, and nothing is injected; so is one more than a thousand that are
  // not spent. Faults do not outlive Stop(), which lets every waiting call go on. What one changes
  // at once of what is kept in a state file (expired tokens, a reboot) is on the disk when this
  // returns; if the disk failed, that is the problem, and the fault has been removed again.
  payload_manager::Checked<FaultId> Inject(Fault fault);
  // In the order of injection, spent ones too (of those at least the latest hundred).
  std::vector<FaultInfo> Faults() const;
  // Ends a fault; calls that it holds go on. False if there is none of this id.
  bool RemoveFault(FaultId id);
  // Ends all of them; returns how many.
  std::size_t RemoveFaults();
  // Lets the calls go on that this fault holds now; returns how many.
  std::size_t ReleaseFault(FaultId id);

  // What was asked and answered; see mock_robot/journal.h. An answer is in it before its client
  // can have it.
  std::vector<JournalEntry> Journal(const JournalFilter& filter = {}) const;
  // Exact from the start on, however little is kept.
  JournalCount CountJournal(const JournalFilter& filter) const;
  // Waits until `count` calls that agree with the filter were answered; false if they were not
  // within `patience` of real time.
  bool AwaitJournal(const JournalFilter& filter, std::uint64_t count = 1,
                    payload_manager::Duration patience = std::chrono::seconds(10)) const;
  // Reads from here on, or from the oldest entry that is kept.
  std::unique_ptr<JournalReader> ReadJournal(JournalFilter filter, bool from_start = false) const;

  // Cuts every connection of a client (not of the administration) as a pulled cable does that the
  // peer notices; returns how many. New ones are accepted.
  std::size_t CutConnections();

 private:
  struct Parts;
  explicit MockRobot(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

std::optional<PayloadFacts> FindPayload(const MockRobot& robot, std::string_view guid);

}  // namespace mock_robot
