// payloadctl mock inject, faults and journal: what the flags mean and what people see.
#include <gmock/gmock.h>
#include <google/protobuf/util/time_util.h>
#include <gtest/gtest.h>

#include "tests/unit/cli/fake_environment.h"

namespace payload_manager::payloadctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class MockFaults : public ::testing::Test {
 protected:
  int Run(std::vector<std::string> line) {
    line.insert(line.begin(), "mock");
    line.insert(line.end(), {"--admin", "localhost:1"});
    return static_cast<int>(payloadctl::Run(line, env_));
  }
  // The fault that a line injects, as text.
  std::string Injected(std::vector<std::string> line) {
    line.insert(line.begin(), "inject");
    EXPECT_EQ(Run(line), 0) << env_.errors();
    if (env_.admin.faults.injected.empty()) return "none";
    auto fault = env_.admin.faults.injected.back();
    if (fault.calls().ByteSizeLong() == 0) fault.clear_calls();
    return fault.ShortDebugString();
  }
  // The complaint about a line that is wrong.
  std::string Refused(std::vector<std::string> line) {
    FakeEnvironment env;
    line.insert(line.begin(), {"mock", "inject"});
    line.insert(line.end(), {"--admin", "localhost:1"});
    EXPECT_EQ(static_cast<int>(payloadctl::Run(line, env)), 2);
    EXPECT_TRUE(env.admin.faults.injected.empty());
    return env.errors();
  }

  FakeEnvironment env_;
};

TEST_F(MockFaults, EveryKindCanBeInjected) {
  EXPECT_EQ(Injected({"latency", "--delay", "1.5"}),
            "latency { at_least { seconds: 1 nanos: 500000000 } }");
  EXPECT_EQ(Injected({"latency", "--delay", "1", "--delay-max", "2", "--exponential"}),
            "latency { at_least { seconds: 1 } at_most { seconds: 2 } shape: SHAPE_EXPONENTIAL }");
  EXPECT_EQ(Injected({"hang"}), "hang { }");
  EXPECT_EQ(Injected({"grpc-status", "--code", "UNAVAILABLE", "--message", "m", "--details", "d"}),
            "grpc_status { code: 14 message: \"m\" details: \"d\" }");
  EXPECT_EQ(Injected({"grpc-status", "--code", "5"}), "grpc_status { code: 5 }");
  EXPECT_EQ(Injected({"too-many-requests"}), "too_many_requests { }");
  EXPECT_EQ(Injected({"header-error"}), "header_error { code: 2 }");
  EXPECT_EQ(Injected({"header-error", "--code", "CODE_INVALID_REQUEST", "--message", "m"}),
            "header_error { code: 3 message: \"m\" }");
  EXPECT_EQ(Injected({"unset-header"}), "unset_header { }");
  EXPECT_EQ(Injected({"unset-status"}), "unset_status { }");
  EXPECT_EQ(Injected({"status", "--status", "STATUS_X"}), "status { status: \"STATUS_X\" }");
  EXPECT_EQ(Injected({"reset"}), "reset { }");
  EXPECT_EQ(Injected({"answer", "--rpc", "GetRobotId", "--answer", "robot_id {}"}),
            "calls { rpc: \"GetRobotId\" } answer { text: \"robot_id {}\" }");
  EXPECT_EQ(Injected({"offline", "--for", "2"}), "lasts { seconds: 2 } offline { }");
  EXPECT_EQ(Injected({"clock-skew", "--behind", "3"}), "clock_skew { ahead { seconds: -3 } }");
  EXPECT_EQ(Injected({"reboot", "--down", "4"}), "reboot { down { seconds: 4 } }");
  EXPECT_EQ(Injected({"expire-tokens"}), "expire_tokens { }");
}

TEST_F(MockFaults, FlagsSayWhichCallsAndHowOften) {
  EXPECT_EQ(Injected({"reset", "--rpc", "R", "--guid", "G", "--client", "C", "--times", "3",
                      "--probability", "0.5", "--seed", "9", "--effect", "none"}),
            "calls { rpc: \"R\" guid: \"G\" client_name: \"C\" } times: 3 probability: 0.5 seed: 9 "
            "effect: EFFECT_NONE reset { }");
  EXPECT_THAT(env_.output(), HasSubstr("fault 1: reset\n"));
}

TEST_F(MockFaults, WhatIsWrongNamesTheFlag) {
  EXPECT_THAT(Refused({"chaos"}), HasSubstr("KIND: there is no fault 'chaos'"));
  EXPECT_THAT(Refused({"latency"}), HasSubstr("--delay: is missing for 'latency'"));
  EXPECT_THAT(Refused({"hang", "--delay", "1"}), HasSubstr("--delay: has no meaning for 'hang'"));
  EXPECT_THAT(Refused({"hang", "--times", "x"}), HasSubstr("--times: 'x' is not"));
  EXPECT_THAT(Refused({"hang", "--effect", "some"}), HasSubstr("--effect: 'some'"));
  EXPECT_THAT(Refused({"hang", "--for", "-1"}), HasSubstr("--for"));
  EXPECT_THAT(Refused({"grpc-status", "--code", "BAD"}), HasSubstr("--code: 'BAD'"));
  EXPECT_THAT(Refused({"clock-skew"}), HasSubstr("--ahead: "));
  EXPECT_THAT(Refused({"latency", "--delay", "1", "--exponential"}), HasSubstr("--exponential: "));
}

TEST_F(MockFaults, WhatTheRobotFindsWrongNamesTheFlagToo) {
  env_.admin.faults.failure = Failure{FailureKind::kInvalidArgument, "lasts: must be more"};
  EXPECT_EQ(Run({"inject", "hang", "--for", "1"}), 2);
  EXPECT_EQ(env_.errors(), "payloadctl: --for: must be more\n");
}

