#include <gmock/gmock.h>

#include "payload_manager/payload_sessions.h"
#include "tests/support/payload_story.h"

namespace payload_manager {
namespace {

using std::chrono::seconds;
using testing::Diary;
using ::testing::ElementsAre;
using testing::FakeRobot;
using ::testing::IsEmpty;
using testing::MakePayload;
using testing::Verb;
using testing::VirtualRuntime;

class RequestsTest : public ::testing::Test {
 protected:
  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  FakeRobot robot_{runtime_};
  Diary diary_{*runtime_};
  PayloadSessions sessions_{runtime_, 1};
  RobotHandle spot_ = sessions_.AddRobot("spot", robot_.connection);
  SessionId lidar_ = *sessions_.Add(spot_, MakePayload("lidar-guid-0001"), Secret("secret"));
};

TEST_F(RequestsTest, AreCarriedOutInOrderAsSoonAsTheStateAllows) {
  sessions_.SetVersion(lidar_, {}, diary_.Result("version"));
  sessions_.Attach(lidar_, diary_.Result("attach"));
  sessions_.Detach(lidar_, diary_.Result("detach"));
  runtime_->RunUntil(seconds(3));
  EXPECT_THAT(diary_.entries, ElementsAre("0 version ok"));
  robot_.payloads["lidar-guid-0001"].authorized = true;
  runtime_->RunUntil(seconds(4));
  EXPECT_THAT(diary_.entries, ElementsAre("0 version ok", "4 attach ok", "4 detach ok"));
}

TEST_F(RequestsTest, AreTriedAgainAfterAnOutage) {
  robot_.Own("lidar-guid-0001", "secret", true);
  runtime_->RunUntil(seconds(1));
  robot_.outage = FailureKind::kConnectionLost;
  sessions_.Attach(lidar_, diary_.Result("attach"));
  runtime_->RunUntil(seconds(30));
  EXPECT_THAT(diary_.entries, IsEmpty());
  EXPECT_EQ(robot_.connection->Count(Verb::kAttach), 1u);
  robot_.outage.reset();
  runtime_->RunUntil(seconds(60));
  EXPECT_THAT(diary_.events, ElementsAre("attach ok"));
}

TEST_F(RequestsTest, TellTheirRefusal) {
  robot_.Own("lidar-guid-0001", "secret", true);
  runtime_->RunUntil(seconds(1));
  robot_.payloads["lidar-guid-0001"].authorized = false;
  sessions_.Attach(lidar_, diary_.Result("attach"));
  runtime_->Settle();
  EXPECT_THAT(diary_.events, ElementsAre("attach: payload not authorized"));
  EXPECT_EQ(sessions_.Snapshot(lidar_)->state, PayloadState::kWaiting);
}

TEST_F(RequestsTest, OfARemovedSessionAreAnswered) {
  sessions_.Attach(lidar_, diary_.Result("waiting"));
  sessions_.Remove(lidar_);
  sessions_.Attach(lidar_, diary_.Result("late"));
  runtime_->Settle();
  EXPECT_THAT(diary_.events, ElementsAre("waiting: shut down", "late: shut down"));
}

TEST_F(RequestsTest, AreNotAnsweredOnceTheRuntimeHasBeenStopped) {
  sessions_.Attach(lidar_, diary_.Result("posted"));
  runtime_->Stop();
  sessions_.Attach(lidar_, diary_.Result("late"));
  sessions_.Shutdown();
  runtime_->RunUntil(seconds(60));
  EXPECT_THAT(diary_.events, IsEmpty()) << "nobody is left to answer them";
}

TEST_F(RequestsTest, OnlySoManyWait) {
  for (int i = 0; i < 65; ++i) sessions_.Attach(lidar_, diary_.Result("attach"));
  runtime_->Settle();
  EXPECT_THAT(diary_.events, ElementsAre("attach: invalid argument"));
}

}  // namespace
}  // namespace payload_manager
