// Keep-alives beside each other, and callbacks that take their time.
#include <atomic>

#include "payload_manager/runtime.h"
#include "tests/support/gmock_connection.h"
#include "tests/unit/keep_alive/keep_alive_fixture.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::_;
using testing::Fails;
using ::testing::HasSubstr;
using testing::KeepAliveFixture;
using testing::MakePayload;
using ::testing::NiceMock;
using testing::Ok;

constexpr Duration kDeadline = seconds(20);

// Real threads, and robots that are let go when the keep-alives are.
class KeepAliveLane : public ::testing::Test {
 protected:
  // Registers once, and can then not be reached; says so within the call.
  std::shared_ptr<RobotConnection> RobotThatGoesAway() {
    const auto gone = std::make_shared<Event>();
    gone_.push_back(gone);
    const std::shared_ptr<NiceMock<GmockConnection>> robot(
        new NiceMock<GmockConnection>, [gone](NiceMock<GmockConnection>* ended) {
          delete ended;
          gone->Set();
        });
    const auto calls = std::make_shared<int>(0);
    ON_CALL(*robot, RegisterPayloadAsync(_, _, _, _))
        .WillByDefault(
            [calls](const auto&, const auto&, const auto&, const Completion<Done>& done) {
              if ((*calls)++ == 0) return done(Done{});
              done(Failed{Failure{FailureKind::kUnableToConnect, "gone"}});
            });
    return robot;
  }

  // The last task of a keep-alive may let its connection go a moment after Shutdown has returned.
  void TearDown() override {
    for (const auto& gone : gone_) EXPECT_TRUE(gone->WaitInRealTime(kDeadline));
  }

 private:
  std::vector<std::shared_ptr<Event>> gone_;
};

KeepAliveOptions Hasty(std::function<KeepAliveAction(const Failure&)> callback) {
  KeepAliveOptions options;
  options.interval = milliseconds(1);
  options.error_callback = std::move(callback);
  return options;
}

TEST_F(KeepAliveLane, ASlowCallbackDelaysNoOtherKeepAlive) {
  Event slow_asked;
  Event release;
  Event other_asked;
  PayloadRegistrationKeepAlive slow(RobotThatGoesAway(), *MakePayload("slow"), Secret("s"),
                                    Hasty([&](const Failure&) {
                                      slow_asked.Set();
                                      release.WaitInRealTime(2 * kDeadline);
                                      return KeepAliveAction::kResume;
                                    }));
  PayloadRegistrationKeepAlive other(RobotThatGoesAway(), *MakePayload("other"), Secret("s"),
                                     Hasty([&](const Failure&) {
                                       other_asked.Set();
                                       return KeepAliveAction::kResume;
                                     }));
  slow.Start();
  EXPECT_TRUE(slow_asked.WaitInRealTime(kDeadline));
  other.Start();
  EXPECT_TRUE(other_asked.WaitInRealTime(kDeadline));
  release.Set();
  EXPECT_TRUE(slow.Shutdown(kDeadline));
  EXPECT_TRUE(other.Shutdown(kDeadline));
}

TEST_F(KeepAliveLane, ShutdownWhileTheCallbackRunsWaitsForItsGraceAndNoLonger) {
  Event asked;
  Event release;
  std::atomic<int> times_asked = 0;
  PayloadRegistrationKeepAlive keep_alive(RobotThatGoesAway(), *MakePayload("g"), Secret("s"),
                                          Hasty([&](const Failure&) {
                                            ++times_asked;
                                            asked.Set();
                                            release.WaitInRealTime(2 * kDeadline);
                                            return KeepAliveAction::kRetryImmediately;
                                          }));
  keep_alive.Start();
  ASSERT_TRUE(asked.WaitInRealTime(kDeadline));
  const TimePoint before = SystemClock().Now();
  EXPECT_FALSE(keep_alive.Shutdown(milliseconds(50)));
  EXPECT_GE(SystemClock().Now() - before, milliseconds(50));
  EXPECT_LT(SystemClock().Now() - before, kDeadline);
  EXPECT_FALSE(keep_alive.IsAlive());
  release.Set();
  EXPECT_TRUE(keep_alive.Shutdown(kDeadline));
  EXPECT_EQ(times_asked, 1) << "its answer came too late to count";
}

TEST_F(KeepAliveLane, ACallbackMayEndItsKeepAliveAndStartAnother) {
  Event started;
  Event done;
  bool ended_at_once = true;
  std::unique_ptr<PayloadRegistrationKeepAlive> second;
  std::unique_ptr<PayloadRegistrationKeepAlive> first;
  first = std::make_unique<PayloadRegistrationKeepAlive>(
      RobotThatGoesAway(), *MakePayload("g"), Secret("s"), Hasty([&](const Failure&) {
        started.WaitInRealTime(kDeadline);
        ended_at_once = first->Shutdown();
        first.reset();
        second = std::make_unique<PayloadRegistrationKeepAlive>(RobotThatGoesAway(),
                                                                *MakePayload("g"), Secret("s"));
        second->Start();
        done.Set();
        return KeepAliveAction::kResume;
      }));
  first->Start();
  started.Set();
  ASSERT_TRUE(done.WaitInRealTime(kDeadline));
  EXPECT_FALSE(ended_at_once) << "there it is a request";
  EXPECT_TRUE(second->IsAlive());
}

class KeepAliveLog : public KeepAliveFixture {};

TEST_F(KeepAliveLog, ASlowLogDoesNotPileUpLines) {
  std::vector<std::string> lines;
  KeepAliveOptions options;
  options.log = [&](LogLevel level, const std::string& line) {
    if (level == LogLevel::kInfo) return;
    lines.push_back(line);
    if (lines.size() == 1) runtime_->SpendInCallback(hours(1));  // 360 attempts
  };
  Answers({Ok(), Fails(FailureKind::kTimedOut)});
  Make(std::move(options)).Start();
  runtime_->RunUntil(seconds(15));
  runtime_->Settle();
  ASSERT_EQ(lines.size(), 1 + 1 + 64u);
  EXPECT_THAT(lines[1], HasSubstr("296 lines were dropped"));
}

}  // namespace
}  // namespace payload_manager
