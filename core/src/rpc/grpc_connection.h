// RobotConnection over gRPC. The class behind Connect().
#pragma once

#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <string>

#include "payload_manager/connect.h"
#include "rpc/authorities.h"
#include "rpc/call_metadata.h"
#include "rpc/diagnosis.h"
#include "rpc/exchange.h"
#include "rpc/in_flight_calls.h"
#include "rpc/requests.h"
#include "rpc/waiting_places.h"

namespace payload_manager {

// Compiled without ThreadSanitizer, and so without locks and shared state of its own: what is
// shared lives in the members, which have their own locks.
class GrpcConnection final : public RobotConnection {
 public:
  // `options` have been checked.
  explicit GrpcConnection(const ConnectionOptions& options);
  // Waits, and so is not for a completion's thread.
  ~GrpcConnection() override;
  // What `delete` does, by whichever pointer: destroys it here, or, in a completion, which may be
  // of the call that the destructor would wait for, on a thread that ends with it.
  static void operator delete(GrpcConnection* connection, std::destroying_delete_t);

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

 private:
  using Deadline = std::optional<std::chrono::steady_clock::time_point>;

  // Everything about one call but its request. Refers to what the caller gave; whoever keeps one
  // longer keeps those, too.
  struct Plan {
    Exchange exchange;
    const CallOptions& options;
    Deadline deadline;    // replaces options.timeout: two calls for one verb share it
    const Secret* token;  // travels as metadata unless null or empty
  };

  // `hidden` is what the request holds that no message may show, or null.
  Plan MakePlan(std::string_view call, std::string_view authority, const Secret* hidden,
                const CallOptions& options, const Secret* token = nullptr) const;
  Outcome<Done> MayTravel(const Plan& plan, const Secret& token) const;
  void StartList(const Plan& plan, Completion<bosdyn::api::ListPayloadsResponse> done);
  // The same verb's call to the directory, about the payload service.
  Plan LookUpPlan(const Plan& plan) const;
  // What the directory's answer means for a verb: an authority, or the failure to report.
  Outcome<std::string> ChooseAuthority(Outcome<std::string> directory);
  // A payload service that has moved is looked up anew.
  void ForgetIfMoved(const Outcome<bosdyn::api::ListPayloadsResponse>& outcome);

  template <typename Request, typename Keeper>
  struct Call;
  template <typename AnyCall>
  bool Prepare(const Plan& plan, AnyCall& call, Failure& why_not);
  // `make()` makes the request, which is gone before these wait or return.
  template <typename Make>
  auto Wait(const Plan& plan, const Make& make);
  template <typename Make, typename Value>
  void Start(const Plan& plan, const Make& make, Completion<Value> done);

  const ConnectionOptions options_;
  const std::string robot_;
  const RequestMaker requests_;
  ChannelTable channels_;
  WaitingPlaces places_;
  LearntAuthority payload_authority_;
  const std::shared_ptr<Diagnosis> diagnosis_;
  const std::shared_ptr<InFlightCalls> in_flight_;
};

}  // namespace payload_manager
