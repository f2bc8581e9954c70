// Faults and the journal over the administration's port.
#include <atomic>

#include "mock_robot/v1/faults.pb.h"
#include "mock_robot/v1/journal.pb.h"
#include "tests/integration/mock_robot/fault_fixture.h"
#include "tools/payloadctl/grpc_robot_admin.h"

namespace mock_robot::testing {
namespace {

using payload_manager::CallOptions;
using payload_manager::FailureKind;
using payload_manager::ParseAddress;
using ::testing::HasSubstr;
using ::testing::Not;

class FaultAdministration : public OnDemand {
 protected:
  FaultAdministration()
      : OnDemand(Options()),
        admin_(payload_manager::payloadctl::ConnectRobotAdmin(
            *ParseAddress(robot_->admin_address(), 0))),
        faults_(admin_->faults()) {}
  static MockRobotOptions Options() {
    MockRobotOptions options = PlainOptions();
    options.admin_listen = "127.0.0.1:0";
    options.journal_entries = 64;
    return options;
  }
  static CallOptions Patience() {
    CallOptions options;
    options.timeout = std::chrono::seconds(20);
    return options;
  }
  std::string Problem(const v1::Fault& fault) {
    const auto id = faults_.Inject(fault, Patience());
    if (id.ok()) return "none";
    EXPECT_EQ(id.error().kind, FailureKind::kInvalidArgument);
    return id.error().message;
  }

