#include "rpc/status_mapping.h"

#include <gmock/gmock.h>
#include <grpcpp/support/status_code_enum.h>
#include <gtest/gtest.h>

#include <string>

#include "bosdyn/api/auth.pb.h"
#include "bosdyn/api/directory.pb.h"
#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/payload_registration.pb.h"

namespace payload_manager {
namespace {

namespace api = bosdyn::api;
using testing::HasSubstr;
using testing::Not;
using Kind = FailureKind;

const TransportStatus kArrived{};

Exchange Asking() { return {"spot:443", "TheCall", "auth.spot.robot", false, {{"hush-hush"}}}; }

// Responses are judged as they come: on the heap.
template <typename Response>
auto Judge(const Exchange& exchange, const TransportStatus& transport, const Response& response) {
  return payload_manager::Judge(exchange, transport, std::make_shared<Response>(response));
}

template <typename Response>
Response WithCode(int code) {
  Response response;
  response.mutable_header()->mutable_error()->set_code(static_cast<api::CommonError::Code>(code));
  return response;
}

template <typename Response>
Response WithStatus(int status) {
  auto response = WithCode<Response>(api::CommonError::CODE_OK);
  response.set_status(static_cast<typename Response::Status>(status));
  return response;
}

template <typename Response>
std::string KindOf(const Response& response, const TransportStatus& transport = kArrived) {
  const auto outcome = Judge(Asking(), transport, response);
  return outcome.ok() ? "ok" : std::string(ToString(outcome.error().kind));
}

std::string Name(Kind kind) { return std::string(ToString(kind)); }

template <typename Response>
class EveryResponse : public testing::Test {};
using Responses = testing::Types<api::RegisterPayloadResponse, api::UpdatePayloadVersionResponse,
                                 api::UpdatePayloadAttachedResponse,
                                 api::GetPayloadAuthTokenResponse, api::GetAuthTokenResponse,
                                 api::ListPayloadsResponse, api::GetServiceEntryResponse>;
TYPED_TEST_SUITE(EveryResponse, Responses);

TYPED_TEST(EveryResponse, IsJudgedByTransportBeforeItsHeader) {
  const auto response = WithCode<TypeParam>(api::CommonError::CODE_INVALID_REQUEST);
  EXPECT_EQ(KindOf(response, {grpc::DEADLINE_EXCEEDED, "", ""}), Name(Kind::kTimedOut));
}

TYPED_TEST(EveryResponse, IsNoSuccessWithoutAGoodHeader) {
  EXPECT_EQ(KindOf(TypeParam()), Name(Kind::kUnsetStatus));
  EXPECT_EQ(KindOf(WithCode<TypeParam>(0)), Name(Kind::kUnsetStatus));
  EXPECT_EQ(KindOf(WithCode<TypeParam>(2)), Name(Kind::kInternalServerError));
  EXPECT_EQ(KindOf(WithCode<TypeParam>(3)), Name(Kind::kInvalidRequest));
  EXPECT_EQ(KindOf(WithCode<TypeParam>(4)), Name(Kind::kUnknownResponse));
  EXPECT_EQ(KindOf(WithCode<TypeParam>(-1)), Name(Kind::kUnknownResponse));
}

TYPED_TEST(EveryResponse, CarriesTheRobotsReasonAndTheResponseButNoSecret) {
  auto response = WithCode<TypeParam>(api::CommonError::CODE_INVALID_REQUEST);
  response.mutable_header()->mutable_error()->set_message("payload.GUID: hush-hush is\nno GUID");
  response.mutable_header()->mutable_request()->set_value("hush-hush");
  const auto outcome = Judge(Asking(), kArrived, response);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().message,
            "robot spot:443: TheCall: the robot calls the request invalid: payload.GUID: [hidden] "
            "is no GUID");
  const auto* carried = dynamic_cast<const TypeParam*>(outcome.error().response.get());
  ASSERT_NE(carried, nullptr);
  EXPECT_EQ(carried->header().error().code(), api::CommonError::CODE_INVALID_REQUEST);
  EXPECT_THAT(carried->ShortDebugString(), Not(HasSubstr("hush-hush")));
}

template <typename Response>
class EveryStatus : public testing::Test {};
using ResponsesWithStatus =
    testing::Types<api::RegisterPayloadResponse, api::UpdatePayloadVersionResponse,
                   api::UpdatePayloadAttachedResponse, api::GetPayloadAuthTokenResponse,
                   api::GetAuthTokenResponse, api::GetServiceEntryResponse>;
TYPED_TEST_SUITE(EveryStatus, ResponsesWithStatus);

TYPED_TEST(EveryStatus, UnsetOrUnknownIsNoSuccess) {
  EXPECT_EQ(KindOf(WithStatus<TypeParam>(0)), Name(Kind::kUnsetStatus));
  EXPECT_EQ(KindOf(WithStatus<TypeParam>(99)), Name(Kind::kUnknownResponse));
  EXPECT_EQ(KindOf(WithStatus<TypeParam>(-1)), Name(Kind::kUnknownResponse));
}

// The kinds of a response's statuses from 2 on; the first number after them is unknown.
template <typename Response>
void ExpectStatuses(std::initializer_list<Kind> from_two) {
  int status = 2;
  for (const Kind kind : from_two) {
    EXPECT_EQ(KindOf(WithStatus<Response>(status)), Name(kind)) << status;
    ++status;
  }
  EXPECT_EQ(KindOf(WithStatus<Response>(status)), Name(Kind::kUnknownResponse));
}

TEST(StatusMapping, KnowsEachStatusOfEachCall) {
  ExpectStatuses<api::RegisterPayloadResponse>({Kind::kPayloadAlreadyExists});
  ExpectStatuses<api::UpdatePayloadVersionResponse>(
      {Kind::kPayloadDoesNotExist, Kind::kInvalidPayloadCredentials});
  ExpectStatuses<api::UpdatePayloadAttachedResponse>(
      {Kind::kPayloadDoesNotExist, Kind::kInvalidPayloadCredentials, Kind::kPayloadNotAuthorized});
  ExpectStatuses<api::GetPayloadAuthTokenResponse>(
      {Kind::kInvalidPayloadCredentials, Kind::kPayloadNotAuthorized});
  ExpectStatuses<api::GetAuthTokenResponse>(
      {Kind::kInvalidLogin, Kind::kInvalidToken, Kind::kTemporarilyLockedOut});
}

TEST(StatusMapping, TakesStatusOkForDone) {
  EXPECT_EQ(KindOf(WithStatus<api::RegisterPayloadResponse>(1)), "ok");
  EXPECT_EQ(KindOf(WithStatus<api::UpdatePayloadVersionResponse>(1)), "ok");
  EXPECT_EQ(KindOf(WithStatus<api::UpdatePayloadAttachedResponse>(1)), "ok");
}

TEST(StatusMapping, HandsOutTheToken) {
  auto response = WithStatus<api::GetPayloadAuthTokenResponse>(1);
  response.set_token("tok");
  EXPECT_EQ(*Judge(Asking(), kArrived, response), Secret("tok"));
  auto refreshed = WithStatus<api::GetAuthTokenResponse>(1);
  refreshed.set_token("tok2");
  EXPECT_EQ(*Judge(Asking(), kArrived, refreshed), Secret("tok2"));
}

TEST(StatusMapping, OkWithoutATokenIsNoSuccess) {
  EXPECT_EQ(KindOf(WithStatus<api::GetPayloadAuthTokenResponse>(1)), Name(Kind::kUnknownResponse));
  EXPECT_EQ(KindOf(WithStatus<api::GetAuthTokenResponse>(1)), Name(Kind::kUnknownResponse));
}

TEST(StatusMapping, AFailureCarriesNoToken) {
  auto response = WithStatus<api::GetPayloadAuthTokenResponse>(3);
  response.set_token("tok-tok");
  const auto outcome = Judge(Asking(), kArrived, response);
  ASSERT_FALSE(outcome.ok());
  EXPECT_THAT(outcome.error().response->ShortDebugString(), Not(HasSubstr("tok-tok")));
  EXPECT_THAT(outcome.error().message, Not(HasSubstr("tok-tok")));
}

TEST(StatusMapping, AListingNeedsNoStatus) {
  auto response = WithCode<api::ListPayloadsResponse>(api::CommonError::CODE_OK);
  response.add_payloads()->set_guid("g");
  EXPECT_EQ(Judge(Asking(), kArrived, response)->payloads(0).guid(), "g");
}

TEST(StatusMapping, ADirectoryEntryIsAnAuthorityOrNothing) {
  using Response = api::GetServiceEntryResponse;
  auto response = WithStatus<Response>(Response::STATUS_OK);
  EXPECT_EQ(KindOf(response), Name(Kind::kUnknownResponse));
  response.mutable_service_entry()->set_authority("payload.spot.robot");
  EXPECT_EQ(*Judge(Asking(), kArrived, response), "payload.spot.robot");
  response.mutable_service_entry()->set_authority("payload\r\nspot");
  EXPECT_EQ(KindOf(response), Name(Kind::kUnknownResponse));
  EXPECT_EQ(*Judge(Asking(), kArrived, WithStatus<Response>(Response::STATUS_NONEXISTENT_SERVICE)),
            "");
}

}  // namespace
}  // namespace payload_manager
