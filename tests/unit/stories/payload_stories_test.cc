// Whole stories: the payload manager's sessions against the mock robot's rules, in virtual time.
// Each row of the observation table is known as late as the table allows, and no later.
#include <gmock/gmock.h>

#include "payload_manager/payload_sessions.h"
#include "tests/support/loopback_connection.h"
#include "tests/support/payload_story.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Diary;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::LoopbackRobot;
using testing::MakePayload;
using testing::VirtualRuntime;
using enum PayloadState;

constexpr char kLidar[] = "lidar-guid-0001";

class PayloadStory : public ::testing::Test {
 protected:
  PayloadStory() { Join(*MakePayload(kLidar)); }

  void Join(const bosdyn::api::Payload& payload) {
    SessionObserver observer = diary_.Observer();
    observer.token = [this](const Secret& token, TokenNews news) {
      token_ = std::string(token.Reveal());
      diary_.Write(news == TokenNews::kObtained ? "obtained" : "renewed");
    };
    auto added = sessions_.Add(spot_, std::make_shared<bosdyn::api::Payload>(payload),
                               Secret("our secret"), {}, observer);
    ASSERT_TRUE(added.ok()) << added.error().message;
    id_ = *added;
  }
  PayloadState State() const { return sessions_.Snapshot(id_)->state; }
  void Authorize(const std::string& preset = "") {
    ASSERT_TRUE(robot_.registry->Authorize(kLidar, preset, robot_.Now()).ok());
  }
  void Forget() { ASSERT_TRUE(robot_.registry->Forget(kLidar, robot_.Now()).ok()); }
  void BecomeAuthorized() {
    runtime_->RunFor(seconds(2));
    Authorize();
    runtime_->RunFor(seconds(2));
    ASSERT_EQ(State(), kAuthorized);
    diary_.events.clear();
  }
  // How long it takes until the payload is in this state.
  Duration TimeUntil(PayloadState state, Duration limit = hours(2)) {
    const Duration start = runtime_->Elapsed();
    while (State() != state && runtime_->Elapsed() - start < limit) {
      runtime_->RunFor(std::chrono::milliseconds(100));
    }
    return runtime_->Elapsed() - start;
  }

  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  LoopbackRobot robot_{runtime_};
  Diary diary_{*runtime_};
  std::string token_;
  PayloadSessions sessions_{runtime_, 1};
  RobotHandle spot_ = sessions_.AddRobot("spot", robot_.connection);
  SessionId id_{};
};

TEST_F(PayloadStory, RegisteredAuthorizedAttachedVersioned) {
  runtime_->RunUntil(seconds(5));
  ASSERT_TRUE(robot_.Find(kLidar));
  EXPECT_FALSE(robot_.Find(kLidar)->is_authorized());
  sessions_.Attach(id_, diary_.Result("attach"));
  bosdyn::api::SoftwareVersion version;
  version.set_major_version(2);
  sessions_.SetVersion(id_, version, diary_.Result("version"));
  Authorize();
  EXPECT_LE(TimeUntil(kAuthorized), seconds(1));
  runtime_->Settle();
  EXPECT_THAT(diary_.events, ElementsAre("registering -> waiting for authorization",
                                         "waiting for authorization -> authorized", "obtained",
                                         "attached", "attach ok", "version ok"));
  EXPECT_TRUE(robot_.TokenHolds(token_));
  EXPECT_TRUE(robot_.Find(kLidar)->is_enabled());
  EXPECT_EQ(robot_.Find(kLidar)->version().major_version(), 2);
}

TEST_F(PayloadStory, ForgottenItComesBackWithinOneIntervalAndWaits) {
  BecomeAuthorized();
  runtime_->RunFor(hours(3));
  ASSERT_TRUE(robot_.TokenHolds(token_));
  diary_.events.clear();
  Forget();
  EXPECT_LE(TimeUntil(kWaiting), seconds(11));
  EXPECT_THAT(diary_.events, ElementsAre("forgotten", "authorized -> waiting for authorization"));
  EXPECT_TRUE(robot_.Find(kLidar));
  Authorize();
  EXPECT_LE(TimeUntil(kAuthorized), seconds(1));
  EXPECT_TRUE(robot_.TokenHolds(token_)) << "a new token";
}

TEST_F(PayloadStory, ForgottenWhileWaitingItComesBackWithinOnePoll) {
  runtime_->RunUntil(seconds(5));
  Forget();
  runtime_->RunFor(seconds(1));
  EXPECT_TRUE(robot_.Find(kLidar));
  EXPECT_EQ(State(), kWaiting);
}

