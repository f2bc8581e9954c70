#include "payload_manager/payload_registration_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "tests/support/gmock_connection.h"

namespace payload_manager {
namespace {

namespace api = bosdyn::api;
using testing::_;
using testing::ByMove;
using testing::Field;
using testing::InvokeArgument;
using testing::Return;

const PayloadCredentials kMine{"guid", Secret("secret")};

Failed<Failure> Failing(FailureKind kind) { return Failed{Failure{kind, "the message"}}; }

// Runs the completion, the last argument, at once.
template <std::size_t kIndex, typename T>
auto Completes(Outcome<T> outcome) {
  return [outcome = std::move(outcome)](const auto&... arguments) {
    std::get<kIndex>(std::tie(arguments...))(outcome);
  };
}

bool IsReady(const auto& future) {
  return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

class Client : public testing::Test {
 protected:
  Client() { payload_.set_guid("guid"); }

  std::shared_ptr<GmockConnection> robot_ =
      std::make_shared<testing::StrictMock<GmockConnection>>();
  PayloadRegistrationClient client_{robot_};
  api::Payload payload_;
};

TEST_F(Client, HasTheDocumentedNames) {
  EXPECT_EQ(PayloadRegistrationClient::kDefaultServiceName, "payload-registration");
  EXPECT_EQ(PayloadRegistrationClient::kServiceType, "bosdyn.api.PayloadRegistrationService");
}

TEST_F(Client, NeedsAConnection) { EXPECT_THROW(PayloadRegistrationClient(nullptr), Error); }

TEST_F(Client, ThrowsWhatTheRobotAnswersWhenCalledSynchronously) {
  EXPECT_CALL(*robot_, RegisterPayload)
      .WillOnce(Return(Outcome<Done>(Done{})))
      .WillOnce(Return(Outcome<Done>(Failing(FailureKind::kPayloadAlreadyExists))));
  client_.RegisterPayload(payload_, kMine.secret);
  EXPECT_THROW(client_.RegisterPayload(payload_, kMine.secret), PayloadAlreadyExistsError);

  EXPECT_CALL(*robot_, UpdatePayloadVersion)
      .WillOnce(Return(Outcome<Done>(Failing(FailureKind::kPayloadDoesNotExist))));
  EXPECT_THROW(client_.UpdatePayloadVersion(kMine, {}), PayloadDoesNotExistError);

  EXPECT_CALL(*robot_, GetPayloadAuthToken)
      .WillOnce(Return(Outcome<Secret>(Failing(FailureKind::kPayloadNotAuthorized))));
  EXPECT_THROW(client_.GetPayloadAuthToken(kMine), PayloadNotAuthorizedError);

  EXPECT_CALL(*robot_, UpdatePayloadAttached(_, Attachment::kAttach, _))
      .WillOnce(Return(Outcome<Done>(Failing(FailureKind::kInvalidPayloadCredentials))));
  EXPECT_THROW(client_.AttachPayload(kMine), InvalidPayloadCredentialsError);

  EXPECT_CALL(*robot_, ListPayloads)
      .WillOnce(Return(Outcome<api::ListPayloadsResponse>(Failing(FailureKind::kUnauthenticated))));
  EXPECT_THROW(client_.ListPayloads(Secret("token")), PersistentRpcError);
}

TEST_F(Client, ReturnsTokenAndListingWhenCalledSynchronously) {
  api::ListPayloadsResponse listing;
  listing.add_payloads()->set_guid("guid");
  EXPECT_CALL(*robot_, GetPayloadAuthToken).WillOnce(Return(Outcome<Secret>(Secret("the token"))));
  EXPECT_CALL(*robot_, ListPayloads(Secret("the token"), _))
      .WillOnce(Return(Outcome<api::ListPayloadsResponse>(listing)));
  const Secret token = client_.GetPayloadAuthToken(kMine);
  EXPECT_EQ(client_.ListPayloads(token).payloads(0).guid(), "guid");
}

TEST_F(Client, PassesWhatItIsGiven) {
  CallOptions options;
  options.timeout = std::chrono::seconds(7);
  const auto seven = Field(&CallOptions::timeout, std::optional<Duration>(std::chrono::seconds(7)));
  const auto mine = Field(&PayloadCredentials::guid, "guid");
  EXPECT_CALL(*robot_, UpdatePayloadAttached(mine, Attachment::kDetach, seven))
      .WillOnce(Return(Outcome<Done>(Done{})));
  client_.DetachPayload(kMine, options);
  EXPECT_CALL(*robot_, UpdatePayloadAttachedAsync(mine, Attachment::kDetach, seven, _));
  client_.DetachPayloadAsync(
      kMine, [](Outcome<Done>) {}, options);
  EXPECT_CALL(*robot_, UpdatePayloadAttachedAsync(mine, Attachment::kAttach, seven, _));
  client_.AttachPayloadAsync(
      kMine, [](Outcome<Done>) {}, options);
}

TEST_F(Client, GivesThirtySecondsUnlessToldOtherwise) {
  EXPECT_CALL(
      *robot_,
      UpdatePayloadAttached(
          _, _, Field(&CallOptions::timeout, std::optional<Duration>(std::chrono::seconds(30)))))
      .WillOnce(Return(Outcome<Done>(Done{})));
  client_.AttachPayload(kMine);
}

TEST_F(Client, FutureBecomesReadyWithTheCompletionAndNotBefore) {
  Completion<Done> held;
  EXPECT_CALL(*robot_, RegisterPayloadAsync)
      .WillOnce([&held](const auto&, const auto&, const auto&, Completion<Done> done) {
        held = std::move(done);
      });
  std::future<void> future = client_.RegisterPayloadFuture(payload_, kMine.secret);
  EXPECT_FALSE(IsReady(future));
  held(Done{});
  ASSERT_TRUE(IsReady(future));
  future.get();
}

TEST_F(Client, FutureThrowsTheDocumentedException) {
  EXPECT_CALL(*robot_, UpdatePayloadVersionAsync)
      .WillOnce(Completes<3>(Outcome<Done>(Failing(FailureKind::kPayloadDoesNotExist))));
  EXPECT_THROW(client_.UpdatePayloadVersionFuture(kMine, {}).get(), PayloadDoesNotExistError);

  EXPECT_CALL(*robot_, GetPayloadAuthTokenAsync)
      .WillOnce(Completes<2>(Outcome<Secret>(Failing(FailureKind::kTimedOut))));
  EXPECT_THROW(client_.GetPayloadAuthTokenFuture(kMine).get(), RetryableRpcError);

  EXPECT_CALL(*robot_, UpdatePayloadAttachedAsync)
      .Times(2)
      .WillRepeatedly(Completes<3>(Outcome<Done>(Failing(FailureKind::kPayloadNotAuthorized))));
  EXPECT_THROW(client_.AttachPayloadFuture(kMine).get(), PayloadNotAuthorizedError);
  EXPECT_THROW(client_.DetachPayloadFuture(kMine).get(), PayloadNotAuthorizedError);

  EXPECT_CALL(*robot_, ListPayloadsAsync)
      .WillOnce(
          Completes<2>(Outcome<api::ListPayloadsResponse>(Failing(FailureKind::kUnsetStatus))));
  EXPECT_THROW(client_.ListPayloadsFuture(Secret("token")).get(), UnsetStatusError);
}

TEST_F(Client, FutureHoldsTheValue) {
  EXPECT_CALL(*robot_, GetPayloadAuthTokenAsync)
      .WillOnce(Completes<2>(Outcome<Secret>(Secret("the token"))));
  EXPECT_EQ(client_.GetPayloadAuthTokenFuture(kMine).get(), Secret("the token"));
}

TEST_F(Client, FutureOfACallThatWasDroppedIsBroken) {
  EXPECT_CALL(*robot_, GetPayloadAuthTokenAsync).WillOnce(Return());
  EXPECT_THROW(client_.GetPayloadAuthTokenFuture(kMine).get(), std::future_error);
}

TEST_F(Client, CallbackIsToldOfFailuresAndNothingIsThrown) {
  EXPECT_CALL(*robot_, GetPayloadAuthTokenAsync)
      .WillOnce(Completes<2>(Outcome<Secret>(Failing(FailureKind::kPayloadNotAuthorized))));
  std::optional<FailureKind> told;
  EXPECT_NO_THROW(client_.GetPayloadAuthTokenAsync(
      kMine, [&told](Outcome<Secret> outcome) { told = outcome.error().kind; }));
  EXPECT_EQ(told, FailureKind::kPayloadNotAuthorized);
}

}  // namespace
}  // namespace payload_manager
