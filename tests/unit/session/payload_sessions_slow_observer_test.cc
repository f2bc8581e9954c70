// Observers that take their time while a lot happens.
#include <gmock/gmock.h>

#include "payload_manager/payload_sessions.h"
#include "tests/support/payload_story.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::FakeRobot;
using testing::MakePayload;
using testing::VirtualRuntime;
using enum PayloadState;

constexpr char kLidar[] = "lidar-guid-0001";

class SlowObserverTest : public ::testing::Test {
 protected:
  // Every ten minutes the robot forgets the payload; authorized again a minute later.
  void Forget() {
    robot_.payloads.clear();
    void_tokens_ = robot_.tokens;
    In(minutes(1), [this] { robot_.payloads[kLidar].authorized = authorizes_; });
    In(minutes(10), [this] {
      if (++forgotten_ < 100) Forget();
    });
  }
  void In(Duration time, Runtime::Task task) {
    runtime_->Post([this, time, task = std::move(task)] {
      runtime_->StartTimer(runtime_->Now() + time, task);
    });
  }
  SessionObserver Observer() {
    SessionObserver observer;
    observer.state_changed = [this](const StateChange& change) {
      if (!changes_.empty()) {
        EXPECT_EQ(change.before, changes_.back().after) << "nothing is between them";
      }
      changes_.push_back(change);
      if (change.after == kAuthorized && !std::exchange(took_its_time_, true)) {
        runtime_->SpendInCallback(hours(20));
      }
    };
    observer.definition_differs = [this](const std::vector<std::string>& fields) {
      differs_ = fields.size();
    };
    observer.token = [this](const Secret& token, TokenNews) {
      EXPECT_EQ(changes_.back().after, kAuthorized) << "or the token is void";
      token_ = token.Reveal();
      ++tokens_;
    };
    return observer;
  }

  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  FakeRobot robot_{runtime_};
  bool authorizes_ = true;
  int forgotten_ = 0;
  int void_tokens_ = 0;  // up to this one
  bool took_its_time_ = false;
  std::vector<StateChange> changes_;
  std::string token_;
  int tokens_ = 0;
  std::size_t differs_ = 0;
  PayloadSessions sessions_{runtime_, 1};
  RobotHandle spot_ = sessions_.AddRobot("spot", robot_.connection);
  SessionId lidar_ = *sessions_.Add(spot_, MakePayload(kLidar), Secret("secret"), {}, Observer());
};

TEST_F(SlowObserverTest, HearsOfWhatItHasComeToWithoutAThousandStepsBetween) {
  In(minutes(1), [this] { robot_.payloads[kLidar].authorized = true; });
  In(minutes(5), [this] { Forget(); });
  In(hours(18), [this] { robot_.payloads[kLidar].definition.set_name("Camera"); });
  runtime_->RunUntil(hours(19) + minutes(30));
  ASSERT_TRUE(took_its_time_);
  ASSERT_EQ(forgotten_, 100);
  ASSERT_EQ(sessions_.Snapshot(lidar_)->differences.size(), 1U);
  runtime_->RunUntil(hours(30));
  EXPECT_EQ(differs_, 1U);
  EXPECT_LT(changes_.size(), 80u);
  EXPECT_LT(tokens_, 40);
  EXPECT_EQ(changes_.back().after, kAuthorized);
  EXPECT_EQ(sessions_.Snapshot(lidar_)->state, kAuthorized);
  EXPECT_GT(std::stoi(token_.substr(std::string("token ").size())), void_tokens_);
}

TEST_F(SlowObserverTest, IsNotGivenATokenThatIsVoidByThen) {
  In(minutes(1), [this] { robot_.payloads[kLidar].authorized = true; });
  In(minutes(5), [this] { Forget(); });
  In(hours(15), [this] { authorizes_ = false; });
  runtime_->RunUntil(hours(30));
  ASSERT_TRUE(took_its_time_);
  EXPECT_EQ(changes_.back().after, kWaiting);
  EXPECT_LT(changes_.size(), 80u);
  const int known = tokens_;
  robot_.payloads[kLidar].authorized = true;
  runtime_->RunUntil(hours(31));
  EXPECT_EQ(changes_.back().after, kAuthorized) << "told one by one again";
  EXPECT_EQ(tokens_, known + 1);
}

}  // namespace
}  // namespace payload_manager
