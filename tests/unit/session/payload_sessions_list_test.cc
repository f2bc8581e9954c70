// One list of a robot's payloads does for all of its sessions that want one.
#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "payload_manager/payload_sessions.h"
#include "tests/support/payload_story.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Call;
using ::testing::Contains;
using testing::Diary;
using testing::FakeRobot;
using testing::MakePayload;
using ::testing::Not;
using testing::Reply;
using testing::Verb;
using testing::VirtualRuntime;
using enum PayloadState;

class PayloadSessionsList : public ::testing::Test {
 protected:
  SessionId Add(const std::string& guid, const SessionOptions& options = {}) {
    robot_.Own(guid, "secret", true);
    return *sessions_.Add(spot_, MakePayload(guid), Secret("secret"), options, diary_.Observer());
  }
  // From now on a list says what is so when it is asked for, and takes so long to arrive.
  void ListsTake(Duration latency) {
    robot_.connection->script = [this, latency](const Call& call) {
      Reply reply = robot_.Answer(call);
      if (call.verb == Verb::kList) reply.latency = latency;
      return reply;
    };
  }
  std::vector<std::string> DifferencesOf(SessionId session) const {
    return sessions_.Snapshot(session)->differences;
  }
  std::size_t Lists() const { return robot_.connection->Count(Verb::kList); }

  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  FakeRobot robot_{runtime_};
  Diary diary_{*runtime_};
  PayloadSessions sessions_{runtime_, 1};
  RobotHandle spot_ = sessions_.AddRobot("spot", robot_.connection);
};

TEST_F(PayloadSessionsList, OneIsMadeOnceThoseInLineForTheirTokensHaveThem) {
  std::vector<SessionId> sessions;
  sessions.reserve(10);
  for (int i = 0; i < 10; ++i) sessions.push_back(Add("payload-" + std::to_string(i)));
  for (int i = 0; i < 10; i += 3) {
    robot_.payloads["payload-" + std::to_string(i)].definition.set_name("Camera");
  }
  runtime_->RunUntil(seconds(5));
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(sessions_.Snapshot(sessions[static_cast<std::size_t>(i)])->state, kAuthorized);
    EXPECT_EQ(DifferencesOf(sessions[static_cast<std::size_t>(i)]).empty(), i % 3 != 0) << i;
  }
  EXPECT_LE(Lists(), 2U) << "of ten payloads, eight of which may call in a second";
}

TEST_F(PayloadSessionsList, OneAnHourDoesForAllWhoShareIt) {
  for (int i = 0; i < 4; ++i) Add("payload-" + std::to_string(i));
  runtime_->RunUntil(seconds(30));
  const std::size_t at_first = Lists();
  runtime_->RunUntil(hours(3) + minutes(1));
  EXPECT_EQ(Lists() - at_first, 3U);
}

TEST_F(PayloadSessionsList, APayloadAloneHasItAtOnce) {
  Add("lidar");
  runtime_->RunUntil(seconds(2));
  EXPECT_EQ(robot_.connection->SecondsOf(Verb::kList), robot_.connection->SecondsOf(Verb::kToken));
}

TEST_F(PayloadSessionsList, OneThatWentOutBeforeAPayloadWasAuthorizedIsNotTakenForIts) {
  ListsTake(seconds(3));
  Add("lidar");
  runtime_->RunUntil(seconds(1));
  ASSERT_EQ(Lists(), 1U);
  const SessionId camera = Add("camera");
  runtime_->RunUntil(seconds(2));
  EXPECT_EQ(sessions_.Snapshot(camera)->state, kAuthorized);
  robot_.payloads["camera"].definition.set_name("Camera");
  runtime_->RunUntil(seconds(7));
  EXPECT_EQ(robot_.connection->SecondsOf(Verb::kList).size(), 2U);
  EXPECT_FALSE(DifferencesOf(camera).empty());
}

TEST_F(PayloadSessionsList, WhatOnesOwnCallHasDoneSinceIsNotOverruled) {
  const SessionId lidar = Add("lidar");
  const SessionId camera = Add("camera");
  runtime_->RunUntil(minutes(59));
  ListsTake(seconds(3));
  const std::size_t before = Lists();
  while (Lists() == before) runtime_->RunUntil(runtime_->Elapsed() + seconds(1));
  for (const SessionId session : {lidar, camera}) sessions_.Attach(session, {});
  runtime_->RunUntil(runtime_->Elapsed() + seconds(30));
  EXPECT_EQ(sessions_.Snapshot(lidar)->attached, true);
  EXPECT_EQ(sessions_.Snapshot(camera)->attached, true);
  EXPECT_THAT(diary_.events, Not(Contains("detached")));
}

