// Adapter only: for each request type its response, what a success means to a caller
// (status_mapping.h), and how to make the call: waiting on a stub, or asynchronously by its path.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <string>
#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/base/secret.h"
#include "rpc/stubs.h"

namespace payload_manager {

using WhenAnswered = std::function<void(grpc::Status)>;

// What comes back: nothing where it cannot be read to its end. gRPC's asynchronous calls end with
// success then, and would leave in the message what could be read of it.
template <typename Response>
struct Whole {
  Response message;
};

template <typename Request>
struct Rpc;

template <typename ResponseType, typename ValueType, auto kStub>
struct RpcBase {
  using Response = ResponseType;
  using Value = ValueType;
  static auto& On(Stubs& stubs) { return *(stubs.*kStub); }
};

template <>
struct Rpc<bosdyn::api::RegisterPayloadRequest>
    : RpcBase<bosdyn::api::RegisterPayloadResponse, Done, &Stubs::registration> {
  static constexpr char kPath[] = "/bosdyn.api.PayloadRegistrationService/RegisterPayload";
  template <typename Stub, typename... Arguments>
  static grpc::Status Call(Stub& stub, Arguments&&... arguments) {
    return stub.RegisterPayload(std::forward<Arguments>(arguments)...);
  }
};

template <>
struct Rpc<bosdyn::api::UpdatePayloadVersionRequest>
    : RpcBase<bosdyn::api::UpdatePayloadVersionResponse, Done, &Stubs::registration> {
  static constexpr char kPath[] = "/bosdyn.api.PayloadRegistrationService/UpdatePayloadVersion";
  template <typename Stub, typename... Arguments>
  static grpc::Status Call(Stub& stub, Arguments&&... arguments) {
    return stub.UpdatePayloadVersion(std::forward<Arguments>(arguments)...);
  }
};

template <>
struct Rpc<bosdyn::api::GetPayloadAuthTokenRequest>
    : RpcBase<bosdyn::api::GetPayloadAuthTokenResponse, Secret, &Stubs::registration> {
  static constexpr char kPath[] = "/bosdyn.api.PayloadRegistrationService/GetPayloadAuthToken";
  template <typename Stub, typename... Arguments>
  static grpc::Status Call(Stub& stub, Arguments&&... arguments) {
    return stub.GetPayloadAuthToken(std::forward<Arguments>(arguments)...);
  }
};

template <>
struct Rpc<bosdyn::api::UpdatePayloadAttachedRequest>
    : RpcBase<bosdyn::api::UpdatePayloadAttachedResponse, Done, &Stubs::registration> {
  static constexpr char kPath[] = "/bosdyn.api.PayloadRegistrationService/UpdatePayloadAttached";
  template <typename Stub, typename... Arguments>
  static grpc::Status Call(Stub& stub, Arguments&&... arguments) {
    return stub.UpdatePayloadAttached(std::forward<Arguments>(arguments)...);
  }
};

template <>
struct Rpc<bosdyn::api::ListPayloadsRequest>
    : RpcBase<bosdyn::api::ListPayloadsResponse, bosdyn::api::ListPayloadsResponse,
              &Stubs::payload> {
  static constexpr char kPath[] = "/bosdyn.api.PayloadService/ListPayloads";
  template <typename Stub, typename... Arguments>
  static grpc::Status Call(Stub& stub, Arguments&&... arguments) {
    return stub.ListPayloads(std::forward<Arguments>(arguments)...);
  }
};

template <>
struct Rpc<bosdyn::api::GetAuthTokenRequest>
    : RpcBase<bosdyn::api::GetAuthTokenResponse, Secret, &Stubs::auth> {
  static constexpr char kPath[] = "/bosdyn.api.AuthService/GetAuthToken";
  template <typename Stub, typename... Arguments>
  static grpc::Status Call(Stub& stub, Arguments&&... arguments) {
    return stub.GetAuthToken(std::forward<Arguments>(arguments)...);
  }
};

template <>
struct Rpc<bosdyn::api::GetServiceEntryRequest>
    : RpcBase<bosdyn::api::GetServiceEntryResponse, std::string, &Stubs::directory> {
  static constexpr char kPath[] = "/bosdyn.api.DirectoryService/GetServiceEntry";
  template <typename Stub, typename... Arguments>
  static grpc::Status Call(Stub& stub, Arguments&&... arguments) {
    return stub.GetServiceEntry(std::forward<Arguments>(arguments)...);
  }
};

// Starts the call; for every request above, in start_call.cc. The request is needed until this
// returns, and no longer.
template <typename Request>
void StartCall(Stubs& stubs, grpc::ClientContext* context, const Request& request,
               Whole<typename Rpc<Request>::Response>* response, WhenAnswered when_answered);

}  // namespace payload_manager
