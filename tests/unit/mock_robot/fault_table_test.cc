// Which calls faults hit, and how often.
#include "faults/fault_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "faults/fault_check.h"

namespace mock_robot {
namespace {

using payload_manager::Duration;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr RobotTime kStart{seconds(1'700'000'000)};

CallFacts Call(const std::string& rpc, std::string_view guid = "g", std::string_view client = "c") {
  return {FindRpc(rpc), guid, client};
}

class FaultTableTest : public ::testing::Test {
 protected:
  FaultId Add(Fault fault, RobotTime now = kStart) {
    const auto id = table_.Add(std::move(fault), now);
    EXPECT_TRUE(id.ok());
    return *id;
  }
  bool Hits(const CallFacts& call = Call("RegisterPayload"), RobotTime now = kStart) {
    return table_.Judge(call, now).has_value();
  }
  std::string Pattern(int calls) {
    std::string pattern;
    for (int i = 0; i < calls; ++i) pattern += Hits() ? 'x' : '.';
    return pattern;
  }
  FaultInfo Info(FaultId id, RobotTime now = kStart) {
    for (FaultInfo& info : table_.List(now)) {
      if (info.id == id) return info;
    }
    ADD_FAILURE() << "no fault " << id;
    return {};
  }

  FaultTable table_;
};

TEST_F(FaultTableTest, HitsNothingWithoutFaults) {
  EXPECT_FALSE(table_.HitsCalls(kStart));
  EXPECT_FALSE(Hits());
}

TEST_F(FaultTableTest, HitsCallsThatAgreeWithEverythingThatIsSet) {
  Add({.calls = {"RegisterPayload", "GUID-a", "client"}, .what = fault::Hang()});
  EXPECT_TRUE(table_.HitsCalls(kStart));
  EXPECT_TRUE(Hits(Call("RegisterPayload", "guid-A", "client")));
  EXPECT_FALSE(Hits(Call("ListPayloads", "guid-a", "client")));
  EXPECT_FALSE(Hits(Call("RegisterPayload", "guid-b", "client")));
  EXPECT_FALSE(Hits(Call("RegisterPayload", "guid-a", "Client")));
}

TEST_F(FaultTableTest, HitsTheNextCallsAndIsSpent) {
  const FaultId id = Add({.times = 2, .what = fault::GrpcStatus()});
  EXPECT_EQ(Pattern(4), "xx..");
  EXPECT_EQ(Info(id).fired, 2u);
  EXPECT_TRUE(Info(id).spent);
  EXPECT_FALSE(table_.HitsCalls(kStart));
}

TEST_F(FaultTableTest, HitsForAWhile) {
  const FaultId id = Add({.lasts = seconds(5), .what = fault::GrpcStatus()});
  EXPECT_TRUE(Hits(Call("GetRobotId"), kStart + seconds(5) - Duration(1)));
  EXPECT_FALSE(Hits(Call("GetRobotId"), kStart + seconds(5)));
  EXPECT_TRUE(Info(id, kStart + seconds(5)).spent);
}

TEST_F(FaultTableTest, ChoosesByProbabilityAndTheSameWithTheSameSeed) {
  Add({.probability = 0.5, .seed = 7, .what = fault::GrpcStatus()});
  const std::string first = Pattern(40);
  table_.RemoveAll();
  Add({.probability = 0.5, .seed = 7, .what = fault::GrpcStatus()});
  EXPECT_EQ(Pattern(40), first);
  table_.RemoveAll();
  Add({.probability = 0.5, .seed = 8, .what = fault::GrpcStatus()});
  EXPECT_NE(Pattern(40), first);
}

TEST_F(FaultTableTest, HitsAboutAsManyAsTheProbabilitySays) {
  const FaultId id = Add({.probability = 0.2, .what = fault::GrpcStatus()});
  Pattern(10'000);
  EXPECT_NEAR(static_cast<double>(Info(id).fired), 2000, 200);
}

TEST_F(FaultTableTest, ProbabilityAndTimesTogetherCountHits) {
  const FaultId id = Add({.times = 3, .probability = 0.5, .what = fault::GrpcStatus()});
  Pattern(100);
  EXPECT_EQ(Info(id).fired, 3u);
}

TEST_F(FaultTableTest, TheFirstEndDecidesAndOnlyItCounts) {
  const FaultId first = Add({.times = 1, .what = fault::GrpcStatus{.code = 5}});
  const FaultId second = Add({.times = 1, .what = fault::Reset()});
  EXPECT_EQ(table_.Judge(Call("GetRobotId"), kStart)->end->id, first);
  EXPECT_EQ(Info(second).fired, 0u);
  EXPECT_EQ(table_.Judge(Call("GetRobotId"), kStart)->end->id, second);
}

TEST_F(FaultTableTest, DelaysAddUpOnTheirSideOfTheEffect) {
  Add({.what = fault::Latency{.at_least = milliseconds(10)}});
  Add({.what = fault::Latency{.at_least = milliseconds(5)}});
  Add({.effect = Effect::kTaken, .what = fault::Latency{.at_least = milliseconds(3)}});
  const FaultId hang = Add({.what = fault::Hang()});
  Add({.what = fault::GrpcStatus()});
  const Verdict verdict = *table_.Judge(Call("GetRobotId"), kStart);
  EXPECT_EQ(verdict.before.delay, milliseconds(15));
  EXPECT_EQ(verdict.after.delay, milliseconds(3));
  EXPECT_THAT(verdict.after.held_by, ElementsAre(hang));
  EXPECT_THAT(verdict.before.held_by, IsEmpty());
  EXPECT_FALSE(verdict.takes_effect);
}

TEST_F(FaultTableTest, LatencyIsDrawnBetweenItsEnds) {
  for (const auto shape : {fault::Latency::Shape::kUniform, fault::Latency::Shape::kExponential}) {
    table_.RemoveAll();
    Add({.what = fault::Latency{milliseconds(10), milliseconds(20), shape}});
    Duration least = seconds(1);
    Duration most{};
    Duration sum{};
    for (int i = 0; i < 1000; ++i) {
      const Duration delay = table_.Judge(Call("GetRobotId"), kStart)->before.delay;
      least = std::min(least, delay);
      most = std::max(most, delay);
      sum += delay;
    }
    EXPECT_GE(least, milliseconds(10));
    EXPECT_LE(most, milliseconds(20));
    EXPECT_LT(least, milliseconds(11));
    EXPECT_GT(most, milliseconds(19));
    EXPECT_NEAR(static_cast<double>(sum.count()) / 1000, 14.7e6, 0.8e6);
  }
}

TEST_F(FaultTableTest, AStatusLeavesAnswersAloneThatCannotHaveIt) {
  const FaultId named = Add({.times = 1, .what = fault::Status{"STATUS_INVALID_CREDENTIALS"}});
  const FaultId unset = Add({.times = 1, .what = fault::UnsetStatus()});
  EXPECT_FALSE(Hits(Call("GetRobotId")));
  EXPECT_FALSE(Hits(Call("ListPayloads")));
  EXPECT_EQ(Info(named).fired + Info(unset).fired, 0u);
  EXPECT_EQ(table_.Judge(Call("RegisterPayload"), kStart)->end->id, unset);
  EXPECT_EQ(table_.Judge(Call("GetPayloadAuthToken"), kStart)->end->id, named);
}

// However late the call: not counted from the injection, as all others are.
TEST_F(FaultTableTest, ThoseOfTheRobotLastFromTheCallThatTheyWaitedFor) {
  const FaultId offline = Add({.times = 1, .lasts = seconds(10), .what = fault::Offline()});
  const FaultId skew =
      Add({.times = 1, .lasts = seconds(10), .what = fault::ClockSkew{seconds(5)}});
  const RobotTime late = kStart + seconds(1000);
  EXPECT_FALSE(Info(offline, late).spent);
  ASSERT_TRUE(Hits(Call("GetRobotId"), late));
  table_.BeginOffline(offline, late);
  EXPECT_EQ(table_.ConditionAt(late + seconds(9)), (RobotCondition{true, seconds(5)}));
  EXPECT_EQ(table_.ConditionAt(late + seconds(10)), RobotCondition());
  EXPECT_TRUE(Info(skew, late + seconds(10)).spent);
}

TEST_F(FaultTableTest, TheRobotIsOfflineUntilTheFaultIsRemoved) {
  const FaultId id = Add({.what = fault::Offline()});
  EXPECT_TRUE(table_.ConditionAt(kStart + std::chrono::hours(1000)).offline);
  EXPECT_FALSE(table_.ConditionWillChange(kStart));
  EXPECT_FALSE(table_.HitsCalls(kStart));
  EXPECT_FALSE(Info(id).spent);
  table_.Remove(id);
  EXPECT_FALSE(table_.ConditionAt(kStart).offline);
}

TEST_F(FaultTableTest, SkewsAddUpWhileTheyLast) {
  Add({.lasts = seconds(10), .what = fault::ClockSkew{seconds(100)}});
  Add({.what = fault::ClockSkew{-seconds(1)}});
  EXPECT_TRUE(table_.ConditionWillChange(kStart));
  EXPECT_EQ(table_.ConditionAt(kStart).clock_ahead, seconds(99));
  EXPECT_EQ(table_.ConditionAt(kStart + seconds(10)).clock_ahead, -seconds(1));
  EXPECT_FALSE(table_.ConditionWillChange(kStart + seconds(10)));
}

TEST_F(FaultTableTest, SpentFaultsAreForgottenButForTheLatestHundred) {
  FaultId last = 0;
  for (int i = 0; i < 5000; ++i) {
    last = Add({.times = 1, .what = fault::GrpcStatus()});
    Hits();
  }
  EXPECT_LE(table_.List(kStart).size(), FaultTable::kMostSpent + 1);
  EXPECT_EQ(Info(last).fired, 1u);
}

TEST_F(FaultTableTest, ThereAreAtMostAThousand) {
  for (std::size_t i = 0; i < FaultTable::kMostArmed; ++i) Add({.what = fault::Hang()});
  const auto another = table_.Add({.what = fault::Hang()}, kStart);
  ASSERT_FALSE(another.ok());
  EXPECT_THAT(another.error().message, HasSubstr("remove some first"));
}

struct Senseless {
  const char* name;
  Fault fault;
  const char* problem;
};

class CheckFaultTest : public ::testing::TestWithParam<Senseless> {};

TEST_P(CheckFaultTest, NamesTheFieldOf) {
  const auto checked = CheckFault(GetParam().fault);
  ASSERT_FALSE(checked.ok());
  EXPECT_THAT(checked.error().message, HasSubstr(GetParam().problem));
}

INSTANTIATE_TEST_SUITE_P(
    Senseless, CheckFaultTest,
    ::testing::Values(
        Senseless{"AnUnknownRpc", {.calls = {.rpc = "X"}}, "calls.rpc: no rpc is called 'X'"},
        Senseless{"NoTimes", {.times = 0, .what = fault::Hang()}, "times: "},
        Senseless{"NoTime", {.lasts = Duration(0), .what = fault::Hang()}, "lasts: "},
        Senseless{"NoProbability", {.probability = 0, .what = fault::Hang()}, "probability: "},
        Senseless{"TooProbable", {.probability = 1.5, .what = fault::Hang()}, "probability: "},
        Senseless{"NotProbable", {.probability = NAN, .what = fault::Hang()}, "probability: "},
        Senseless{"NoLatency", {.what = fault::Latency{}}, "at_least: "},
        Senseless{"NegativeLatency", {.what = fault::Latency{-seconds(1)}}, "at_least: "},
        Senseless{
            "EndlessLatency", {.what = fault::Latency{{}, std::chrono::hours(2)}}, "at_most: "},
        Senseless{"NoSuchCode", {.what = fault::GrpcStatus{.code = 17}}, "code: "},
        Senseless{"AWildMessage",
                  {.what = fault::GrpcStatus{14, std::string(1001, 'x'), {}}},
                  "message: "},
        Senseless{"AnErrorThatIsNone", {.what = fault::HeaderError{.code = 1}}, "code: "},
        Senseless{"NoSuchStatus", {.what = fault::Status{"STATUS_X"}}, "status: 'STATUS_X'"},
        Senseless{
            "AnothersStatus",
            {.calls = {.rpc = "GetAuthToken"}, .what = fault::Status{"STATUS_DOES_NOT_EXIST"}},
            "status: "},
        Senseless{"TheStatusOfNone",
                  {.calls = {.rpc = "ListPayloads"}, .what = fault::Status{"1"}},
                  "calls.rpc: ListPayloads answers without a status"},
        Senseless{"TheEffectOfWhatIsNoCall",
                  {.effect = Effect::kNone, .what = fault::Offline()},
                  "effect: has no meaning for offline that strikes at once"},
        Senseless{"TheTimeOfAMoment", {.lasts = seconds(1), .what = fault::Reboot()}, "lasts: "}),
    [](const auto& row) { return row.param.name; });

TEST(FaultNames, AreThoseThatScriptsUse) {
  EXPECT_STREQ(NameOf(fault::TooManyRequests()), "too-many-requests");
  EXPECT_STREQ(NameOf(fault::ExpireTokens()), "expire-tokens");
}

TEST(Rpcs, HaveNoNameTwiceAndKnowTheirRequests) {
  for (const Rpc& rpc : Rpcs()) {
    EXPECT_EQ(FindRpc(rpc.name), &rpc);
    EXPECT_EQ(&RpcOf(*rpc.request), &rpc);
  }
}

}  // namespace
}  // namespace mock_robot
