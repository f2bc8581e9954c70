// The five answers of the error callback.
#include <stdexcept>

#include "tests/unit/keep_alive/keep_alive_fixture.h"

namespace payload_manager {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using testing::Fails;
using testing::KeepAliveFixture;
using testing::Ok;
using enum KeepAliveAction;

constexpr FailureKind kRefused = FailureKind::kUnableToConnect;

class KeepAliveCallback : public KeepAliveFixture {
 protected:
  KeepAliveCallback() { Answers({Ok(), Fails(kRefused)}); }
};

TEST_F(KeepAliveCallback, DefaultAndResumeWaitTheInterval) {
  MakeWithActions({kDefault, kResume, kDefault}).Start();
  runtime_->RunUntil(seconds(40));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 20, 30, 40));
}

TEST_F(KeepAliveCallback, RetryImmediatelyTriesAtOnce) {
  Answers({Ok(), Fails(kRefused), Fails(kRefused), Ok()});
  MakeWithActions({kRetryImmediately}).Start();
  runtime_->RunUntil(seconds(20));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 10, 10, 20));
}

TEST_F(KeepAliveCallback, BackOffDoublesFromOneSecondToTheInterval) {
  MakeWithActions({kRetryWithExponentialBackOff}).Start();
  runtime_->RunUntil(seconds(60));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 11, 13, 17, 25, 35, 45, 55));
}

TEST_F(KeepAliveCallback, BackOffNeverExceedsAShortInterval) {
  KeepAliveOptions options;
  options.interval = milliseconds(1500);
  MakeWithActions({kRetryWithExponentialBackOff}, std::move(options)).Start();
  runtime_->RunUntil(seconds(6));
  EXPECT_THAT(Attempts(), ElementsAre(0, 1.5, 2.5, 4, 5.5));
}

TEST_F(KeepAliveCallback, AbortEndsTheLoop) {
  MakeWithActions({kDefault, kAbort}).Start();
  runtime_->RunUntil(seconds(60));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 20));
  EXPECT_FALSE(keep_alive_->IsAlive());
  EXPECT_EQ(WhyStartFails(), FailureKind::kInvalidArgument);
}

TEST_F(KeepAliveCallback, ASuccessResetsTheBackOff) {
  Answers({Ok(), Fails(kRefused), Fails(kRefused), Ok(), Fails(kRefused), Ok()});
  MakeWithActions({kRetryWithExponentialBackOff}).Start();
  runtime_->RunUntil(seconds(24));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 11, 13, 23, 24));
}

TEST_F(KeepAliveCallback, ToleratedFailuresResetTheBackOff) {
  for (const FailureKind tolerated :
       {FailureKind::kPayloadAlreadyExists, FailureKind::kConnectionLost, FailureKind::kTimedOut,
        FailureKind::kTooManyRequests}) {
    const double start = std::chrono::duration<double>(runtime_->Elapsed()).count();
    connection_->calls.clear();
    Answers({Ok(), Fails(kRefused), Fails(kRefused), Fails(tolerated), Fails(kRefused), Ok()});
    MakeWithActions({kRetryWithExponentialBackOff}).Start();
    runtime_->RunFor(seconds(24));
    EXPECT_THAT(Attempts(),
                ElementsAre(start, start + 10, start + 11, start + 13, start + 23, start + 24))
        << ToString(tolerated);
  }
}

TEST_F(KeepAliveCallback, DefaultAndResumeResetTheBackOff) {
  for (const KeepAliveAction action : {kDefault, kResume}) {
    const double start = std::chrono::duration<double>(runtime_->Elapsed()).count();
    connection_->calls.clear();
    Answers({Ok(), Fails(kRefused)});
    MakeWithActions({kRetryWithExponentialBackOff, kRetryWithExponentialBackOff, action,
                     kRetryWithExponentialBackOff})
        .Start();
    runtime_->RunFor(seconds(24));
    EXPECT_THAT(Attempts(),
                ElementsAre(start, start + 10, start + 11, start + 13, start + 23, start + 24));
  }
}

TEST_F(KeepAliveCallback, RetryImmediatelyDoesNotResetTheBackOff) {
  MakeWithActions({kRetryWithExponentialBackOff, kRetryWithExponentialBackOff, kRetryImmediately,
                   kRetryWithExponentialBackOff, kDefault})
      .Start();
  runtime_->RunUntil(seconds(17));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 11, 13, 13, 17));
}

TEST_F(KeepAliveCallback, TheTimeOfCallAndCallbackCountsAgainstEveryWait) {
  Answers({Ok(), Fails(kRefused, milliseconds(500))});
  KeepAliveOptions options;
  int asked = 0;
  options.error_callback = [&](const Failure&) {
    runtime_->SpendInCallback(seconds(3));
    // Back-off waits of 1 and 2 s are over before the callback returns; the third, of 4 s, is not.
    return ++asked < 4 ? kRetryWithExponentialBackOff : kDefault;
  };
  Make(std::move(options)).Start();
  runtime_->RunUntil(seconds(31));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 13.5, 17, 21, 31));
}

TEST_F(KeepAliveCallback, OneLongerThanTheIntervalIsFollowedAtOnce) {
  KeepAliveOptions options;
  options.error_callback = [&](const Failure&) {
    runtime_->SpendInCallback(seconds(25));
    return kDefault;
  };
  Make(std::move(options)).Start();
  runtime_->RunUntil(seconds(40));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 35));
}

TEST_F(KeepAliveCallback, OneThatThrowsCountsAsDefault) {
  KeepAliveOptions options;
  std::vector<std::string> errors;
  options.log = [&](LogLevel level, const std::string& line) {
    if (level == LogLevel::kError) errors.push_back(line);
  };
  options.error_callback = [](const Failure&) -> KeepAliveAction {
    throw std::runtime_error("no idea");
  };
  Make(std::move(options)).Start();
  runtime_->RunUntil(seconds(20));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10, 20));
  EXPECT_EQ(errors.size(), 4u) << "each failure, and each throw";
  EXPECT_TRUE(keep_alive_->IsAlive());
}

TEST_F(KeepAliveCallback, IsToldTheFailure) {
  std::string message;
  KeepAliveOptions options;
  options.error_callback = [&](const Failure& failure) {
    message = failure.message;
    return kDefault;
  };
  Make(std::move(options)).Start();
  runtime_->RunUntil(seconds(10));
  EXPECT_EQ(message, "the fake robot says so");
}

}  // namespace
}  // namespace payload_manager
