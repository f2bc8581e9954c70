// What the robot remembers of its calls.
#include <thread>

#include "tests/integration/mock_robot/fault_fixture.h"

namespace mock_robot::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Journaled : public OnDemand {
 protected:
  std::vector<std::string> Outcomes(const JournalFilter& filter = {}) const {
    std::vector<std::string> outcomes;
    for (const JournalEntry& entry : robot_->Journal(filter)) outcomes.push_back(entry.outcome);
    return outcomes;
  }
};

TEST_F(Journaled, CallsAreThereWhenTheirAnswerIs) {
  ASSERT_TRUE(Register(client_).ok());
  ASSERT_TRUE(Register(client_, "GUID-of-a-payload").ok());
  ASSERT_TRUE(Register(client_, "").ok());
  ListPayloads(client_, {});
  EXPECT_THAT(Outcomes(), ElementsAre("OK", "STATUS_ALREADY_EXISTS", "CODE_INVALID_REQUEST",
                                      "UNAUTHENTICATED"));
  const JournalEntry first = robot_->Journal().front();
  EXPECT_EQ(first.number, 1u);
  EXPECT_TRUE(first.answered);
  EXPECT_EQ(first.rpc, "RegisterPayload");
  EXPECT_EQ(first.guid, kGuid);
  EXPECT_EQ(first.client_name, "test");
  EXPECT_THAT(first.peer, StartsWith("127.0.0.1:"));
  EXPECT_EQ(first.header_code, api::CommonError::CODE_OK);
  EXPECT_EQ(first.status, api::RegisterPayloadResponse::STATUS_OK);
  EXPECT_EQ(first.fault, 0u);
}

TEST_F(Journaled, FiltersAgreeWithEverythingThatIsSet) {
  Register(client_);
  Register(client_, "another");
  PayloadToken(client_);
  EXPECT_THAT(Outcomes({.guid = "GUID-OF-A-PAYLOAD"}),
              ElementsAre("OK", "STATUS_PAYLOAD_NOT_AUTHORIZED"));
  EXPECT_THAT(Outcomes({.rpc = "RegisterPayload", .guid = kGuid}), ElementsAre("OK"));
  EXPECT_THAT(Outcomes({.client_name = "test", .outcome = "OK"}), ElementsAre("OK", "OK"));
  EXPECT_THAT(Outcomes({.client_name = "nobody"}), ElementsAre());
}

TEST_F(Journaled, FaultsAreNamedThatDecidedTheAnswer) {
  const FaultId id = Inject({.times = 1, .what = fault::Reset()});
  Register(client_);
  ASSERT_TRUE(robot_->AwaitJournal({.outcome = "RESET"}));
  const JournalEntry entry = robot_->Journal().front();
  EXPECT_EQ(entry.fault, id);
  EXPECT_EQ(entry.outcome, "RESET");
}

TEST_F(Journaled, AnswersFromNowhereAreNamedToo) {
  Inject({.times = 1, .what = fault::UnsetHeader()});
  Register(client_);
  Inject({.times = 1, .what = fault::Status{"99"}});
  Register(client_);
  Inject({.times = 1, .what = fault::HeaderError{77, {}}});
  Register(client_);
  EXPECT_THAT(Outcomes(), ElementsAre("CODE_UNSPECIFIED", "99", "77"));
}

TEST_F(Journaled, ACallThatWaitsIsThereTwice) {
  robot_->HoldAnswers();
  CallUnderWay call(client_);
  ASSERT_TRUE(robot_->WaitUntil(OneIsHeld));
  ASSERT_EQ(robot_->Journal().size(), 1u);
  EXPECT_FALSE(robot_->Journal().front().answered);
  EXPECT_EQ(robot_->CountJournal({}).waiting, 1u);
  EXPECT_EQ(robot_->CountJournal({}).answered, 0u);
  robot_->ReleaseAnswers();
  EXPECT_TRUE(call.Join().ok());
  EXPECT_EQ(robot_->Journal().size(), 2u);
  EXPECT_EQ(robot_->CountJournal({}).waiting, 0u);
  EXPECT_EQ(robot_->CountJournal({}).answered, 1u);
}

