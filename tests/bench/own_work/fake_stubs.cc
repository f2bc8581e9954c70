// gRPC's part of a call, left out: in the place of start_call.cc there are these functions, which
// answer within the call, on the same thread. What remains is the client's own work, the same
// instructions in every run. Counting is switched off in here.
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <string>

#include "rpc/rpcs.h"
#include "tests/bench/own_work/counting.h"

namespace payload_manager::bench {
namespace {

namespace api = bosdyn::api;

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
void AnswerUncounted(const Request& request, Whole<Response>* response) {
  Response* const message = response->Mutable();
  const SwitchCounting off(false);
  Answer(request, message);
}

}  // namespace

}  // namespace payload_manager::bench

// Take the place of start_call.cc, which the linker therefore leaves out.
namespace payload_manager {

namespace api = bosdyn::api;

#define ANSWERED(REQUEST, RESPONSE)                                               \
  template <>                                                                     \
  void StartCall(const Stubs&, grpc::ClientContext*, const api::REQUEST& request, \
                 Whole<api::RESPONSE>* response, WhenAnswered done) {             \
    bench::AnswerUncounted(request, response);                                    \
    done(grpc::Status::OK);                                                       \
  }                                                                               \
  template <>                                                                     \
  void SendFrom(WaitingPlace&, const Stubs&, const api::REQUEST& request,         \
                Whole<api::RESPONSE>* response, grpc::Status*) {                  \
    bench::AnswerUncounted(request, response);                                    \
  }
ANSWERED(RegisterPayloadRequest, RegisterPayloadResponse)
ANSWERED(GetPayloadAuthTokenRequest, GetPayloadAuthTokenResponse)
#undef ANSWERED

void WaitingPlace::Await() {}  // it is there

// No workload makes these.
#define NOT_MADE(REQUEST, RESPONSE)                                                              \
  template <>                                                                                    \
  void StartCall(const Stubs&, grpc::ClientContext*, const api::REQUEST&, Whole<api::RESPONSE>*, \
                 WhenAnswered) {                                                                 \
    std::abort();                                                                                \
  }                                                                                              \
  template <>                                                                                    \
  void SendFrom(WaitingPlace&, const Stubs&, const api::REQUEST&, Whole<api::RESPONSE>*,         \
                grpc::Status*) {                                                                 \
    std::abort();                                                                                \
  }
NOT_MADE(UpdatePayloadVersionRequest, UpdatePayloadVersionResponse)
NOT_MADE(UpdatePayloadAttachedRequest, UpdatePayloadAttachedResponse)
NOT_MADE(ListPayloadsRequest, ListPayloadsResponse)
NOT_MADE(GetAuthTokenRequest, GetAuthTokenResponse)
NOT_MADE(GetServiceEntryRequest, GetServiceEntryResponse)
#undef NOT_MADE

}  // namespace payload_manager