TEST_F(PayloadStory, DeauthorizationIsKnownWithinOneTokenCheck) {
  BecomeAuthorized();
  runtime_->RunFor(minutes(10));
  robot_.registry->Deauthorize(kLidar, robot_.Now());
  EXPECT_LE(TimeUntil(kWaiting), seconds(60));
  EXPECT_THAT(diary_.events,
              ElementsAre("de-authorized", "authorized -> waiting for authorization"));
  Authorize();
  EXPECT_LE(TimeUntil(kAuthorized), seconds(1));
}

TEST_F(PayloadStory, AStolenGuidIsKnownWithinOneTokenCheckAndLeftAlone) {
  BecomeAuthorized();
  runtime_->RunFor(minutes(10));
  Forget();
  ASSERT_TRUE(
      robot_.registry->Register(*MakePayload(kLidar), Secret("their secret"), robot_.Now()).ok());
  EXPECT_LE(TimeUntil(kCredentialsRejected), seconds(60));
  EXPECT_THAT(diary_.events, ElementsAre("authorized -> credentials rejected"));
  // The thief is thrown out: ours is back within one more check.
  Forget();
  EXPECT_LE(TimeUntil(kWaiting), seconds(60));
}

TEST_F(PayloadStory, AnOutageIsKnownWithItsCauseAndSurvived) {
  BecomeAuthorized();
  runtime_->RunFor(minutes(10));
  robot_.outage = FailureKind::kUnableToConnect;
  EXPECT_LE(TimeUntil(kUnreachable), seconds(11));
  runtime_->RunFor(minutes(30));
  robot_.outage.reset();
  EXPECT_LE(TimeUntil(kAuthorized), seconds(11));
  EXPECT_THAT(diary_.events, ElementsAre("authorized -> unreachable", "unreachable -> registering",
                                         "registering -> authorized", "renewed"));
}

TEST_F(PayloadStory, ARobotThatForgotEverythingWhileAwayGetsItsPayloadsBack) {
  BecomeAuthorized();
  robot_.outage = FailureKind::kConnectionLost;
  runtime_->RunFor(minutes(5));
  robot_.Erase();
  robot_.outage.reset();
  EXPECT_LE(TimeUntil(kWaiting), seconds(11));
  EXPECT_TRUE(robot_.Find(kLidar));
}

TEST_F(PayloadStory, ADefinitionThatDiffersIsNamedUntilThePayloadIsRegisteredAnew) {
  sessions_.RemoveAndWait(id_);
  Forget();
  ASSERT_TRUE(
      robot_.registry->Register(*MakePayload(kLidar, 2.5), Secret("our secret"), robot_.Now())
          .ok());
  Join(*MakePayload(kLidar));
  BecomeAuthorized();
  EXPECT_THAT(sessions_.Snapshot(id_)->differences,
              ElementsAre("mass_volume_properties.total_mass: ours 3, robot 2.5"));
  Forget();
  EXPECT_LE(TimeUntil(kWaiting), seconds(11));
  EXPECT_THAT(diary_.events, ElementsAre("forgotten", "definition agrees",
                                         "authorized -> waiting for authorization"));
  Authorize();
  TimeUntil(kAuthorized);
  EXPECT_THAT(sessions_.Snapshot(id_)->differences, IsEmpty());
}

TEST_F(PayloadStory, APresetThatTheAdministratorPickedIsNoDifference) {
  sessions_.RemoveAndWait(id_);
  Forget();
  bosdyn::api::Payload payload = *MakePayload(kLidar);
  auto* preset = payload.add_preset_configurations();
  preset->set_preset_name("rear");
  preset->set_description("At the rear");
  preset->mutable_mass_volume_properties()->set_total_mass(3.5F);
  Join(payload);
  runtime_->RunFor(seconds(1));
  Authorize("rear");
  TimeUntil(kAuthorized);
  runtime_->Settle();
  ASSERT_EQ(robot_.Find(kLidar)->description(), "At the rear");
  EXPECT_THAT(sessions_.Snapshot(id_)->differences, IsEmpty());
}

TEST_F(PayloadStory, AnAttachmentChangedByOthersIsSeenHourly) {
  BecomeAuthorized();
  const mock_robot::Credentials ours{kLidar, Secret("our secret")};
  ASSERT_TRUE(robot_.registry
                  ->UpdateAttached(ours, bosdyn::api::UpdatePayloadAttachedRequest::REQUEST_ATTACH,
                                   robot_.Now())
                  .ok());
  runtime_->RunFor(hours(1));
  EXPECT_EQ(sessions_.Snapshot(id_)->attached, true);
}

TEST_F(PayloadStory, ADayWithoutADisturbance) {
  BecomeAuthorized();
  runtime_->RunFor(hours(24));
  EXPECT_EQ(State(), kAuthorized);
  EXPECT_TRUE(robot_.TokenHolds(token_));
  EXPECT_EQ(diary_.events.size(), 24u) << "a renewed token every hour, and nothing else";
}

}  // namespace
}  // namespace payload_manager
