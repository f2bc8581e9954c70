#include "tests/bench/fleet/bare_fleet.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "bosdyn/api/directory_service.grpc.pb.h"
#include "bosdyn/api/payload_registration_service.grpc.pb.h"
#include "bosdyn/api/payload_service.grpc.pb.h"
#include "rpc/authorities.h"
#include "rpc/stubs.h"
#include "tests/bench/client/bare_call.h"
#include "tests/bench/client/work.h"

namespace payload_manager::bench {
namespace {

namespace api = bosdyn::api;

using Clock = std::chrono::steady_clock;

template <typename Request, typename Response>
struct Call {
  Request request;
  Response response;
  std::optional<grpc::ClientContext> context;

  // The context of a call that goes out now.
  grpc::ClientContext* Begin() {
    Stamp(request.mutable_header()->mutable_request_timestamp());
    context.emplace();
    SetDeadline(*context);
    return &*context;
  }
  void Expect(const grpc::Status& status, bool fine = true) const {
    if (status.ok() && fine && response.header().error().code() == api::CommonError::CODE_OK)
      return;
    std::fprintf(stderr, "a call of the bare fleet failed: %s\n%s\n",
                 status.error_message().c_str(), response.ShortDebugString().c_str());
    std::abort();
  }
};

struct Payload {
  Call<api::RegisterPayloadRequest, api::RegisterPayloadResponse> registration;
  Call<api::GetPayloadAuthTokenRequest, api::GetPayloadAuthTokenResponse> token;
  std::atomic<int> missing_for_token = 2;  // its turn, and being registered
};

}  // namespace

// How many robots have not been asked for all yet.
class BareFleet::Progress {
 public:
  void Expect(std::size_t robots) { missing_ = robots; }
  void Count() {
    const std::lock_guard lock(mutex_);
    if (--missing_ == 0) news_.notify_all();
  }
  void Await() {
    std::unique_lock lock(mutex_);
    news_.wait(lock, [this] { return missing_ == 0; });
  }
  void WaitUntil(Clock::time_point instant) {
    std::unique_lock lock(mutex_);
    news_.wait_until(lock, instant, [&] { return Clock::now() >= instant; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  std::size_t missing_ = 0;  // guarded by mutex_
};

class BareFleet::Robot {
 public:
  Robot(ConnectionOptions options, const std::vector<api::Payload>& payloads, Progress& progress)
      : options_(std::move(options)),
        progress_(progress),
        payloads_(payloads.size()),
        tokens_missing_(payloads.size()) {
    const std::string secret(PayloadSecret().Reveal());
    for (std::size_t i = 0; i < payloads.size(); ++i) {
      auto& registration = payloads_[i].registration.request;
      *registration.mutable_payload() = payloads[i];
      registration.set_payload_secret(secret);
      registration.mutable_header()->set_client_name(options_.client_name);
      auto& token = payloads_[i].token.request;
      token.mutable_payload_credentials()->set_guid(payloads[i].guid());
      token.mutable_payload_credentials()->set_secret(secret);
      token.mutable_header()->set_client_name(options_.client_name);
    }
  }

  void Connect() {
    registration_ = api::PayloadRegistrationService::NewStub(
        MakeStubs(options_, std::string(kRegistrationAuthority))->channel);
  }

  // The robot's nth call: each payload is registered, then each gets its token.
  void MakeCall(std::size_t number) {
    if (number >= payloads_.size()) return FetchToken(payloads_[number - payloads_.size()]);
    Payload& payload = payloads_[number];
    auto& call = payload.registration;
    registration_->async()->RegisterPayload(
        call.Begin(), &call.request, &call.response, [this, &payload](const grpc::Status& status) {
          payload.registration.Expect(status, payload.registration.response.status() ==
                                                  api::RegisterPayloadResponse::STATUS_OK);
          FetchToken(payload);
        });
  }

 private:
  void FetchToken(Payload& payload) {
    if (--payload.missing_for_token > 0) return;
    auto& call = payload.token;
    registration_->async()->GetPayloadAuthToken(
        call.Begin(), &call.request, &call.response, [this, &payload](const grpc::Status& status) {
          payload.token.Expect(status, !payload.token.response.token().empty());
          if (--tokens_missing_ == 0) AskDirectory(payload.token.response.token());
        });
  }

  void AskDirectory(const std::string& token) {
    const auto channel = MakeStubs(options_, std::string(kApiAuthority))->channel;
    directory_ = api::DirectoryService::NewStub(channel);
    list_ = api::PayloadService::NewStub(channel);
    bearer_ = "Bearer " + token;
    entry_call_.request.set_service_name("payload");
    grpc::ClientContext* const context = entry_call_.Begin();
    context->AddMetadata("authorization", bearer_);
    directory_->async()->GetServiceEntry(context, &entry_call_.request, &entry_call_.response,
                                         [this](const grpc::Status& status) {
                                           entry_call_.Expect(status);
                                           AskList();
                                         });
  }

  void AskList() {
    grpc::ClientContext* const context = list_call_.Begin();
    context->AddMetadata("authorization", bearer_);
    list_->async()->ListPayloads(context, &list_call_.request, &list_call_.response,
                                 [this](const grpc::Status& status) {
                                   list_call_.Expect(status);
                                   progress_.Count();
                                 });
  }

  const ConnectionOptions options_;
  Progress& progress_;
  std::vector<Payload> payloads_;
  std::atomic<std::size_t> tokens_missing_;
  std::unique_ptr<api::PayloadRegistrationService::Stub> registration_;
  std::unique_ptr<api::DirectoryService::Stub> directory_;
  std::unique_ptr<api::PayloadService::Stub> list_;
  std::string bearer_;
  Call<api::GetServiceEntryRequest, api::GetServiceEntryResponse> entry_call_;
  Call<api::ListPayloadsRequest, api::ListPayloadsResponse> list_call_;
};

BareFleet::BareFleet(std::vector<ConnectionOptions> robots,
                     const std::vector<api::Payload>& payloads, int calls_per_second)
    : payloads_(payloads.size()),
      calls_per_second_(static_cast<std::size_t>(calls_per_second)),
      progress_(std::make_unique<Progress>()) {
  for (ConnectionOptions& options : robots) {
    robots_.push_back(std::make_unique<Robot>(std::move(options), payloads, *progress_));
  }
}

BareFleet::~BareFleet() = default;

void BareFleet::SetUp() {
  progress_->Expect(robots_.size());
  const auto began = Clock::now();
  for (std::size_t number = 0; number < 2 * payloads_; ++number) {
    if (number % calls_per_second_ == 0) {
      progress_->WaitUntil(began + std::chrono::seconds(number / calls_per_second_));
    }
    for (const auto& robot : robots_) {
      if (number == 0) robot->Connect();
      robot->MakeCall(number);
    }
  }
  progress_->Await();
}

}  // namespace payload_manager::bench
