// Adapter only: for each request type its response, what a success
// means to a caller (status_mapping.h), and how to make the call on
// a stub, waiting for the answer or not.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/base/secret.h"
#include "rpc/stubs.h"

namespace payload_manager {

using WhenAnswered = std::function<void(grpc::Status)>;

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
  template <typename Stub, typename... Arguments>
  static auto Call(Stub&& stub, Arguments&&... arguments) {
    return stub.RegisterPayload(std::forward<Arguments>(arguments)...);
  }
};

template <>
struct Rpc<bosdyn::api::UpdatePayloadVersionRequest>
    : RpcBase<bosdyn::api::UpdatePayloadVersionResponse, Done, &Stubs::registration> {
  template <typename Stub, typename... Arguments>
  static auto Call(Stub&& stub, Arguments&&... arguments) {
    return stub.UpdatePayloadVersion(std::forward<Arguments>(arguments)...);
  }
};

template <>
struct Rpc<bosdyn::api::GetPayloadAuthTokenRequest>
    : RpcBase<bosdyn::api::GetPayloadAuthTokenResponse, Secret, &Stubs::registration> {
  template <typename Stub, typename... Arguments>
  static auto Call(Stub&& stub, Arguments&&... arguments) {
    return stub.GetPayloadAuthToken(std::forward<Arguments>(arguments)...);
  }
};

template <>
struct Rpc<bosdyn::api::UpdatePayloadAttachedRequest>
    : RpcBase<bosdyn::api::UpdatePayloadAttachedResponse, Done, &Stubs::registration> {
  template <typename Stub, typename... Arguments>
  static auto Call(Stub&& stub, Arguments&&... arguments) {
    return stub.UpdatePayloadAttached(std::forward<Arguments>(arguments)...);
  }
};

template <>
struct Rpc<bosdyn::api::ListPayloadsRequest>
    : RpcBase<bosdyn::api::ListPayloadsResponse, bosdyn::api::ListPayloadsResponse,
              &Stubs::payload> {
  template <typename Stub, typename... Arguments>
  static auto Call(Stub&& stub, Arguments&&... arguments) {
    return stub.ListPayloads(std::forward<Arguments>(arguments)...);
  }
};

template <>
struct Rpc<bosdyn::api::GetAuthTokenRequest>
    : RpcBase<bosdyn::api::GetAuthTokenResponse, Secret, &Stubs::auth> {
  template <typename Stub, typename... Arguments>
  static auto Call(Stub&& stub, Arguments&&... arguments) {
    return stub.GetAuthToken(std::forward<Arguments>(arguments)...);
  }
};

template <>
struct Rpc<bosdyn::api::GetServiceEntryRequest>
    : RpcBase<bosdyn::api::GetServiceEntryResponse, std::string, &Stubs::directory> {
  template <typename Stub, typename... Arguments>
  static auto Call(Stub&& stub, Arguments&&... arguments) {
    return stub.GetServiceEntry(std::forward<Arguments>(arguments)...);
  }
};

}  // namespace payload_manager
