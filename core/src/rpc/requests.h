// What is written into the requests: header, credentials and what was asked for.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <string>
#include <string_view>

#include "bosdyn/api/auth.pb.h"
#include "bosdyn/api/directory.pb.h"
#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/payload_registration.pb.h"
#include "payload_manager/base/clock.h"
#include "payload_manager/robot_connection.h"

namespace payload_manager {

// A registration request that refers to the payload it was made of instead of copying it, which
// would cost more than all else that the client does for a call, and whose parts are its own
// members. Threads: used by one at a time; the payload may be in any number of them.
class RegistrationRequest {
 public:
  // `payload` must outlive this object.
  RegistrationRequest(WallTime now, const std::string& client_name,
                      const bosdyn::api::Payload& payload, const Secret& secret);
  ~RegistrationRequest();
  RegistrationRequest(const RegistrationRequest&) = delete;
  RegistrationRequest& operator=(const RegistrationRequest&) = delete;

  const bosdyn::api::RegisterPayloadRequest& operator*() const { return request_; }

 private:
  google::protobuf::Timestamp stamp_;
  bosdyn::api::RequestHeader header_;
  bosdyn::api::RegisterPayloadRequest request_;
};

// Every request gets a header with the time of `clock` and the client's name. Threads: every member
// may be called from any thread; nothing blocks.
class RequestMaker {
 public:
  // `clock` must outlive this object.
  RequestMaker(const Clock* clock, std::string client_name);

  RegistrationRequest Register(const bosdyn::api::Payload& payload, const Secret& secret) const;
  bosdyn::api::UpdatePayloadVersionRequest UpdateVersion(
      const PayloadCredentials& credentials, const bosdyn::api::SoftwareVersion& version) const;
  bosdyn::api::GetPayloadAuthTokenRequest PayloadToken(const PayloadCredentials& credentials) const;
  bosdyn::api::UpdatePayloadAttachedRequest Attach(const PayloadCredentials& credentials,
                                                   Attachment attachment) const;
  bosdyn::api::ListPayloadsRequest List() const;
  bosdyn::api::GetAuthTokenRequest Refresh(const Secret& token) const;
  bosdyn::api::GetAuthTokenRequest Login(const std::string& user, const Secret& password) const;
  bosdyn::api::GetServiceEntryRequest DirectoryEntry(std::string_view service_name) const;

 private:
  template <typename Request>
  Request Headed() const;

  const Clock* const clock_;
  const std::string client_name_;
};

}  // namespace payload_manager
