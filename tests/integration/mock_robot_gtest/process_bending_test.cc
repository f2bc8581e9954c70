// A robot in a process of its own that misbehaves, tells its journal and is moved in time.
#include <thread>
#include <vector>

#include "tests/integration/mock_robot_gtest/robot_in_a_process.h"

namespace mock_robot {
namespace {

using payload_manager::Duration;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kCallFailed = 3;  // exit codes of payloadctl
constexpr int kAlreadyExists = 4;

class BentRobotInAProcess : public MockRobotInAProcess {
 protected:
  using MockRobotInAProcess::MockRobotInAProcess;

  FaultId Inject(const Fault& fault) {
    const auto id = robot().Inject(fault);
    EXPECT_TRUE(id.ok()) << (id.ok() ? "" : id.error().message);
    return id.ok() ? *id : 0;
  }
  std::string Problem(const Fault& fault) {
    const auto id = robot().Inject(fault);
    return id.ok() ? "none" : id.error().message;
  }
  std::vector<FaultFacts> Faults() {
    const auto faults = robot().Faults();
    EXPECT_TRUE(faults.ok()) << (faults.ok() ? "" : faults.error().message);
    return faults.ok() ? *faults : std::vector<FaultFacts>();
  }
  std::uint64_t Waiting() {
    const auto count = robot().CountJournal({.rpc = "RegisterPayload"});
    return count.ok() ? count->waiting : 0;
  }
  // Registers the payload elsewhere; the test must join it.
  std::thread RegisterLater(int& exit_code) {
    return std::thread([this, &exit_code] { exit_code = RegisterOne(); });
  }
};

TEST_F(BentRobotInAProcess, HitsTheCallsItIsTold) {
  const FaultId id = Inject({.calls = {.rpc = "RegisterPayload", .guid = kGuid},
                             .times = 1,
                             .lasts = hours(1),
                             .what = fault::GrpcStatus{.code = 14, .message = "out of order"}});
  EXPECT_EQ(RegisterOne(), kCallFailed);
  EXPECT_EQ(RegisterOne(), 0);
  const auto faults = Faults();
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].id, id);
  EXPECT_EQ(faults[0].kind, "grpc-status");
  EXPECT_EQ(faults[0].calls, (CallMatch{.rpc = "RegisterPayload", .guid = kGuid}));
  EXPECT_EQ(faults[0].times, 1u);
  EXPECT_EQ(faults[0].lasts, hours(1));
  EXPECT_EQ(faults[0].fired, 1u);
  EXPECT_TRUE(faults[0].spent);
  EXPECT_TRUE(robot().RemoveFault(id).ok());
  EXPECT_FALSE(robot().RemoveFault(id).ok());
  EXPECT_THAT(Faults(), IsEmpty());
}

TEST_F(BentRobotInAProcess, MisbehavesInEveryWayThatARobotInThisProcessDoes) {
  const CallMatch calls{.rpc = "UpdatePayloadVersion", .client_name = "a client --of mine"};
  const std::vector<FaultKind> kinds{
      fault::Latency{milliseconds(5), milliseconds(20), fault::Latency::Shape::kExponential},
      fault::Hang(),
      fault::GrpcStatus{.code = 8, .message = "--no", .details = "more"},
      fault::TooManyRequests(),
      fault::HeaderError{.code = 3, .message = "why"},
      fault::UnsetHeader(),
      fault::UnsetStatus(),
      fault::Status{"STATUS_INVALID_CREDENTIALS"},
      fault::Reset(),
      fault::Answer{.text = "status: STATUS_DOES_NOT_EXIST"},
      fault::Offline(),
      fault::ClockSkew{-hours(1)},
      fault::Reboot{seconds(2)},
      fault::ExpireTokens()};
  ASSERT_EQ(kinds.size(), std::variant_size_v<FaultKind>);
  for (const FaultKind& kind : kinds) {
    Inject({.calls = calls, .times = 3, .probability = 0.1, .seed = 7, .what = kind});
  }
  const auto faults = Faults();
  ASSERT_EQ(faults.size(), kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(faults[i].kind, NameOf(kinds[i]));
    EXPECT_EQ(faults[i].calls, calls);
    EXPECT_EQ(faults[i].times, 3u);
    EXPECT_EQ(faults[i].probability, 0.1);
    EXPECT_FALSE(faults[i].spent);
  }
  const auto removed = robot().RemoveFaults();
  ASSERT_TRUE(removed.ok()) << removed.error().message;
  EXPECT_EQ(*removed, kinds.size());
}

TEST_F(BentRobotInAProcess, RefusesAFaultThatMakesNoSense) {
  EXPECT_THAT(Problem({.what = fault::Latency()}), HasSubstr("--delay"));
  EXPECT_THAT(Problem({.calls = {.rpc = "NoSuchRpc"}, .what = fault::Hang()}), HasSubstr("--rpc"));
  EXPECT_THAT(
      Problem({.calls = {.rpc = "RegisterPayload"}, .what = fault::Answer{.text = "status: X"}}),
      AllOf(HasSubstr("--answer"), HasSubstr("line 1")));
  EXPECT_THAT(Faults(), IsEmpty());
}

