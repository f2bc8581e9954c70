#include <thread>

#include "payload_manager/base/completion_scope.h"
#include "payload_manager/payload_registration_client.h"
#include "tests/support/gmock_connection.h"
#include "tests/unit/keep_alive/keep_alive_fixture.h"

namespace payload_manager {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using testing::Fails;
using ::testing::IsEmpty;
using testing::KeepAliveFixture;
using testing::MakePayload;
using testing::Ok;

class KeepAliveStart : public KeepAliveFixture {};

TEST_F(KeepAliveStart, RegistersBeforeItReturns) {
  Answers({Ok(seconds(3))});
  Make().Start();
  EXPECT_EQ(runtime_->Elapsed(), seconds(3));
  EXPECT_THAT(Attempts(), ElementsAre(0));
  EXPECT_EQ(connection_->calls[0].guid, "lidar-guid-0001");
  EXPECT_EQ(connection_->calls[0].secret, "lidar secret");
  EXPECT_TRUE(keep_alive_->IsAlive());
}

TEST_F(KeepAliveStart, SendsNothingBeforeIt) {
  Make();
  runtime_->RunUntil(seconds(60));
  EXPECT_THAT(Attempts(), IsEmpty());
  EXPECT_FALSE(keep_alive_->IsAlive());
}

TEST_F(KeepAliveStart, AlreadyExistsIsFine) {
  Answers({Fails(FailureKind::kPayloadAlreadyExists)});
  Make().Start();
  EXPECT_TRUE(keep_alive_->IsAlive());
}

TEST_F(KeepAliveStart, TheNextAttemptIsOneIntervalAfterItsAnswer) {
  Answers({Ok(seconds(3)), Ok()});
  Make().Start();
  runtime_->RunUntil(seconds(33));
  EXPECT_THAT(Attempts(), ElementsAre(0, 13, 23, 33));
}

TEST_F(KeepAliveStart, AnythingElseIsThrownAndNothingIsStarted) {
  for (const FailureKind kind :
       {FailureKind::kTimedOut, FailureKind::kConnectionLost, FailureKind::kTooManyRequests,
        FailureKind::kUnableToConnect, FailureKind::kInvalidRequest,
        FailureKind::kInternalServerError, FailureKind::kUnsetStatus}) {
    connection_->calls.clear();
    Answers({Fails(kind)});
    MakeWithActions({KeepAliveAction::kRetryImmediately});
    EXPECT_EQ(WhyStartFails(), kind);
    EXPECT_FALSE(keep_alive_->IsAlive());
    EXPECT_EQ(runtime_->timers(), 0u);
    runtime_->RunFor(seconds(60));
    EXPECT_EQ(Attempts().size(), 1u);
    EXPECT_THAT(reported_, IsEmpty()) << "the caller has been told";
  }
}

TEST_F(KeepAliveStart, ThrowsTheDocumentedException) {
  Answers({Fails(FailureKind::kTimedOut)});
  EXPECT_THROW(Make().Start(), RetryableRpcError);
}

TEST_F(KeepAliveStart, MayBeTriedAgainAfterAFailure) {
  Answers({Fails(FailureKind::kUnableToConnect), Ok()});
  Make();
  EXPECT_EQ(WhyStartFails(), FailureKind::kUnableToConnect);
  keep_alive_->Start();
  EXPECT_TRUE(keep_alive_->IsAlive());
}

TEST_F(KeepAliveStart, AfterAFailedOneTheInstantsCountFromTheSecond) {
  Answers({Fails(FailureKind::kUnableToConnect, seconds(1)), Ok(seconds(2)), Ok()});
  Make();
  EXPECT_EQ(WhyStartFails(), FailureKind::kUnableToConnect);
  runtime_->RunUntil(seconds(6));
  keep_alive_->Start();
  runtime_->RunUntil(seconds(28));
  EXPECT_THAT(Attempts(), ElementsAre(0, 6, 18, 28)) << "the first leaves nothing behind";
}

TEST_F(KeepAliveStart, ASecondOneWhileTheFirstIsUnderWayIsAnError) {
  const auto robot = std::make_shared<::testing::NiceMock<GmockConnection>>();
  Event sent;
  Completion<Done> answer;
  int calls = 0;
  ON_CALL(*robot, RegisterPayloadAsync(::testing::_, ::testing::_, ::testing::_, ::testing::_))
      .WillByDefault([&](const auto&, const auto&, const auto&, Completion<Done> done) {
        ++calls;
        answer = std::move(done);
        sent.Set();
      });
  keep_alive_.emplace(robot, *MakePayload("g"), Secret("s"));
  std::thread first([this] { EXPECT_NO_THROW(keep_alive_->Start()); });
  EXPECT_TRUE(sent.WaitInRealTime(seconds(20)));
  EXPECT_EQ(WhyStartFails(), FailureKind::kInvalidArgument);
  EXPECT_FALSE(keep_alive_->IsAlive()) << "not yet";
  answer(Done{});
  first.join();
  EXPECT_TRUE(keep_alive_->IsAlive());
  EXPECT_TRUE(keep_alive_->Shutdown(seconds(20)));
  EXPECT_EQ(calls, 1);
}

TEST_F(KeepAliveStart, WorksWhenTheAnswerComesWithinTheVerb) {
  connection_->answers_inside_the_verb = true;
  Make().Start();
  EXPECT_TRUE(keep_alive_->IsAlive());
}

TEST_F(KeepAliveStart, ASecondOneIsAnErrorBeforeAnythingIsSent) {
  Make().Start();
  EXPECT_EQ(WhyStartFails(), FailureKind::kInvalidArgument);
  EXPECT_THAT(Attempts(), ElementsAre(0));
  EXPECT_TRUE(keep_alive_->IsAlive()) << "the loop goes on";
}

TEST_F(KeepAliveStart, AfterShutdownIsAnErrorBeforeAnythingIsSent) {
  Make().Shutdown();
  EXPECT_EQ(WhyStartFails(), FailureKind::kShutDown);
  EXPECT_THAT(Attempts(), IsEmpty());
}

TEST_F(KeepAliveStart, AfterAStartAndShutdownIsAnErrorToo) {
  Make().Start();
  keep_alive_->Shutdown();
  EXPECT_EQ(WhyStartFails(), FailureKind::kShutDown);
  EXPECT_THAT(Attempts(), ElementsAre(0));
}

TEST_F(KeepAliveStart, HonoursTheRpcTimeout) {
  KeepAliveOptions options;
  options.rpc_timeout = seconds(4);
  Answers({Ok(seconds(100))});
  Make(std::move(options));
  EXPECT_EQ(WhyStartFails(), FailureKind::kTimedOut);
  EXPECT_EQ(runtime_->Elapsed(), seconds(4));
}

TEST_F(KeepAliveStart, OnAThreadOfTheRuntimeIsAnError) {
  Make();
  std::optional<FailureKind> why;
  runtime_->PostCallback([&] { why = WhyStartFails(); });
  runtime_->Settle();
  EXPECT_EQ(why, FailureKind::kInvalidArgument);
  EXPECT_THAT(Attempts(), IsEmpty());
}

TEST_F(KeepAliveStart, InACompletionIsAnError) {
  Make();
  const CompletionScope completion;
  EXPECT_EQ(WhyStartFails(), FailureKind::kInvalidArgument);
  EXPECT_THAT(Attempts(), IsEmpty());
}

TEST_F(KeepAliveStart, AConstructorThatCannotWorkThrows) {
  KeepAliveOptions never;
  never.interval = seconds(0);
  KeepAliveOptions hasty;
  hasty.rpc_timeout = seconds(0);
  const auto payload = MakePayload("g");
  EXPECT_THROW(PayloadRegistrationKeepAlive(connection_, *payload, Secret("s"), never), Error);
  EXPECT_THROW(PayloadRegistrationKeepAlive(connection_, *payload, Secret("s"), hasty), Error);
  EXPECT_THROW(PayloadRegistrationKeepAlive(nullptr, *payload, Secret("s")), Error);
}

TEST_F(KeepAliveStart, TakesAClientAsWell) {
  KeepAliveOptions options;
  options.runtime = runtime_;
  const PayloadRegistrationClient client(connection_);
  PayloadRegistrationKeepAlive keep_alive(client, *MakePayload("g"), Secret("s"), options);
  keep_alive.Start();
  EXPECT_THAT(Attempts(), ElementsAre(0));
}

}  // namespace
}  // namespace payload_manager
