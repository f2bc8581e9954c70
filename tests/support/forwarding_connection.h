// A connection that passes every call on to another: for tests that change or watch some of them.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "payload_manager/robot_connection.h"

namespace payload_manager::testing {

// Threads: as the connection behind it.
class ForwardingConnection : public RobotConnection {
 public:
  explicit ForwardingConnection(std::shared_ptr<RobotConnection> behind)
      : behind_(std::move(behind)) {}

  Outcome<Done> RegisterPayload(const bosdyn::api::Payload& payload, const Secret& secret,
                                const CallOptions& options) override;
  void RegisterPayloadAsync(const bosdyn::api::Payload& payload, const Secret& secret,
                            const CallOptions& options, Completion<Done> done) override;
  Outcome<Done> UpdatePayloadVersion(const PayloadCredentials& credentials,
                                     const bosdyn::api::SoftwareVersion& version,
                                     const CallOptions& options) override;
  void UpdatePayloadVersionAsync(const PayloadCredentials& credentials,
                                 const bosdyn::api::SoftwareVersion& version,
                                 const CallOptions& options, Completion<Done> done) override;
  Outcome<Secret> GetPayloadAuthToken(const PayloadCredentials& credentials,
                                      const CallOptions& options) override;
  void GetPayloadAuthTokenAsync(const PayloadCredentials& credentials, const CallOptions& options,
                                Completion<Secret> done) override;
  Outcome<Done> UpdatePayloadAttached(const PayloadCredentials& credentials, Attachment attachment,
                                      const CallOptions& options) override;
  void UpdatePayloadAttachedAsync(const PayloadCredentials& credentials, Attachment attachment,
                                  const CallOptions& options, Completion<Done> done) override;
  Outcome<bosdyn::api::ListPayloadsResponse> ListPayloads(const Secret& token,
                                                          const CallOptions& options) override;
  void ListPayloadsAsync(const Secret& token, const CallOptions& options,
                         Completion<bosdyn::api::ListPayloadsResponse> done) override;
  Outcome<Secret> RefreshToken(const Secret& token, const CallOptions& options) override;
  void RefreshTokenAsync(const Secret& token, const CallOptions& options,
                         Completion<Secret> done) override;
  Outcome<Secret> Authenticate(const std::string& user, const Secret& password,
                               const CallOptions& options) override;
  void AuthenticateAsync(const std::string& user, const Secret& password,
                         const CallOptions& options, Completion<Secret> done) override;

 protected:
  RobotConnection& behind() { return *behind_; }

 private:
  const std::shared_ptr<RobotConnection> behind_;
};

}  // namespace payload_manager::testing
