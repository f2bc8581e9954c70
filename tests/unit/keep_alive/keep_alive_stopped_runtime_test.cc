// What becomes of a keep-alive whose runtime is stopped under it.
#include <thread>

#include "tests/support/gmock_connection.h"
#include "tests/unit/keep_alive/keep_alive_fixture.h"

namespace payload_manager {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::_;
using ::testing::ElementsAre;
using testing::Fails;
using ::testing::IsEmpty;
using testing::KeepAliveFixture;
using testing::MakePayload;
using testing::Ok;

class KeepAliveStoppedRuntime : public KeepAliveFixture {};

TEST_F(KeepAliveStoppedRuntime, MakesStartThrowBeforeAnythingIsSent) {
  Make();
  runtime_->Stop();
  EXPECT_EQ(WhyStartFails(), FailureKind::kShutDown);
  EXPECT_EQ(WhyStartFails(), FailureKind::kShutDown) << "again";
  EXPECT_FALSE(keep_alive_->IsAlive());
  EXPECT_THAT(Attempts(), IsEmpty());
  EXPECT_TRUE(keep_alive_->Shutdown());
}

TEST_F(KeepAliveStoppedRuntime, MakesAStartThrowThatHasOnlyBeenPosted) {
  Make();
  runtime_->Post([this] { runtime_->Stop(); });
  EXPECT_EQ(WhyStartFails(), FailureKind::kShutDown);
  EXPECT_THAT(Attempts(), IsEmpty());
}

TEST_F(KeepAliveStoppedRuntime, MakesAStartThrowThatWaitsForTheRobot) {
  Answers({Ok(hours(1))});
  KeepAliveOptions options;
  options.rpc_timeout.reset();
  Make(std::move(options));
  runtime_->StartTimer(runtime_->Now() + seconds(2), [this] { runtime_->Stop(); });
  EXPECT_EQ(WhyStartFails(), FailureKind::kShutDown);
  EXPECT_EQ(runtime_->Elapsed(), seconds(2));
  EXPECT_FALSE(keep_alive_->IsAlive());
}

TEST_F(KeepAliveStoppedRuntime, IsNotAliveAnyMore) {
  Make().Start();
  EXPECT_TRUE(keep_alive_->IsAlive());
  runtime_->Stop();
  EXPECT_FALSE(keep_alive_->IsAlive());
  EXPECT_EQ(WhyStartFails(), FailureKind::kShutDown);
  EXPECT_TRUE(keep_alive_->Shutdown());
}

TEST_F(KeepAliveStoppedRuntime, IsNotAliveWhileItsCallbackRunsEither) {
  Answers({Ok(), Fails(FailureKind::kUnableToConnect)});
  KeepAliveOptions options;
  std::optional<bool> alive;
  options.error_callback = [&](const Failure&) {
    runtime_->Stop();
    alive = keep_alive_->IsAlive();
    return KeepAliveAction::kRetryImmediately;
  };
  Make(std::move(options)).Start();
  runtime_->RunUntil(seconds(60));
  EXPECT_EQ(alive, false);
  EXPECT_THAT(Attempts(), ElementsAre(0, 10));
}

TEST_F(KeepAliveStoppedRuntime, HasItsCallCancelledByShutdown) {
  const auto robot = std::make_shared<::testing::NiceMock<GmockConnection>>();
  std::stop_token cancellation;
  Event sent;
  ON_CALL(*robot, RegisterPayloadAsync(_, _, _, _))
      .WillByDefault([&](const auto&, const auto&, const CallOptions& call, const auto&) {
        cancellation = call.cancellation;
        sent.Set();
      });
  const auto runtime = std::make_shared<ThreadedRuntime>();
  KeepAliveOptions options;
  options.runtime = runtime;
  options.rpc_timeout.reset();
  PayloadRegistrationKeepAlive keep_alive(robot, *MakePayload("g"), Secret("s"), options);
  std::thread user([&] { EXPECT_THROW(keep_alive.Start(), Error); });
  EXPECT_TRUE(runtime->Await(sent, seconds(30)));
  EXPECT_TRUE(runtime->Stop());
  user.join();
  EXPECT_TRUE(keep_alive.Shutdown());
  EXPECT_TRUE(cancellation.stop_requested());
}

TEST_F(KeepAliveStoppedRuntime, MayBeStoppedWhileItIsShutDown) {
  const auto robot = std::make_shared<::testing::NiceMock<GmockConnection>>();
  std::optional<std::stop_token> cancellation;
  EXPECT_CALL(*robot, RegisterPayloadAsync(_, _, _, _))
      .WillOnce(
          [](const auto&, const auto&, const auto&, const Completion<Done>& done) { done(Done{}); })
      .WillOnce([&](const auto&, const auto&, const CallOptions& call, const auto&) {
        cancellation = call.cancellation;
      });
  KeepAliveOptions options;
  options.runtime = runtime_;
  PayloadRegistrationKeepAlive keep_alive(robot, *MakePayload("g"), Secret("s"), options);
  keep_alive.Start();
  runtime_->RunUntil(seconds(12));
  ASSERT_TRUE(cancellation);
  runtime_->Post([this] { runtime_->Stop(); });  // runs before what Shutdown posts, and drops it
  EXPECT_TRUE(keep_alive.Shutdown());
  EXPECT_TRUE(cancellation->stop_requested());
  EXPECT_EQ(runtime_->Elapsed(), seconds(12)) << "nothing was waited for in vain";
}

}  // namespace
}  // namespace payload_manager
