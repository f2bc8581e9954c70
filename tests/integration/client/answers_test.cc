// What goes over the wire and how the answers are understood.
#include "payload_manager/payload_registration_client.h"
#include "tests/integration/client/client_fixture.h"

namespace payload_manager::testing {
namespace {

namespace api = bosdyn::api;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

class ClientAnswers : public AgainstScriptedRobot {
 protected:
  // The same call waiting and asynchronously.
  std::pair<std::string, std::string> Register() {
    api::Payload payload;
    payload.set_guid("guid-of-mine");
    Awaited<Done> awaited;
    connection_->RegisterPayloadAsync(payload, mine_.secret, Soon(), awaited.completion());
    return {KindOf(connection_->RegisterPayload(payload, mine_.secret, Soon())),
            KindOf(awaited.Get())};
  }
  void ExpectBoth(const std::string& expected) {
    const auto kinds = Register();
    EXPECT_EQ(kinds.first, expected);
    EXPECT_EQ(kinds.second, expected);
  }
  template <typename Request>
  Request Last(std::string_view method) {
    Request request;
    const auto seen = robot_.Seen(method);
    EXPECT_FALSE(seen.empty());
    EXPECT_TRUE(!seen.empty() && request.ParseFromString(seen.back().request));
    return request;
  }
};

TEST_F(ClientAnswers, AreJudgedAlikeWhetherWaitedForOrNot) {
  using Response = api::RegisterPayloadResponse;
  robot_.Answers("RegisterPayload", WithStatus<Response>(Response::STATUS_OK));
  ExpectBoth("ok");
  robot_.Answers("RegisterPayload", WithStatus<Response>(Response::STATUS_ALREADY_EXISTS));
  ExpectBoth(Name(FailureKind::kPayloadAlreadyExists));
  robot_.Answers("RegisterPayload", WithStatus<Response>(0));
  ExpectBoth(Name(FailureKind::kUnsetStatus));
  robot_.Answers("RegisterPayload", WithStatus<Response>(42));
  ExpectBoth(Name(FailureKind::kUnknownResponse));
  robot_.Answers("RegisterPayload", Response());
  ExpectBoth(Name(FailureKind::kUnsetStatus));
  Response refused;
  refused.mutable_header()->mutable_error()->set_code(api::CommonError::CODE_INVALID_REQUEST);
  robot_.Answers("RegisterPayload", refused);
  ExpectBoth(Name(FailureKind::kInvalidRequest));
  robot_.Fails("RegisterPayload", 14, "over the limit", "HTTP 429");
  ExpectBoth(Name(FailureKind::kTooManyRequests));
  robot_.Fails("RegisterPayload", 16, "no");
  ExpectBoth(Name(FailureKind::kUnauthenticated));
}

TEST_F(ClientAnswers, ThatAreNoMessagesAreNoSuccess) {
  api::ListPayloadsResponse
      other;  // its field 2 is no status: a sub-message where a number belongs
  other.mutable_header();
  other.add_payloads()->set_guid("x");
  robot_.Answers("RegisterPayload", other);
  EXPECT_NE(Register().first, "ok");
}

TEST_F(ClientAnswers, AMethodTheRobotDoesNotKnowIsUnimplemented) {
  ExpectBoth(Name(FailureKind::kUnimplemented));
}

TEST_F(ClientAnswers, RequestsCarryTimeAndClientName) {
  Register();
  const auto request = Last<api::RegisterPayloadRequest>("RegisterPayload");
  EXPECT_EQ(request.header().client_name(), "integration-test");
  EXPECT_GT(request.header().request_timestamp().seconds(), 1600000000);
  EXPECT_EQ(request.payload().guid(), "guid-of-mine");
  EXPECT_EQ(request.payload_secret(), "secret-of-mine");
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
TEST_F(ClientAnswers, CredentialsAreSentInBothPlaces) {
  EXPECT_FALSE(connection_->GetPayloadAuthToken(mine_, Soon()).ok());
  const auto request = Last<api::GetPayloadAuthTokenRequest>("GetPayloadAuthToken");
  EXPECT_EQ(request.payload_guid(), "guid-of-mine");
  EXPECT_EQ(request.payload_secret(), "secret-of-mine");
  EXPECT_EQ(request.payload_credentials().guid(), "guid-of-mine");
  EXPECT_EQ(request.payload_credentials().secret(), "secret-of-mine");
}
#pragma GCC diagnostic pop

TEST_F(ClientAnswers, MetadataTravelsWithTheCall) {
  CallOptions options = Soon();
  options.metadata = {{"x-test", "one"}, {"x-test", "two"}};
  EXPECT_FALSE(connection_->GetPayloadAuthToken(mine_, options).ok());
  const auto seen = robot_.Seen("GetPayloadAuthToken");
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_THAT(seen[0].metadata, Contains(Pair("x-test", "one")));
  EXPECT_THAT(seen[0].metadata, Contains(Pair("x-test", "two")));
  EXPECT_THAT(seen[0].metadata, Not(Contains(Key("authorization"))));
}

TEST_F(ClientAnswers, WrongMetadataIsRefusedBeforeAnythingIsSent) {
  CallOptions options = Soon();
  options.metadata = {{"Upper-Case", "x"}};
  EXPECT_EQ(KindOf(connection_->GetPayloadAuthToken(mine_, options)),
            Name(FailureKind::kInvalidArgument));
  Awaited<Secret> awaited;
  connection_->GetPayloadAuthTokenAsync(mine_, options, awaited.completion());
  EXPECT_TRUE(awaited.IsThere());
  EXPECT_EQ(KindOf(awaited.Get()), Name(FailureKind::kInvalidArgument));
  EXPECT_TRUE(robot_.Seen().empty());
}

TEST_F(ClientAnswers, EachServiceIsCalledUnderItsAuthority) {
  Register();
  EXPECT_FALSE(connection_->Authenticate("user", Secret("password"), Soon()).ok());
  EXPECT_FALSE(connection_->ListPayloads(Secret(), Soon()).ok());
  EXPECT_EQ(robot_.Seen("RegisterPayload")[0].authority, "payload-registration.spot.robot");
  EXPECT_EQ(robot_.Seen("GetAuthToken")[0].authority, "auth.spot.robot");
  EXPECT_EQ(robot_.Seen("GetServiceEntry")[0].authority, "api.spot.robot");
  EXPECT_EQ(robot_.Seen("ListPayloads")[0].authority, "api.spot.robot");
}

TEST_F(ClientAnswers, TheDirectoryIsAskedOnceWhereThePayloadServiceIs) {
  auto entry = WithStatus<api::GetServiceEntryResponse>(1);
  entry.mutable_service_entry()->set_authority("payload.spot.robot");
  robot_.Answers("GetServiceEntry", entry);
  auto listing = GoodHeader<api::ListPayloadsResponse>();
  listing.add_payloads()->set_guid("somebody");
  robot_.Answers("ListPayloads", listing);

  Awaited<api::ListPayloadsResponse> awaited;
  connection_->ListPayloadsAsync(Secret(), Soon(), awaited.completion());
  auto first = awaited.Get();
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first->payloads(0).guid(), "somebody");
  EXPECT_TRUE(connection_->ListPayloads(Secret(), Soon()).ok());
  Awaited<api::ListPayloadsResponse> again;
  connection_->ListPayloadsAsync(Secret(), Soon(), again.completion());
  EXPECT_TRUE(again.Get().ok());

  ASSERT_EQ(robot_.Seen("GetServiceEntry").size(), 1U);
  EXPECT_EQ(Last<api::GetServiceEntryRequest>("GetServiceEntry").service_name(), "payload");
  ASSERT_EQ(robot_.Seen("ListPayloads").size(), 3U);
  for (const auto& call : robot_.Seen("ListPayloads")) {
    EXPECT_EQ(call.authority, "payload.spot.robot");
  }
}

TEST_F(ClientAnswers, ARefusalOfTheDirectoryIsTheAnswerToTheListing) {
  robot_.Fails("GetServiceEntry", 16, "no");
  EXPECT_EQ(KindOf(connection_->ListPayloads(Secret(), Soon())),
            Name(FailureKind::kUnauthenticated));
  Awaited<api::ListPayloadsResponse> awaited;
  connection_->ListPayloadsAsync(Secret(), Soon(), awaited.completion());
  EXPECT_EQ(KindOf(awaited.Get()), Name(FailureKind::kUnauthenticated));
  EXPECT_TRUE(robot_.Seen("ListPayloads").empty());
}

TEST_F(ClientAnswers, AServiceMissingFromTheDirectoryIsAskedForAgainNextTime) {
  robot_.Answers("GetServiceEntry", WithStatus<api::GetServiceEntryResponse>(2));
  robot_.Answers("ListPayloads", GoodHeader<api::ListPayloadsResponse>());
  EXPECT_TRUE(connection_->ListPayloads(Secret(), Soon()).ok());
  EXPECT_TRUE(connection_->ListPayloads(Secret(), Soon()).ok());
  EXPECT_EQ(robot_.Seen("GetServiceEntry").size(), 2U);
  EXPECT_EQ(robot_.Seen("ListPayloads")[0].authority, "api.spot.robot");
}

TEST_F(ClientAnswers, ATokenIsNotSentOverAPlainConnection) {
  const auto refused = connection_->ListPayloads(Secret("the-token"), Soon());
  EXPECT_EQ(KindOf(refused), Name(FailureKind::kInvalidArgument));
  EXPECT_THAT(refused.error().message, HasSubstr("token_over_plain"));
  EXPECT_EQ(KindOf(connection_->RefreshToken(Secret("the-token"), Soon())),
            Name(FailureKind::kInvalidArgument));
  Awaited<Secret> refreshed;
  connection_->RefreshTokenAsync(Secret("the-token"), Soon(), refreshed.completion());
  EXPECT_EQ(KindOf(refreshed.Get()), Name(FailureKind::kInvalidArgument));
  EXPECT_TRUE(robot_.Seen().empty());
}

TEST_F(ClientAnswers, ATokenIsSentOverAPlainConnectionThatAllowsItByName) {
  ConnectionOptions options = Plain(robot_.port());
  options.token_over_plain = true;
  const auto connection = MustConnect(options);
  EXPECT_FALSE(connection->ListPayloads(Secret("the-token"), Soon()).ok());
  EXPECT_THAT(robot_.Seen("ListPayloads")[0].metadata,
              Contains(Pair("authorization", "Bearer the-token")));
  EXPECT_THAT(robot_.Seen("GetServiceEntry")[0].metadata,
              Contains(Pair("authorization", "Bearer the-token")));
}

TEST_F(ClientAnswers, ACallerMaySendATokenByHand) {
  CallOptions options = Soon();
  options.metadata = {{"authorization", "Bearer by-hand"}};
  EXPECT_FALSE(connection_->ListPayloads(Secret(), options).ok());
  EXPECT_THAT(robot_.Seen("ListPayloads")[0].metadata,
              Contains(Pair("authorization", "Bearer by-hand")));
}

TEST_F(ClientAnswers, ATokenComesBackAndIsNeverShown) {
  using Response = api::GetPayloadAuthTokenResponse;
  auto answer = WithStatus<Response>(Response::STATUS_OK);
  answer.set_token("the-token");
  robot_.Answers("GetPayloadAuthToken", answer);
  EXPECT_EQ(*connection_->GetPayloadAuthToken(mine_, Soon()), Secret("the-token"));
  answer.set_status(Response::STATUS_PAYLOAD_NOT_AUTHORIZED);
  robot_.Answers("GetPayloadAuthToken", answer);
  const auto failed = connection_->GetPayloadAuthToken(mine_, Soon());
  ASSERT_FALSE(failed.ok());
  EXPECT_THAT(failed.error().response->ShortDebugString(), Not(HasSubstr("the-token")));
}

TEST_F(ClientAnswers, NeverShowATokenThatWasSentByHand) {
  CallOptions options = Soon();
  options.metadata = {{"authorization", "Bearer by-hand"}, {"x-key-bin", "blob-of-mine"}};
  robot_.Fails("ListPayloads", 16, "bad header authorization: Bearer by-hand; x-key: blob-of-mine");
  const auto refused = connection_->ListPayloads(Secret(), options);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("bad header"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("by-hand")));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("blob-of-mine")));
  Awaited<api::ListPayloadsResponse> awaited;
  robot_.Fails("ListPayloads", 16, "no such token: by-hand");
  connection_->ListPayloadsAsync(Secret(), options, awaited.completion());
  EXPECT_THAT(awaited.Get().error().message, Not(HasSubstr("by-hand")));
}

