
#include "payload_manager/base/completion_scope.h"
#include "tests/unit/keep_alive/keep_alive_fixture.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using testing::Fails;
using ::testing::IsEmpty;
using testing::KeepAliveFixture;
using testing::Ok;

class KeepAliveShutdown : public KeepAliveFixture {};

TEST_F(KeepAliveShutdown, EndsTheLoopForGood) {
  Make().Start();
  EXPECT_TRUE(keep_alive_->Shutdown());
  EXPECT_FALSE(keep_alive_->IsAlive());
  runtime_->RunUntil(seconds(60));
  EXPECT_THAT(Attempts(), ElementsAre(0)) << "and does not unregister either";
  EXPECT_EQ(connection_->calls.size(), 1u);
  EXPECT_EQ(runtime_->timers(), 0u);
}

TEST_F(KeepAliveShutdown, CancelsACallUnderWayAtOnce) {
  Answers({Ok(), Ok(hours(1))});
  Make().Start();
  runtime_->RunUntil(seconds(12));
  ASSERT_EQ(connection_->in_flight, 1);
  EXPECT_TRUE(keep_alive_->Shutdown());
  EXPECT_EQ(runtime_->Elapsed(), seconds(12));
  EXPECT_EQ(connection_->in_flight, 0);
}

TEST_F(KeepAliveShutdown, TheCancelledCallIsNoFailureToReport) {
  Answers({Ok(), Ok(hours(1))});
  MakeWithActions({KeepAliveAction::kRetryImmediately}).Start();
  runtime_->RunUntil(seconds(12));
  keep_alive_->Shutdown();
  runtime_->RunUntil(seconds(60));
  EXPECT_THAT(reported_, IsEmpty());
  EXPECT_EQ(Attempts().size(), 2u);
}

TEST_F(KeepAliveShutdown, TakesInAnAnswerThatCameInSpiteOfItAtOnce) {
  runtime_->PutOffWhatMayWait();
  connection_->ignores_cancellation = true;
  KeepAliveOptions rare;
  rare.runtime = runtime_;
  rare.interval = seconds(15);  // a timer that a task in no hurry might wait for
  PayloadRegistrationKeepAlive other(connection_, *testing::MakePayload("g"), Secret("s"), rare);
  Answers({Ok(), Ok(), Fails(FailureKind::kPayloadAlreadyExists, milliseconds(50))});
  Make().Start();
  other.Start();
  runtime_->RunUntil(seconds(10));
  ASSERT_EQ(connection_->in_flight, 1);
  EXPECT_TRUE(keep_alive_->Shutdown());
  EXPECT_EQ(runtime_->Elapsed(), seconds(10) + milliseconds(50));
}

TEST_F(KeepAliveShutdown, IsIdempotent) {
  Make().Start();
  EXPECT_TRUE(keep_alive_->Shutdown());
  EXPECT_TRUE(keep_alive_->Shutdown());
}

TEST_F(KeepAliveShutdown, BeforeStartIsAllowed) {
  EXPECT_TRUE(Make().Shutdown());
  EXPECT_FALSE(keep_alive_->IsAlive());
}

TEST_F(KeepAliveShutdown, InTheErrorCallbackIsARequest) {
  KeepAliveOptions options;
  std::optional<bool> waited;
  Answers({Ok(), Fails(FailureKind::kUnableToConnect)});
  options.error_callback = [&](const Failure&) {
    waited = keep_alive_->Shutdown();
    return KeepAliveAction::kRetryImmediately;
  };
  Make(std::move(options)).Start();
  runtime_->RunUntil(seconds(60));
  EXPECT_EQ(waited, false);
  EXPECT_THAT(Attempts(), ElementsAre(0, 10));
  EXPECT_TRUE(keep_alive_->Shutdown());
}

TEST_F(KeepAliveShutdown, AnErrorCallbackThatStillWaitsForItsTurnIsNotCalled) {
  Answers({Ok(), Fails(FailureKind::kUnableToConnect)});
  MakeWithActions({KeepAliveAction::kDefault}).Start();
  runtime_->RunUntil(seconds(9));
  runtime_->PostCallback([this] { runtime_->SpendInCallback(seconds(30)); });  // somebody else's
  runtime_->StartTimer(runtime_->Now() + seconds(10), [this] { keep_alive_->Shutdown(); });
  runtime_->RunUntil(seconds(60));
  EXPECT_EQ(Attempts().size(), 2u);
  EXPECT_THAT(reported_, IsEmpty());
}

TEST_F(KeepAliveShutdown, InACompletionIsARequest) {
  Answers({Ok(), Ok(hours(1))});
  Make().Start();
  runtime_->RunUntil(seconds(12));
  {
    const CompletionScope scope;
    EXPECT_FALSE(keep_alive_->Shutdown());
  }
  EXPECT_FALSE(keep_alive_->IsAlive());
  EXPECT_TRUE(keep_alive_->Shutdown());
}

TEST_F(KeepAliveShutdown, TheScopeEndsTheLoop) {
  {
    KeepAliveOptions options;
    options.runtime = runtime_;
    PayloadRegistrationKeepAlive guard(connection_, *testing::MakePayload("g"), Secret("s"),
                                       options);
    guard.Start();
  }
  runtime_->RunUntil(seconds(60));
  EXPECT_THAT(Attempts(), ElementsAre(0));
}

TEST_F(KeepAliveShutdown, TheErrorCallbackMayEndItsScope) {
  KeepAliveOptions options;
  options.runtime = runtime_;
  Answers({Ok(), Fails(FailureKind::kUnableToConnect)});
  std::unique_ptr<PayloadRegistrationKeepAlive> own;
  options.error_callback = [&](const Failure&) {
    own.reset();
    return KeepAliveAction::kRetryImmediately;
  };
  own = std::make_unique<PayloadRegistrationKeepAlive>(connection_, *testing::MakePayload("g"),
                                                       Secret("s"), std::move(options));
  own->Start();
  runtime_->RunUntil(seconds(60));
  EXPECT_THAT(Attempts(), ElementsAre(0, 10));
}

TEST_F(KeepAliveShutdown, DuringStartMakesStartThrowAtOnce) {
  Answers({Ok(hours(1))});
  KeepAliveOptions options;
  options.rpc_timeout.reset();
  Make(std::move(options));
  runtime_->StartTimer(runtime_->Now() + seconds(2), [&] { keep_alive_->Shutdown(); });
  EXPECT_EQ(WhyStartFails(), FailureKind::kShutDown);
  EXPECT_EQ(runtime_->Elapsed(), seconds(2));
  EXPECT_TRUE(keep_alive_->Shutdown());
}

}  // namespace
}  // namespace payload_manager
