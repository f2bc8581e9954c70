// PayloadSessions over a real connection to a mock robot.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "payload_manager/payload_sessions.h"
#include "tests/integration/sessions/on_a_mock_robot.h"

namespace payload_manager {
namespace {

using std::chrono::milliseconds;
using testing::kDeadline;
using testing::kGuid;
using testing::OnAMockRobot;
using testing::Wire;
using enum PayloadState;

// What an observer was told, and a wait for it with a deadline. Threads: any.
class Heard {
 public:
  SessionObserver Observer() {
    SessionObserver observer;
    observer.state_changed = [this](const StateChange& change) { Note(Words(change.after)); };
    observer.token = [this](const Secret&, TokenNews) { Note("token"); };
    observer.forgotten = [this] { Note("forgotten"); };
    observer.deauthorized = [this] { Note("de-authorized"); };
    observer.attached = [this](bool attached) { Note(attached ? "attached" : "detached"); };
    return observer;
  }
  PayloadSessions::ResultCallback Result(const std::string& what) {
    return [this, what](const Outcome<Done>& outcome) {
      Note(what + (outcome.ok() ? " ok" : ": " + outcome.error().message));
    };
  }
  // Until this is heard after what was waited for before.
  bool Next(const std::string& wanted) {
    std::unique_lock lock(mutex_);
    return heard_.wait_for(lock, kDeadline, [&] {
      const auto found = std::find(all_.begin() + seen_, all_.end(), wanted);
      if (found == all_.end()) return false;
      seen_ = found - all_.begin() + 1;
      return true;
    });
  }
  bool Next(PayloadState state) { return Next(Words(state)); }

 private:
  static std::string Words(PayloadState state) { return std::string(ToString(state)); }
  void Note(std::string what) {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(what));
    heard_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable heard_;
  std::vector<std::string> all_;  // guarded by mutex_
  std::ptrdiff_t seen_ = 0;
};

class SessionsOnAMockRobot : public OnAMockRobot {
 protected:
  SessionId Add(std::shared_ptr<RobotConnection> connection) {
    PacingOptions fast;
    fast.registration_calls_per_second = 200;
    fast.auth_calls_per_second = 200;
    fast.first_back_off = milliseconds(20);
    fast.last_back_off = milliseconds(100);
    SessionOptions often;
    often.interval = milliseconds(50);
    often.token_poll = milliseconds(20);
    often.token_check = milliseconds(50);
    const RobotHandle spot = sessions_->AddRobot("spot", std::move(connection), fast);
    return *sessions_->Add(spot, std::make_shared<bosdyn::api::Payload>(Definition()),
                           Secret("secret"), often, heard_.Observer());
  }

  Heard heard_;
  const std::shared_ptr<ThreadedRuntime> runtime_ = std::make_shared<ThreadedRuntime>();
  std::unique_ptr<PayloadSessions> sessions_ = std::make_unique<PayloadSessions>(runtime_, 1);
};

TEST_P(SessionsOnAMockRobot, LiveThroughAuthorizationForgettingAndBack) {
  const SessionId lidar = Add(Connected());
  EXPECT_TRUE(heard_.Next(kWaiting));
  robot_->Authorize(kGuid);
  EXPECT_TRUE(heard_.Next(kAuthorized));
  EXPECT_TRUE(heard_.Next("token"));
  sessions_->Attach(lidar, heard_.Result("attach"));
  EXPECT_TRUE(heard_.Next("attach ok"));

  robot_->Forget(kGuid);
  EXPECT_TRUE(heard_.Next("forgotten"));
  EXPECT_TRUE(heard_.Next(kWaiting));
  robot_->Authorize(kGuid);
  EXPECT_TRUE(heard_.Next(kAuthorized));
  robot_->Deauthorize(kGuid);
  EXPECT_TRUE(heard_.Next("de-authorized"));
  EXPECT_TRUE(heard_.Next(kWaiting));
}

TEST_P(SessionsOnAMockRobot, ComeBackAfterACutConnection) {
  Add(Connected());
  EXPECT_TRUE(heard_.Next(kWaiting));
  robot_->HoldAnswers();
  ASSERT_TRUE(RobotHoldsAnAnswer());
  robot_->CutConnections();
  EXPECT_TRUE(heard_.Next(kUnreachable));
  robot_->ReleaseAnswers();
  EXPECT_TRUE(heard_.Next(kWaiting));
}

TEST_P(SessionsOnAMockRobot, ShutDownInMidCallWithASilentRobot) {
  robot_->HoldAnswers();
  Add(Connected());
  ASSERT_TRUE(RobotHoldsAnAnswer());
  ExpectEndsInMidCall(*sessions_);
}

TEST_P(SessionsOnAMockRobot, MayLeaveTheirConnectionToTheScheduler) {
  robot_->HoldAnswers();
  auto connection = Connected();
  const std::weak_ptr<RobotConnection> watched = connection;
  Add(std::move(connection));
  ASSERT_TRUE(RobotHoldsAnAnswer());

  // While the scheduler is busy, the table goes: what is posted to it is the last owner.
  Event go_on;
  ASSERT_TRUE(runtime_->Post([&] { go_on.WaitInRealTime(kDeadline); }));
  EXPECT_FALSE(sessions_->Shutdown(Duration(0)));
  sessions_.reset();
  EXPECT_FALSE(watched.expired());
  go_on.Set();
  Event done;
  // The first task may be in the same batch as the table's, which dies after it.
  ASSERT_TRUE(runtime_->Post([&] { runtime_->Post([&] { done.Set(); }); }));
  ASSERT_TRUE(runtime_->Await(done, kDeadline));
  EXPECT_TRUE(watched.expired());
}

INSTANTIATE_TEST_SUITE_P(Over, SessionsOnAMockRobot, ::testing::Values(Wire::kPlain, Wire::kTls),
                         testing::WireName);

}  // namespace
}  // namespace payload_manager