TEST_F(MockFaults, AreEndedAndReleasedByNumber) {
  EXPECT_EQ(Run({"faults", "--remove", "7"}), 0);
  EXPECT_EQ(Run({"faults", "--release", "8"}), 0);
  EXPECT_EQ(Run({"faults", "--remove-all"}), 0);
  EXPECT_THAT(env_.admin.faults.calls, ElementsAre("remove 7", "release 8", "remove all"));
  EXPECT_EQ(env_.output(), "fault 7: removed\nfault 8: let 2 calls go on\n3 faults removed\n");
  EXPECT_EQ(Run({"faults", "--remove", "x"}), 2);
  EXPECT_EQ(Run({"faults", "--remove", "1", "--remove-all"}), 2);
}

TEST_F(MockFaults, ThatDoNotExistAre8) {
  env_.admin.faults.failure = Failure{FailureKind::kPayloadDoesNotExist, "there is no fault 7"};
  EXPECT_EQ(Run({"faults", "--remove", "7"}), 8);
  EXPECT_EQ(env_.errors(), "payloadctl: there is no fault 7\n");
}

class MockJournal : public MockFaults {
 protected:
  MockJournal() {
    ::mock_robot::v1::JournalEntry entry;
    *entry.mutable_received() =
        google::protobuf::util::TimeUtil::MillisecondsToTimestamp(1'700'000'010'250);
    entry.set_rpc("RegisterPayload");
    entry.set_guid("guid\nwith a line");
    entry.set_answered(true);
    *entry.mutable_took() = google::protobuf::util::TimeUtil::MicrosecondsToDuration(1'042);
    entry.set_outcome("OK");
    env_.admin.faults.journal.push_back(entry);
  }
};

TEST_F(MockJournal, IsALinePerCallAndWithoutControlCharacters) {
  EXPECT_EQ(Run({"journal", "--rpc", "RegisterPayload", "--last", "2"}), 0);
  EXPECT_THAT(env_.output(), HasSubstr("2023-11-14T22:13:30.250Z"));
  EXPECT_THAT(env_.output(), HasSubstr("guid?with a line"));
  EXPECT_THAT(env_.output(), HasSubstr("OK  1.042 ms\n"));
  EXPECT_THAT(env_.admin.faults.calls,
              ElementsAre("journal filter { rpc: \"RegisterPayload\" } last: 2"));
}

TEST_F(MockJournal, IsFollowedWithoutEndAndToldOfWhatWasMissed) {
  EXPECT_EQ(Run({"journal", "--follow", "--json"}), 0);
  EXPECT_FALSE(env_.admin.faults.timeout.has_value());
  EXPECT_THAT(env_.output(), ::testing::StartsWith("{\"number\":0,"));
  EXPECT_THAT(env_.errors(), HasSubstr("warning: 4 entries"));
  EXPECT_EQ(Run({"journal", "--follow", "--timeout", "3"}), 0);
  EXPECT_EQ(env_.admin.faults.timeout, std::chrono::seconds(3));
}

TEST_F(MockJournal, IsCounted) {
  EXPECT_EQ(Run({"journal", "--count", "--guid", "g"}), 0);
  EXPECT_EQ(env_.output(), "7 answered, 0 waiting\n");
  EXPECT_EQ(Run({"journal", "--count", "--follow"}), 2);
  EXPECT_EQ(Run({"journal", "--last", "0"}), 2);
}

TEST_F(MockJournal, SaysWhenItFollows) {
  EXPECT_EQ(Run({"journal", "--follow"}), 0);
  EXPECT_THAT(env_.errors(),
              ::testing::StartsWith("payloadctl: follows the journal from here on\n"));
}

TEST_F(MockJournal, IsAwaited) {
  EXPECT_EQ(Run({"journal", "--await", "7", "--guid", "g", "--timeout", "3"}), 0);
  EXPECT_EQ(env_.output(), "7 answered\n");
  EXPECT_EQ(env_.admin.faults.timeout, std::chrono::seconds(3));
  EXPECT_THAT(env_.admin.faults.calls, ElementsAre("await filter { guid: \"g\" } count: 7"));
}

TEST_F(MockJournal, AwaitedInVainIs7AndSaysHowManyThereAre) {
  EXPECT_EQ(Run({"journal", "--await", "8", "--guid", "g"}), 7);
  EXPECT_EQ(env_.errors(), "payloadctl: --await: only 7 of 8 calls were answered in time\n");
  EXPECT_THAT(env_.admin.faults.calls,
              ElementsAre("await filter { guid: \"g\" } count: 8", "count filter { guid: \"g\" }"));
}

TEST_F(MockJournal, OfARobotThatIsNotThereIsNotAwaited) {
  env_.admin.faults.failure = Failure{FailureKind::kUnableToConnect, "cannot be reached"};
  EXPECT_EQ(Run({"journal", "--await", "8"}), 3);
  EXPECT_EQ(Run({"journal", "--await", "1"}), 3);
}

TEST_F(MockJournal, IsAskedForInOneWayAtATime) {
  EXPECT_EQ(Run({"journal", "--await", "1", "--count"}), 2);
  EXPECT_EQ(Run({"journal", "--await", "0"}), 2);
  EXPECT_EQ(Run({"journal", "--await", "-1"}), 2);
  EXPECT_EQ(Run({"journal", "--last", "1", "--follow"}), 2);
  EXPECT_THAT(env_.errors(), HasSubstr("--await: '0' is not a number from 1 on"));
  EXPECT_THAT(env_.errors(), HasSubstr("--follow and --last: only one at a time"));
}

}  // namespace
}  // namespace payload_manager::payloadctl