TEST_F(ClientAnswers, NeverShowASecretHoweverShort) {
  using Response = api::RegisterPayloadResponse;
  auto answer = WithStatus<Response>(Response::STATUS_OK);
  answer.mutable_header()->mutable_error()->set_code(api::CommonError::CODE_INVALID_REQUEST);
  answer.mutable_header()->mutable_error()->set_message("secret q7 is too short");
  robot_.Answers("RegisterPayload", answer);
  const auto refused = connection_->RegisterPayload({}, Secret("q7"), Soon());
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, Not(HasSubstr("q7")));
  EXPECT_THAT(refused.error().response->ShortDebugString(), Not(HasSubstr("q7")));
}

TEST_F(ClientAnswers, OfManyMegabytesAreTaken) {
  auto listing = GoodHeader<api::ListPayloadsResponse>();
  listing.add_payloads()->set_description(std::string(12 * 1024 * 1024, 'x'));
  robot_.Answers("ListPayloads", listing);
  EXPECT_TRUE(connection_->ListPayloads(Secret(), Soon()).ok());
}

TEST_F(ClientAnswers, ReachTheDocumentedClientAsExceptions) {
  const PayloadRegistrationClient client(std::move(connection_));
  robot_.Answers("UpdatePayloadVersion", WithStatus<api::UpdatePayloadVersionResponse>(2));
  try {
    client.UpdatePayloadVersion(mine_, {}, Soon());
    FAIL() << "nothing was thrown";
  } catch (const PayloadDoesNotExistError& error) {
    const auto* response =
        dynamic_cast<const api::UpdatePayloadVersionResponse*>(error.response().get());
    ASSERT_NE(response, nullptr);
    EXPECT_EQ(response->status(), api::UpdatePayloadVersionResponse::STATUS_DOES_NOT_EXIST);
    EXPECT_THAT(error.what(), HasSubstr("127.0.0.1"));
  }
  robot_.Answers("UpdatePayloadAttached", WithStatus<api::UpdatePayloadAttachedResponse>(1));
  client.AttachPayload(mine_, Soon());
  EXPECT_EQ(Last<api::UpdatePayloadAttachedRequest>("UpdatePayloadAttached").request(),
            api::UpdatePayloadAttachedRequest::REQUEST_ATTACH);
  client.DetachPayloadFuture(mine_, Soon()).get();
  EXPECT_EQ(Last<api::UpdatePayloadAttachedRequest>("UpdatePayloadAttached").request(),
            api::UpdatePayloadAttachedRequest::REQUEST_DETACH);
}

}  // namespace
}  // namespace payload_manager::testing