TEST_F(PayloadSessionsList, OneFromBeforeAPayloadWasAuthorizedAnewIsNotTakenForIts) {
  SessionOptions options;
  options.token_check = milliseconds(500);
  options.definition_check = seconds(10);
  const SessionId camera = Add("camera", options);  // has the first list, and the lidar the next
  Add("lidar", options);
  runtime_->RunUntil(seconds(9));
  const std::size_t before = Lists();
  ListsTake(seconds(5));
  runtime_->RunUntil(seconds(11));
  ASSERT_EQ(Lists(), before + 1) << "the lidar's, which the camera shares";
  robot_.payloads["camera"].authorized = false;
  runtime_->RunUntil(seconds(12));
  robot_.payloads["camera"].authorized = true;
  robot_.payloads["camera"].definition.set_name("Camera");
  runtime_->RunUntil(seconds(14));
  ASSERT_EQ(Lists(), before + 1);
  ASSERT_EQ(sessions_.Snapshot(camera)->state, kAuthorized);
  ASSERT_THAT(diary_.events, Contains("de-authorized"));
  runtime_->RunUntil(seconds(21));
  EXPECT_FALSE(DifferencesOf(camera).empty());
}

TEST_F(PayloadSessionsList, OneThatFallsDueAfterAnothersIsMadeInTime) {
  SessionOptions options;
  options.interval = hours(100);  // nothing else wakes the session
  options.token_check = hours(100);
  options.token_renewal = hours(100);
  options.definition_check = seconds(10);
  Add("lidar", options);
  runtime_->RunUntil(seconds(5));
  const SessionId camera = Add("camera", options);
  runtime_->RunUntil(seconds(9));
  ListsTake(seconds(3));
  runtime_->RunUntil(seconds(11));
  ASSERT_EQ(Lists(), 3U) << "the third being the lidar's second";
  sessions_.Attach(camera, {});
  runtime_->RunUntil(seconds(16));
  EXPECT_EQ(Lists(), 4U) << "the camera's, which was due at 15 s";
}

TEST_F(PayloadSessionsList, OneThatHangsHoldsUpNothingElse) {
  ListsTake(hours(1));
  Add("lidar");
  const SessionId camera = Add("camera");
  runtime_->RunUntil(seconds(20));
  robot_.connection->calls.clear();
  runtime_->RunUntil(minutes(3));
  std::map<std::string, int> beats;
  for (const Call& call : robot_.connection->calls) {
    if (call.verb == Verb::kRegister) ++beats[call.guid];
  }
  EXPECT_GE(beats["camera"], 14) << "one each 10 s, whoever's list hangs";
  EXPECT_EQ(sessions_.Snapshot(camera)->state, kAuthorized);
}

TEST_F(PayloadSessionsList, OneThatHangsIsGivenUpHoweverPatientItsAskerIs) {
  ListsTake(hours(1));
  SessionOptions patient;
  patient.call_timeout = hours(2);
  Add("lidar", patient);
  runtime_->RunUntil(minutes(5));
  EXPECT_GE(Lists(), 2U) << "the others of its robot wait for it";
}

TEST_F(PayloadSessionsList, WhenItsAskerIsRemovedTheOthersAskThemselves) {
  ListsTake(seconds(3));
  const SessionId lidar = Add("lidar");
  const SessionId camera = Add("camera");
  robot_.payloads["lidar"].definition.set_name("Camera");
  robot_.payloads["camera"].definition.set_name("Camera");
  runtime_->RunUntil(seconds(1));
  ASSERT_EQ(Lists(), 1U);
  sessions_.Remove(lidar);
  runtime_->RunUntil(seconds(6));
  EXPECT_EQ(Lists(), 2U);
  EXPECT_FALSE(DifferencesOf(camera).empty());
}

TEST_F(PayloadSessionsList, OneThatFailsIsTheAskersFailureOnly) {
  robot_.connection->script = [this](const Call& call) {
    if (call.verb == Verb::kList && robot_.connection->Count(Verb::kList) == 1) {
      return testing::Fails(FailureKind::kPermissionDenied, seconds(1));
    }
    return robot_.Answer(call);
  };
  const SessionId lidar = Add("lidar");
  const SessionId camera = Add("camera");
  robot_.payloads["camera"].definition.set_name("Camera");
  runtime_->RunUntil(seconds(5));
  EXPECT_EQ(Lists(), 2U);
  EXPECT_TRUE(sessions_.Snapshot(lidar)->failure.has_value());
  EXPECT_FALSE(sessions_.Snapshot(camera)->failure.has_value());
  EXPECT_FALSE(DifferencesOf(camera).empty());
}

}  // namespace
}  // namespace payload_manager
