#include "tests/bench/client/bare_client.h"

#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include "bosdyn/api/payload_registration_service.grpc.pb.h"
#include "rpc/stubs.h"
#include "tests/bench/client/bare_call.h"
#include "tests/bench/client/work.h"

namespace payload_manager::bench {
namespace {

namespace api = bosdyn::api;

void Expect(const grpc::Status& status, const api::RegisterPayloadResponse& response) {
  if (status.ok() && response.header().error().code() == api::CommonError::CODE_OK &&
      response.status() == api::RegisterPayloadResponse::STATUS_ALREADY_EXISTS) {
    return;
  }
  std::fprintf(stderr, "a call of the bare client failed: %s\n", status.error_message().c_str());
  std::abort();
}

}  // namespace

struct BareClient::Slot {
  api::RegisterPayloadRequest request;
  // What one call needs, new for each.
  struct Call {
    grpc::ClientContext context;
    api::RegisterPayloadResponse response;
    std::function<void()> done;
  };
  std::optional<Call> call;
};

struct BareClient::Connection {
  std::unique_ptr<api::PayloadRegistrationService::Stub> stub;
};

BareClient::BareClient(const ConnectionOptions& options, const std::vector<api::Payload>& payloads,
                       std::string authorization)
    : options_(options),
      authorization_(std::move(authorization)),
      connection_(new Connection{api::PayloadRegistrationService::NewStub(
          MakeStubs(options, "payload-registration.spot.robot")->channel)}) {
  for (const api::Payload& payload : payloads) {
    auto slot = std::make_unique<Slot>();
    *slot->request.mutable_payload() = payload;
    slot->request.set_payload_secret(std::string(PayloadSecret().Reveal()));
    slot->request.mutable_header()->set_client_name(options.client_name);
    slots_.push_back(std::move(slot));
  }
}

BareClient::~BareClient() = default;

void BareClient::Prepare(Slot& slot) {
  slot.call.emplace();
  Stamp(slot.request.mutable_header()->mutable_request_timestamp());
  SetDeadline(slot.call->context);
  if (!authorization_.empty()) slot.call->context.AddMetadata("authorization", authorization_);
}

void BareClient::RegisterPayload(std::size_t index) {
  Slot& slot = *slots_[index];
  Prepare(slot);
  const grpc::Status status =
      connection_->stub->RegisterPayload(&slot.call->context, slot.request, &slot.call->response);
  Expect(status, slot.call->response);
  slot.call.reset();
}

void BareClient::StartRegisterPayload(std::size_t index, std::function<void()> done) {
  Slot& slot = *slots_[index];
  Prepare(slot);
  slot.call->done = std::move(done);
  connection_->stub->async()->RegisterPayload(&slot.call->context, &slot.request,
                                              &slot.call->response,
                                              [&slot](const grpc::Status& status) {
                                                Expect(status, slot.call->response);
                                                const auto then = std::move(slot.call->done);
                                                slot.call.reset();
                                                then();
                                              });
}

}  // namespace payload_manager::bench
