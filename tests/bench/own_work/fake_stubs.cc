// gRPC's part of a call, left out. The program of this folder is linked with `--wrap` for the
// generated stub's methods (CMakeLists.txt) and with another StartCall, so that what the client
// calls are these functions: they answer within the call, on the same thread. What remains is the
// client's own work, the same instructions in every run. Counting is switched off in here.
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <string>

#include "bosdyn/api/payload_registration_service.grpc.pb.h"
#include "rpc/rpcs.h"
#include "tests/bench/own_work/counting.h"

namespace payload_manager::bench {
namespace {

namespace api = bosdyn::api;
using Stub = api::PayloadRegistrationService::Stub;

// As a robot fills it, with a stamp of one length.
template <typename Request>
void FillHeader(const Request& request, api::ResponseHeader* header) {
  *header->mutable_request_header() = request.header();
  header->mutable_request_received_timestamp()->set_seconds(1'700'000'000);
  header->mutable_request_received_timestamp()->set_nanos(500'000'000);
  *header->mutable_response_timestamp() = header->request_received_timestamp();
  header->mutable_error()->set_code(api::CommonError::CODE_OK);
}

void Answer(const api::RegisterPayloadRequest& request, api::RegisterPayloadResponse* response) {
  FillHeader(request, response->mutable_header());
  response->set_status(api::RegisterPayloadResponse::STATUS_ALREADY_EXISTS);
}

void Answer(const api::GetPayloadAuthTokenRequest& request,
            api::GetPayloadAuthTokenResponse* response) {
  FillHeader(request, response->mutable_header());
  response->set_status(api::GetPayloadAuthTokenResponse::STATUS_OK);
  response->set_token(std::string(500, 't'));
}

template <typename Request, typename Response>
grpc::Status Wait(const Request& request, Response* response) {
  const SwitchCounting off(false);
  Answer(request, response);
  return grpc::Status::OK;
}

template <typename Request, typename Response>
void Start(const Request& request, Response* response, const WhenAnswered& done) {
  {
    const SwitchCounting off(false);
    Answer(request, response);
  }
  done(grpc::Status::OK);
}

}  // namespace

// What the linker puts in the place of the Stub's methods.
grpc::Status WaitRegister(
    Stub*, grpc::ClientContext*, const api::RegisterPayloadRequest& request,
    api::RegisterPayloadResponse* response) __asm__("__wrap_" REGISTER_PAYLOAD);
grpc::Status WaitRegister(Stub*, grpc::ClientContext*, const api::RegisterPayloadRequest& request,
                          api::RegisterPayloadResponse* response) {
  return Wait(request, response);
}

grpc::Status WaitToken(
    Stub*, grpc::ClientContext*, const api::GetPayloadAuthTokenRequest& request,
    api::GetPayloadAuthTokenResponse* response) __asm__("__wrap_" GET_PAYLOAD_AUTH_TOKEN);
grpc::Status WaitToken(Stub*, grpc::ClientContext*, const api::GetPayloadAuthTokenRequest& request,
                       api::GetPayloadAuthTokenResponse* response) {
  return Wait(request, response);
}

}  // namespace payload_manager::bench

// Take the place of start_call.cc, which the linker therefore leaves out.
namespace payload_manager {

namespace api = bosdyn::api;

template <>
void StartCall(Stubs&, grpc::ClientContext*, const api::RegisterPayloadRequest& request,
               Whole<api::RegisterPayloadResponse>* response, WhenAnswered done) {
  bench::Start(request, &response->message, done);
}
template <>
void StartCall(Stubs&, grpc::ClientContext*, const api::GetPayloadAuthTokenRequest& request,
               Whole<api::GetPayloadAuthTokenResponse>* response, WhenAnswered done) {
  bench::Start(request, &response->message, done);
}
// No workload makes these.
template <>
void StartCall(Stubs&, grpc::ClientContext*, const api::UpdatePayloadVersionRequest&,
               Whole<api::UpdatePayloadVersionResponse>*, WhenAnswered) {
  std::abort();
}
template <>
void StartCall(Stubs&, grpc::ClientContext*, const api::UpdatePayloadAttachedRequest&,
               Whole<api::UpdatePayloadAttachedResponse>*, WhenAnswered) {
  std::abort();
}
template <>
void StartCall(Stubs&, grpc::ClientContext*, const api::ListPayloadsRequest&,
               Whole<api::ListPayloadsResponse>*, WhenAnswered) {
  std::abort();
}
template <>
void StartCall(Stubs&, grpc::ClientContext*, const api::GetAuthTokenRequest&,
               Whole<api::GetAuthTokenResponse>*, WhenAnswered) {
  std::abort();
}
template <>
void StartCall(Stubs&, grpc::ClientContext*, const api::GetServiceEntryRequest&,
               Whole<api::GetServiceEntryResponse>*, WhenAnswered) {
  std::abort();
}

}  // namespace payload_manager
