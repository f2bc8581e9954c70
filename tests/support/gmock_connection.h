// A RobotConnection whose every verb is a gMock expectation.
#pragma once

#include <gmock/gmock.h>

#include <string>

#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "payload_manager/robot_connection.h"

namespace payload_manager {

class GmockConnection : public RobotConnection {
 public:
  using Listing = bosdyn::api::ListPayloadsResponse;

  MOCK_METHOD(Outcome<Done>, RegisterPayload,
              (const bosdyn::api::Payload&, const Secret&, const CallOptions&), (override));
  MOCK_METHOD(void, RegisterPayloadAsync,
              (const bosdyn::api::Payload&, const Secret&, const CallOptions&, Completion<Done>),
              (override));
  MOCK_METHOD(Outcome<Done>, UpdatePayloadVersion,
              (const PayloadCredentials&, const bosdyn::api::SoftwareVersion&, const CallOptions&),
              (override));
  MOCK_METHOD(void, UpdatePayloadVersionAsync,
              (const PayloadCredentials&, const bosdyn::api::SoftwareVersion&, const CallOptions&,
               Completion<Done>),
              (override));
  MOCK_METHOD(Outcome<Secret>, GetPayloadAuthToken, (const PayloadCredentials&, const CallOptions&),
              (override));
  MOCK_METHOD(void, GetPayloadAuthTokenAsync,
              (const PayloadCredentials&, const CallOptions&, Completion<Secret>), (override));
  MOCK_METHOD(Outcome<Done>, UpdatePayloadAttached,
              (const PayloadCredentials&, Attachment, const CallOptions&), (override));
  MOCK_METHOD(void, UpdatePayloadAttachedAsync,
              (const PayloadCredentials&, Attachment, const CallOptions&, Completion<Done>),
              (override));
  MOCK_METHOD(Outcome<Listing>, ListPayloads, (const Secret&, const CallOptions&), (override));
  MOCK_METHOD(void, ListPayloadsAsync, (const Secret&, const CallOptions&, Completion<Listing>),
              (override));
  MOCK_METHOD(Outcome<Secret>, RefreshToken, (const Secret&, const CallOptions&), (override));
  MOCK_METHOD(void, RefreshTokenAsync, (const Secret&, const CallOptions&, Completion<Secret>),
              (override));
  MOCK_METHOD(Outcome<Secret>, Authenticate,
              (const std::string&, const Secret&, const CallOptions&), (override));
  MOCK_METHOD(void, AuthenticateAsync,
              (const std::string&, const Secret&, const CallOptions&, Completion<Secret>),
              (override));
};

}  // namespace payload_manager
