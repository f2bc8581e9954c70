// A mock robot in a process of its own, steered from this one. The header and its library know
// neither gRPC nor Protobuf: a test that links Boston Dynamics' SDK, which brings its own copies of
// the generated files, can use it.
//
//   auto robot = mock_robot::MockRobotProcess::Start({});
//   if (!robot) return Fail(robot.error().message);
//   Client client((*robot)->address(), (*robot)->root_certificate_file());
//   ...
//   (*robot)->Authorize(guid);
//
// The programs `mock-robot` and `payloadctl` do the work; each administrative member starts the
// latter once, which takes some 20 ms.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mock_robot/faults.h"
#include "mock_robot/journal.h"
#include "mock_robot/payload_facts.h"
#include "payload_manager/base/clock.h"
#include "payload_manager/base/outcome.h"

namespace mock_robot {

struct MockRobotProcessOptions {
  // The folder of `mock-robot` and `payloadctl`. Empty: the environment variable
  // PAYLOAD_MANAGER_BIN if it is set, else they are looked up along PATH.
  std::filesystem::path programs;
  bool tls = true;
  // Further flags of mock-robot, as "--auto-authorize=2"; see its --help.
  std::vector<std::string> arguments;
  // How long it may take until it serves, any one administrative step, and its end.
  payload_manager::Duration patience = std::chrono::seconds(10);
};

// A fault as its robot tells it, without what its kind alone has (a status, a delay).
struct FaultFacts {
  FaultId id = 0;
  std::string kind;  // as NameOf has it: "grpc-status"
  CallMatch calls;
  std::optional<std::uint64_t> times;
  std::optional<payload_manager::Duration> lasts;
  double probability = 1;
  std::uint64_t fired = 0;  // as in FaultInfo, here and below
  std::uint64_t held = 0;
  bool spent = false;
};

// Threads: every member may be called from any thread, except that nothing may be called while the
// destructor runs. All but the plain accessors block, for `patience` at most. A thread of its own
// reads what the robot writes. If this process ends first, the robot ends too.
class MockRobotProcess {
 public:
  using Options = MockRobotProcessOptions;

  // Serves when it returns. Fails, with nothing left behind, if the program is not to be found or
  // ends or stays silent instead; the error then holds what it wrote to standard error.
  static payload_manager::Checked<std::unique_ptr<MockRobotProcess>> Start(Options options = {});

  MockRobotProcess(const MockRobotProcess&) = delete;
  MockRobotProcess& operator=(const MockRobotProcess&) = delete;
  ~MockRobotProcess();  // Stop()

  // Asks it to end and waits; kills it after `patience`. Returns its exit code, 128 + N if a
  // signal ended it. Idempotent.
  int Stop();
  // A power failure: SIGKILL, then waits until it is gone.
  void Kill();

  const std::string& address() const;  // "127.0.0.1:41001"
  std::uint16_t port() const;
  const std::string& admin_address() const;
  // What a client must trust; empty without TLS. The file goes when the robot stops.
  const std::filesystem::path& root_certificate_file() const;
  const std::string& root_certificate_pem() const;
  int process_id() const;

  // What a person does in the admin console. Failed: the robot refused, or is gone; the message
  // says which.
  using Answer = payload_manager::Checked<payload_manager::Done>;
  Answer Authorize(std::string_view guid, std::string_view preset_name = {});
  Answer Deauthorize(std::string_view guid);
  // Turns a waiting payload away; an authorized one must be forgotten instead.
  Answer Reject(std::string_view guid);
  Answer Forget(std::string_view guid);
  Answer Reboot();

  payload_manager::Checked<PayloadList> Payloads() const;

  // Looks again and again until `predicate` holds; false if it did not within `patience` of real
  // time, or if the robot cannot be asked any more. The predicate runs on the caller's thread.
  bool WaitUntil(const std::function<bool(const PayloadList&)>& predicate,
                 payload_manager::Duration patience = std::chrono::seconds(10)) const;

  // A robot that misbehaves, as MockRobot's members of these names (mock_robot.h). What is wrong
  // with a fault is named as payloadctl names it, by its flag; times are from a millisecond to a
  // year.
  payload_manager::Checked<FaultId> Inject(const Fault& fault);
  // In the order of injection, spent ones too.
  payload_manager::Checked<std::vector<FaultFacts>> Faults() const;
  Answer RemoveFault(FaultId id);
  // Returns how many there were; how many calls go on.
  payload_manager::Checked<std::uint64_t> RemoveFaults();
  payload_manager::Checked<std::uint64_t> ReleaseFault(FaultId id);
  // Calls that agree take effect, but their answers are kept back until ReleaseAnswers(), which
  // ends all of what this began. The same `calls` once more change nothing.
  Answer HoldAnswers(const CallMatch& calls = {});
  Answer ReleaseAnswers();

  // What it was asked and what it answered: what is kept, and exact counts.
  payload_manager::Checked<std::vector<JournalEntry>> Journal(
      const JournalFilter& filter = {}) const;
  payload_manager::Checked<JournalCount> CountJournal(const JournalFilter& filter) const;
  // Waits until `count` calls that agree with the filter were answered; false if they were not
  // within `patience` of real time, or if the robot cannot be asked any more.
  bool AwaitJournal(const JournalFilter& filter, std::uint64_t count = 1,
                    payload_manager::Duration patience = std::chrono::seconds(10)) const;

  // Moves the robot's time ahead; what is due by then has come when this returns. With
  // `--time-scale=0` among the arguments no other time passes.
  Answer Advance(payload_manager::Duration by);

  // Any other command: `payloadctl --admin <this robot> --json ARGUMENTS...`. What it printed.
  payload_manager::Checked<std::string> Run(const std::vector<std::string>& arguments) const;

 private:
  struct Parts;
  explicit MockRobotProcess(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// For the matchers; nothing, too, if the robot cannot be asked.
std::optional<PayloadFacts> FindPayload(const MockRobotProcess& robot, std::string_view guid);

}  // namespace mock_robot