  const std::unique_ptr<payload_manager::payloadctl::RobotAdmin> admin_;
  payload_manager::payloadctl::FaultAdmin& faults_;
};

TEST_F(FaultAdministration, InjectsListsReleasesAndRemoves) {
  v1::Fault fault;
  fault.mutable_calls()->set_rpc("RegisterPayload");
  fault.set_times(3);
  fault.mutable_lasts()->set_seconds(60);
  fault.mutable_hang();
  const auto id = faults_.Inject(fault, Patience());
  ASSERT_TRUE(id.ok());
  CallUnderWay call(client_);
  ASSERT_TRUE(robot_->WaitUntil(OneIsHeld));
  const auto list = faults_.Faults(Patience());
  ASSERT_EQ(list.value().size(), 1u);
  const v1::FaultState& state = list.value()[0];
  EXPECT_EQ(state.id(), *id);
  EXPECT_EQ(state.kind(), "hang");
  EXPECT_EQ(state.fired(), 1u);
  EXPECT_EQ(state.held(), 1u);
  EXPECT_EQ(state.fault().times(), 3u);
  EXPECT_EQ(state.fault().lasts().seconds(), 60);
  EXPECT_EQ(faults_.Release(*id, Patience()).value(), 1u);
  EXPECT_TRUE(call.Join().ok());
  EXPECT_TRUE(faults_.Remove(*id, Patience()).ok());
  EXPECT_EQ(faults_.Remove(*id, Patience()).error().message,
            "there is no fault " + std::to_string(*id));
  EXPECT_FALSE(faults_.Release(*id, Patience()).ok());
  EXPECT_EQ(faults_.RemoveAll(Patience()).value(), 0u);
}

TEST_F(FaultAdministration, SaysWhichFieldIsWrong) {
  v1::Fault fault;
  EXPECT_EQ(Problem(fault), "what: is missing: which kind of fault?");
  fault.mutable_latency()->mutable_at_least()->set_seconds(1LL << 60);
  EXPECT_THAT(Problem(fault), HasSubstr("latency.at_least: "));
  fault.mutable_answer()->set_text("status: NO_SUCH");
  EXPECT_THAT(Problem(fault), HasSubstr("calls.rpc: "));
  fault.mutable_calls()->set_rpc("RegisterPayload");
  EXPECT_THAT(Problem(fault), HasSubstr("answer.text: line 1"));
  fault.mutable_answer()->set_serialized("\xff\xff");
  EXPECT_THAT(Problem(fault), HasSubstr("answer.serialized: "));
  fault.mutable_hang();
  fault.set_probability(7);
  EXPECT_THAT(Problem(fault), HasSubstr("probability: "));
  EXPECT_TRUE(robot_->Faults().empty());
}

TEST_F(FaultAdministration, DoesNotTellAScriptedAnswerAgain) {
  v1::Fault fault;
  fault.mutable_calls()->set_rpc("GetAuthToken");
  fault.mutable_answer()->set_text("token: 'a-token-that-is-secret'");
  ASSERT_TRUE(faults_.Inject(fault, Patience()).ok());
  EXPECT_EQ(LogIn(client_, "x").token(), "a-token-that-is-secret");
  const auto list = faults_.Faults(Patience());
  EXPECT_THAT(list.value()[0].DebugString(), Not(HasSubstr("a-token")));
}

TEST_F(FaultAdministration, ReadsAndCountsTheJournal) {
  for (int i = 0; i < 100; ++i) Register(client_, "guid-" + std::to_string(i % 2));
  v1::ReadJournalRequest request;
  request.mutable_filter()->set_guid("GUID-1");
  request.set_last(3);
  const auto journal = faults_.ReadJournal(request, Patience());
  ASSERT_EQ(journal.value().entries_size(), 3);
  EXPECT_EQ(journal.value().overwritten(), 36u);
  EXPECT_EQ(journal.value().entries(2).number(), 100u);
  EXPECT_EQ(journal.value().entries(2).outcome(), "STATUS_ALREADY_EXISTS");
  EXPECT_TRUE(journal.value().entries(2).has_took());
  v1::CountJournalRequest count;
  count.mutable_filter()->set_outcome("OK");
  EXPECT_EQ(faults_.CountJournal(count, Patience()).value().answered(), 2u);
}

v1::AwaitJournalRequest TwiceRegistered() {
  v1::AwaitJournalRequest request;
  request.mutable_filter()->set_rpc("RegisterPayload");
  request.mutable_filter()->set_guid(kGuid);
  request.set_count(2);
  return request;
}

TEST_F(FaultAdministration, WaitsUntilSoManyCallsWereAnswered) {
  Register(client_);
  CallUnderWay caller([&] {
    Register(client_, "another");
    return Register(client_);
  });
  const auto reached = faults_.AwaitJournal(TwiceRegistered(), Patience());
  ASSERT_TRUE(reached.ok()) << reached.error().message;
  EXPECT_EQ(reached->answered(), 2u);
  EXPECT_TRUE(caller.Join().ok());
  // What there is already is not waited for, and no count means one.
  EXPECT_TRUE(faults_.AwaitJournal(TwiceRegistered(), Patience()).ok());
  EXPECT_EQ(faults_.AwaitJournal({}, Patience())->answered(), 3u);
}

TEST_F(FaultAdministration, WaitsNoLongerThanTheCallerDoes) {
  CallOptions impatient;
  impatient.timeout = std::chrono::milliseconds(20);
  const auto reached = faults_.AwaitJournal(TwiceRegistered(), impatient);
  ASSERT_FALSE(reached.ok());
  EXPECT_EQ(reached.error().kind, FailureKind::kTimedOut);
  EXPECT_TRUE(Register(client_).ok());
}

TEST_F(FaultAdministration, WaitingForCallsEndsWithTheRobot) {
  const std::jthread stopper([&] { robot_->Stop(std::chrono::seconds(10)); });
  const auto done = faults_.AwaitJournal(TwiceRegistered(), Patience());
  ASSERT_FALSE(done.ok());
  // However far the call had come when the robot stopped, it was not the caller's patience.
  EXPECT_NE(done.error().kind, FailureKind::kTimedOut);
}

TEST_F(FaultAdministration, StreamsTheJournalUntilTheReaderHasEnough) {
  Register(client_);
  v1::FollowJournalRequest request;
  request.set_from_start(true);
  std::vector<std::string> guids;
  const auto done = faults_.FollowJournal(
      request, Patience(), [] {},
      [&](const auto& response) {
        for (const auto& entry : response.entries()) guids.push_back(entry.guid());
        if (guids.size() < 3) Register(client_, "next");
        return guids.size() < 3;
      });
  EXPECT_TRUE(done.ok());
  EXPECT_THAT(guids, ::testing::ElementsAre(kGuid, "next", "next"));
}

TEST_F(FaultAdministration, ASlowReaderSlowsNobodyAndLosesNothingUntold) {
  Register(client_);
  v1::FollowJournalRequest request;
  request.set_from_start(true);
  std::uint64_t seen = 0;
  std::uint64_t missed = 0;
  bool first = true;
  const auto done = faults_.FollowJournal(
      request, Patience(), [] {},
      [&](const auto& response) {
        seen += static_cast<std::uint64_t>(response.entries_size());
        missed = response.missed();
        // While this reader is busy far more comes than is kept. How much of it gRPC takes in is
        // gRPC's affair; the rest is missed.
        if (std::exchange(first, false)) {
          for (int i = 0; i < 3000; ++i) EXPECT_TRUE(Register(client_, std::string(90, 'x')).ok());
        }
        return seen + missed < 3001;
      });
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(seen + missed, 3001u);
}

TEST_F(FaultAdministration, SaysWhenItFollowsAndThenNothingEscapesIt) {
  v1::FollowJournalRequest request;
  std::vector<std::string> guids;
  const auto begun = [&] { Register(client_, "the-first"); };
  const auto done = faults_.FollowJournal(request, Patience(), begun, [&](const auto& response) {
    for (const auto& entry : response.entries()) guids.push_back(entry.guid());
    return guids.empty();
  });
  EXPECT_TRUE(done.ok());
  EXPECT_THAT(guids, ::testing::ElementsAre("the-first"));
}

TEST_F(FaultAdministration, FollowersEndWithTheRobot) {
  std::atomic<bool> following = false;
  v1::FollowJournalRequest request;
  request.set_from_start(true);
  Register(client_);
  std::jthread follower([&] {
    EXPECT_TRUE(faults_
                    .FollowJournal(
                        request, Patience(), [] {},
                        [&](const auto&) {
                          following = true;
                          robot_->SetUser("anna", Secret("wakes WaitUntil"));
                          return true;
                        })
                    .ok());
  });
  ASSERT_TRUE(robot_->WaitUntil([&](const RobotSnapshot&) { return following.load(); }));
  const auto before = std::chrono::steady_clock::now();
  robot_->Stop(std::chrono::seconds(10));
  follower.join();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
}

}  // namespace
}  // namespace mock_robot::testing
