// Answers that change nothing may be taken in a little later; nobody who waits notices.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "payload_manager/payload_sessions.h"
#include "tests/support/payload_story.h"

namespace payload_manager {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Call;
using testing::Diary;
using testing::FakeRobot;
using testing::MakePayload;
using testing::Verb;
using testing::VirtualRuntime;
using enum PayloadState;

constexpr milliseconds kLatency{3};

// A few payloads, and a runtime that puts off all it may.
class PatienceTest : public ::testing::Test {
 protected:
  PatienceTest() {
    runtime_->PutOffWhatMayWait();
    robot_.latency = kLatency;
    robot_.connection->script = [this](const Call& call) {
      beats_ += call.verb == Verb::kRegister && call.guid == "guid-0" ? 1 : 0;
      return robot_.Answer(call);
    };
    SessionOptions often;
    often.interval = seconds(4);
    for (int i = 0; i < 20; ++i) {
      ids_.push_back(*sessions_.Add(spot_, MakePayload("guid-" + std::to_string(i)),
                                    Secret("secret"), often, diary_.Observer()));
    }
    runtime_->RunUntil(seconds(10));
    for (auto& [guid, known] : robot_.payloads) known.authorized = true;
    runtime_->RunUntil(seconds(30));
  }
  // Lets time pass until a beat of the first payload goes out. The scheduler is going to wake soon
  // after its answer.
  void AwaitBeat() {
    const int before = beats_;
    while (beats_ == before) runtime_->RunFor(milliseconds(1));
    runtime_->StartTimer(runtime_->Now() + milliseconds(15), [] {});
  }

  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  FakeRobot robot_{runtime_};
  Diary diary_{*runtime_};
  PayloadSessions sessions_{runtime_, 1};
  int beats_ = 0;  // of the first payload
  RobotHandle spot_ = sessions_.AddRobot("spot", robot_.connection);
  std::vector<SessionId> ids_;
};

TEST_F(PatienceTest, ABeatWithoutNewsIsShownFiftyMillisecondsLaterAtMost) {
  int put_off = 0;
  for (int i = 0; i < 50; ++i) {
    AwaitBeat();
    const auto attempts = sessions_.Snapshot(ids_[0])->attempts;
    runtime_->RunFor(kLatency);
    if (sessions_.Snapshot(ids_[0])->attempts == attempts) ++put_off;
    runtime_->RunFor(milliseconds(50));
    ASSERT_EQ(sessions_.Snapshot(ids_[0])->attempts, attempts + 1);
  }
  EXPECT_GT(put_off, 0);
}

TEST_F(PatienceTest, KeepsEveryPayloadAtItsPace) {
  const int before = beats_;
  runtime_->RunFor(minutes(10));
  EXPECT_NEAR(beats_ - before, 150, 4);
}

TEST_F(PatienceTest, NewsAreToldTheMomentTheyCome) {
  AwaitBeat();
  runtime_->RunFor(seconds(1));
  robot_.payloads.erase("guid-0");
  const std::size_t told = diary_.entries.size();
  AwaitBeat();
  EXPECT_EQ(diary_.entries.size(), told);
  runtime_->RunFor(kLatency);
  EXPECT_GT(diary_.entries.size(), told) << "it had been forgotten";
}

TEST_F(PatienceTest, ARequestWaitsForNoMoreThanTheBeatUnderWay) {
  runtime_->RunFor(minutes(1));
  AwaitBeat();
  sessions_.Attach(ids_[0], diary_.Result("attach"));
  runtime_->RunFor(2 * kLatency);
  EXPECT_EQ(diary_.events.back(), "attach ok");
}

TEST_F(PatienceTest, RemovingWaitsForNoAnswerThatWasPutOff) {
  AwaitBeat();
  runtime_->RunFor(kLatency);
  const Duration before = runtime_->Elapsed();
  EXPECT_TRUE(sessions_.RemoveAndWait(ids_[0]));
  EXPECT_EQ(runtime_->Elapsed(), before);
}

TEST_F(PatienceTest, ShuttingDownWaitsForNoAnswerThatWasPutOff) {
  AwaitBeat();
  runtime_->RunFor(kLatency);
  const Duration before = runtime_->Elapsed();
  EXPECT_TRUE(sessions_.Shutdown());
  EXPECT_EQ(runtime_->Elapsed(), before);
}

TEST_F(PatienceTest, ACallThatCannotBeCancelledHoldsUpARemovalNoLongerThanItself) {
  robot_.connection->ignores_cancellation = true;
  AwaitBeat();
  const Duration before = runtime_->Elapsed();
  EXPECT_TRUE(sessions_.RemoveAndWait(ids_[0]));
  EXPECT_LE(runtime_->Elapsed() - before, kLatency);
}

}  // namespace
}  // namespace payload_manager
