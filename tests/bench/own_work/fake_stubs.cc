// gRPC's part of a call, left out. The programs of this folder are linked with `--wrap` for the
// generated stubs' methods (CMakeLists.txt), so that what the client calls are these functions:
// they answer within the call, on the same thread. What remains is the client's own work, the same
// instructions in every run. Counting is switched off in here.
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <string>

#include "bosdyn/api/payload_registration_service.grpc.pb.h"
#include "tests/bench/own_work/counting.h"

namespace payload_manager::bench {
namespace {

namespace api = bosdyn::api;
using Stub = api::PayloadRegistrationService::Stub;
using Async = class Stub::async;
using WhenDone = std::function<void(grpc::Status)>;

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
void Start(const Request* request, Response* response, const WhenDone& done) {
  {
    const SwitchCounting off(false);
    Answer(*request, response);
  }
  done(grpc::Status::OK);
}

}  // namespace

// What the linker puts in the place of Stub::Method and Stub::async::Method.
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

void StartRegister(Async*, grpc::ClientContext*, const api::RegisterPayloadRequest* request,
                   api::RegisterPayloadResponse* response,
                   WhenDone done) __asm__("__wrap_" ASYNC_REGISTER_PAYLOAD);
void StartRegister(Async*, grpc::ClientContext*, const api::RegisterPayloadRequest* request,
                   api::RegisterPayloadResponse* response, WhenDone done) {
  Start(request, response, done);
}

void StartToken(Async*, grpc::ClientContext*, const api::GetPayloadAuthTokenRequest* request,
                api::GetPayloadAuthTokenResponse* response,
                WhenDone done) __asm__("__wrap_" ASYNC_GET_PAYLOAD_AUTH_TOKEN);
void StartToken(Async*, grpc::ClientContext*, const api::GetPayloadAuthTokenRequest* request,
                api::GetPayloadAuthTokenResponse* response, WhenDone done) {
  Start(request, response, done);
}

}  // namespace payload_manager::bench
