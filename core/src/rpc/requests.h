// What is written into the requests: header, credentials and what was asked for.
#pragma once

#include <string>
#include <string_view>

#include "bosdyn/api/auth.pb.h"
#include "bosdyn/api/directory.pb.h"
#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/payload_registration.pb.h"
#include "payload_manager/base/clock.h"
#include "payload_manager/robot_connection.h"

namespace payload_manager {

// Every request gets a header with the time of `clock` and the client's name. Threads: every member
// may be called from any thread; nothing blocks.
class RequestMaker {
 public:
  // `clock` must outlive this object.
  RequestMaker(const Clock* clock, std::string client_name);

  bosdyn::api::RegisterPayloadRequest Register(const bosdyn::api::Payload& payload,
                                               const Secret& secret) const;
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
