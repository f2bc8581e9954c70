// Adapter only: for each request type its response, what a success means to a caller
// (status_mapping.h), and how to make the call.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>

#include "bosdyn/api/auth.pb.h"
#include "bosdyn/api/directory.pb.h"
#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/payload_registration.pb.h"
#include "payload_manager/base/secret.h"
#include "payload_manager/failure.h"
#include "rpc/answer.h"
#include "rpc/stubs.h"
#include "rpc/waiting_place.h"

namespace payload_manager {

using WhenAnswered = std::function<void(grpc::Status)>;

// What comes back: null where nothing does, or nothing that can be read to its end. gRPC's
// asynchronous calls end with success then, and would leave in the message what could be read of
// it.
template <typename Response>
struct Whole {
  std::shared_ptr<Response> message;

  // The message, made if it is not there yet: that may be before there is an answer to fill it.
  Response* Mutable() {
    if (message == nullptr) message = MakeAnswer<Response>();
    return message.get();
  }
};

template <typename Request>
struct Rpc;

template <typename ResponseType, typename ValueType, auto kOfStubs>
struct RpcBase {
  using Response = ResponseType;
  using Value = ValueType;
  static const grpc::internal::RpcMethod& In(const Stubs& stubs) { return stubs.*kOfStubs; }
};

template <>
struct Rpc<bosdyn::api::RegisterPayloadRequest>
    : RpcBase<bosdyn::api::RegisterPayloadResponse, Done, &Stubs::register_payload> {};

template <>
struct Rpc<bosdyn::api::UpdatePayloadVersionRequest>
    : RpcBase<bosdyn::api::UpdatePayloadVersionResponse, Done, &Stubs::update_payload_version> {};

template <>
struct Rpc<bosdyn::api::GetPayloadAuthTokenRequest>
    : RpcBase<bosdyn::api::GetPayloadAuthTokenResponse, Secret, &Stubs::get_payload_auth_token> {};

template <>
struct Rpc<bosdyn::api::UpdatePayloadAttachedRequest>
    : RpcBase<bosdyn::api::UpdatePayloadAttachedResponse, Done, &Stubs::update_payload_attached> {};

template <>
struct Rpc<bosdyn::api::ListPayloadsRequest>
    : RpcBase<bosdyn::api::ListPayloadsResponse, bosdyn::api::ListPayloadsResponse,
              &Stubs::list_payloads> {};

template <>
struct Rpc<bosdyn::api::GetAuthTokenRequest>
    : RpcBase<bosdyn::api::GetAuthTokenResponse, Secret, &Stubs::get_auth_token> {};

template <>
struct Rpc<bosdyn::api::GetServiceEntryRequest>
    : RpcBase<bosdyn::api::GetServiceEntryResponse, std::string, &Stubs::get_service_entry> {};

// The two ways to make a call; for every request above, in start_call.cc. The request is needed
// until these return, and no longer; the rest until the call has ended.

// `when_answered` runs on a thread of gRPC, maybe before this returns.
template <typename Request>
void StartCall(const Stubs& stubs, grpc::ClientContext* context, const Request& request,
               Whole<typename Rpc<Request>::Response>* response, WhenAnswered when_answered);

// Sends the request. Then `place.Await()` returns when `response` and `status` are there.
template <typename Request>
void SendFrom(WaitingPlace& place, const Stubs& stubs, const Request& request,
              Whole<typename Rpc<Request>::Response>* response, grpc::Status* status);

}  // namespace payload_manager