TEST_F(Journaled, TestsWaitUntilAPayloadHasRegisteredTwice) {
  const JournalFilter filter{.rpc = "RegisterPayload", .guid = kGuid};
  std::jthread caller([&] {
    Register(client_, "another");
    Register(client_);
    Register(client_);
  });
  EXPECT_TRUE(robot_->AwaitJournal(filter, 2));
  caller.join();
  EXPECT_TRUE(robot_->AwaitJournal(filter, 2, std::chrono::milliseconds(1)));
  EXPECT_FALSE(robot_->AwaitJournal(filter, 3, std::chrono::milliseconds(1)));
}

TEST_F(Journaled, ReadersReadOnWhereTheyLeftOff) {
  Register(client_, "before");
  const auto reader = robot_->ReadJournal({.rpc = "RegisterPayload"});
  std::jthread caller([&] {
    Register(client_, "first");
    UserToken(client_);
    Register(client_, "second");
  });
  const auto patience = std::chrono::seconds(10);
  EXPECT_EQ(reader->Next(patience).value().guid, "first");
  EXPECT_EQ(reader->Next(patience).value().guid, "second");
  EXPECT_FALSE(reader->Next(std::chrono::milliseconds(1)).has_value());
  EXPECT_EQ(reader->missed(), 0u);
  EXPECT_EQ(robot_->ReadJournal({}, true)->Next(patience).value().guid, "before");
}

TEST_F(Journaled, ReadersAreToldThatTheRobotStopped) {
  const auto reader = robot_->ReadJournal({});
  std::jthread stopper([&] { robot_->Stop(); });
  EXPECT_FALSE(reader->Next(std::chrono::seconds(20)).has_value());
}

TEST(SmallJournal, CountsExactlyWhatItHasForgotten) {
  MockRobotOptions options = PlainOptions();
  options.journal_entries = 4;
  const auto robot = StartRobot(options);
  WireClient client(robot->address(), "");
  const auto reader = robot->ReadJournal({});
  for (int i = 0; i < 10; ++i) Register(client, i % 2 == 0 ? "even" : "odd");
  EXPECT_EQ(robot->Journal().size(), 4u);
  EXPECT_EQ(robot->Journal().front().number, 7u);
  const JournalCount count = robot->CountJournal({.guid = "odd"});
  EXPECT_EQ(count.answered, 5u);
  EXPECT_TRUE(count.exact);
  EXPECT_EQ(robot->CountJournal({.guid = "odd", .outcome = "STATUS_ALREADY_EXISTS"}).answered, 4u);
  EXPECT_EQ(reader->Next({}).value().number, 7u);
  EXPECT_EQ(reader->missed(), 6u);
}

TEST_F(Journaled, NothingThatItCanPrintHoldsASecret) {
  ASSERT_TRUE(Register(client_).ok());
  ASSERT_TRUE(robot_->Authorize(kGuid).ok());
  const std::string of_user = UserToken(client_);
  const std::string of_payload = PayloadToken(client_).token();
  LogIn(client_, "wrong-password");
  ListPayloads(client_, WithToken(of_user));
  ListPayloads(client_, WithToken(of_payload));
  ListPayloads(client_, WithToken("no-token-at-all"));
  std::string everything;
  for (const JournalEntry& e : robot_->Journal()) {
    everything +=
        e.rpc + ' ' + e.guid + ' ' + e.client_name + ' ' + e.peer + ' ' + e.outcome + '\n';
  }
  EXPECT_THAT(everything, HasSubstr("ListPayloads"));
  for (const std::string& secret : {kSecret, of_user, of_payload, std::string("annas-password"),
                                    std::string("wrong-password"), std::string("no-token")}) {
    EXPECT_THAT(everything, Not(HasSubstr(secret)));
  }
}

}  // namespace
}  // namespace mock_robot::testing