TEST_F(BentRobotInAProcess, KeepsAnswersBackUntilTheyAreReleased) {
  const CallMatch registering{.rpc = "RegisterPayload"};
  ASSERT_TRUE(robot().HoldAnswers(registering).ok());
  ASSERT_TRUE(robot().HoldAnswers(registering).ok());
  EXPECT_EQ(Faults().size(), 1u);
  int exit_code = -1;
  std::thread first = RegisterLater(exit_code);
  EXPECT_TRUE(robot().WaitUntil([this](const PayloadList&) { return Waiting() == 1; }));
  EXPECT_THAT(robot(), IsRegistered(kGuid));
  EXPECT_EQ(Faults()[0].held, 1u);
  EXPECT_TRUE(robot().ReleaseAnswers().ok());
  first.join();
  EXPECT_EQ(exit_code, 0);
  EXPECT_THAT(Faults(), IsEmpty());

  const FaultId id = Inject({.calls = registering, .what = fault::Hang()});
  std::thread second = RegisterLater(exit_code);
  EXPECT_TRUE(robot().WaitUntil([this](const PayloadList&) { return Waiting() == 1; }));
  const auto released = robot().ReleaseFault(id);
  EXPECT_TRUE(released.ok() && *released == 1);
  second.join();
  EXPECT_EQ(exit_code, kAlreadyExists);
}

TEST_F(BentRobotInAProcess, TellsWhatItWasAskedAndWaitsForIt) {
  const JournalFilter registering{.rpc = "RegisterPayload", .guid = kGuid};
  int exit_code = -1;
  std::thread later = RegisterLater(exit_code);
  EXPECT_TRUE(robot().AwaitJournal(registering));
  later.join();
  ASSERT_EQ(exit_code, 0);
  ASSERT_EQ(RegisterOne(), kAlreadyExists);
  EXPECT_TRUE(robot().AwaitJournal(registering, 2));
  EXPECT_FALSE(robot().AwaitJournal(registering, 3, milliseconds(50)));
  const auto count = robot().CountJournal(registering);
  ASSERT_TRUE(count.ok()) << count.error().message;
  EXPECT_EQ(count->answered, 2u);
  EXPECT_EQ(count->waiting, 0u);
  EXPECT_TRUE(count->exact);
  const auto journal = robot().Journal({.guid = kGuid, .outcome = "STATUS_ALREADY_EXISTS"});
  ASSERT_TRUE(journal.ok()) << journal.error().message;
  ASSERT_EQ(journal->size(), 1u);
  const JournalEntry& entry = journal->front();
  EXPECT_EQ(entry.rpc, "RegisterPayload");
  EXPECT_EQ(entry.guid, kGuid);
  EXPECT_EQ(entry.client_name, "payloadctl");
  EXPECT_THAT(entry.peer, HasSubstr("127.0.0.1:"));
  EXPECT_TRUE(entry.answered);
  EXPECT_EQ(entry.call_status, 0);
  EXPECT_EQ(entry.header_code, 1);
  EXPECT_EQ(entry.status, 2);
  EXPECT_EQ(entry.outcome, "STATUS_ALREADY_EXISTS");
  EXPECT_EQ(entry.fault, 0u);
  const Duration age = std::chrono::system_clock::now() - entry.received;
  EXPECT_GE(age, entry.took);
  EXPECT_LT(age, hours(1));
}

class StillRobotInAProcess : public BentRobotInAProcess {
 protected:
  StillRobotInAProcess() : BentRobotInAProcess(Still()) {}
  static MockRobotProcessOptions Still() {
    MockRobotProcessOptions options = Programs();
    options.arguments = {"--time-scale=0", "--auto-authorize=43200", "--journal-texts"};
    return options;
  }
};

TEST_F(StillRobotInAProcess, MovesInTimeAsFarAsItIsTold) {
  ASSERT_EQ(RegisterOne(), 0);
  ASSERT_TRUE(robot().Advance(hours(12) - milliseconds(1)).ok());
  EXPECT_THAT(robot(), IsWaiting(kGuid));
  ASSERT_TRUE(robot().Advance(milliseconds(1)).ok());
  EXPECT_THAT(robot(), IsAuthorized(kGuid));
  ASSERT_EQ(RegisterOne(), kAlreadyExists);
  const auto journal = robot().Journal({.rpc = "RegisterPayload"});
  ASSERT_TRUE(journal.ok() && journal->size() == 2);
  EXPECT_EQ((*journal)[1].received - (*journal)[0].received, hours(12));
  EXPECT_EQ((*journal)[1].took, Duration(0));
  EXPECT_THAT((*journal)[1].request_text, HasSubstr(kGuid));
  EXPECT_THAT((*journal)[1].answer_text, HasSubstr("STATUS_ALREADY_EXISTS"));
  const auto back = robot().Advance(-seconds(5));
  ASSERT_FALSE(back.ok());
  EXPECT_THAT(back.error().message, HasSubstr("SECONDS: '-5.000000000'"));
}

}  // namespace
}  // namespace mock_robot
