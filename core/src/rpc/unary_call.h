// Adapter only, part of GrpcConnection: one call from its preparation to its end, for every request
// type. Waiting and asynchronous calls differ in nothing but who is told.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "base/tsan.h"
#include "rpc/complete.h"
#include "rpc/grpc_connection.h"
#include "rpc/rpcs.h"
#include "rpc/sharpen.h"
#include "rpc/status_mapping.h"
#include "rpc/stubs.h"

namespace payload_manager {

// On gRPC's monotonic clock, so that a jump of the wall clock ends no call. It is the machine's, as
// is std::chrono's.
inline gpr_timespec ToGpr(std::chrono::steady_clock::time_point deadline) {
  const Duration since_start = deadline.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_start);
  return {seconds.count(), static_cast<std::int32_t>((since_start - seconds).count()),
          GPR_CLOCK_MONOTONIC};
}

inline TransportStatus ToTransport(const grpc::Status& status) {
  return {status.error_code(), status.error_message(), status.error_details()};
}

// A call from its preparation to its end. The ticket dies last: the connection may go with it.
template <typename Request>
struct GrpcConnection::Call {
  using Response = typename Rpc<Request>::Response;
  using Value = typename Rpc<Request>::Value;

  std::unique_ptr<CallTicket> ticket;
  Exchange exchange;
  Deadline deadline;
  Diagnosis* diagnosis = nullptr;  // lives as long as the ticket
  std::shared_ptr<Stubs> stubs;
  Whole<Response> response;
  Completion<Value> done;  // asynchronous calls only
  grpc::ClientContext context;
  TransportStatus transport;
  std::optional<Outcome<Value>> outcome;

  // Before the context goes, which a cancellation would use.
  ~Call() {
    if (ticket != nullptr) ticket->EndCancellation();
  }

  // Judges how gRPC ended it. Whether the outcome had better wait for a diagnosis; then what lets
  // it go is set up.
  std::shared_ptr<HeldCall> End(const grpc::Status& status) {
    ticket->EndCancellation();
    transport = ToTransport(status);
    outcome.emplace(Judge(exchange, transport, std::move(response.message)));
    if (outcome->ok() || outcome->error().response != nullptr) {
      diagnosis->Answered();
      return nullptr;
    }
    if (!diagnosis->Consider(exchange, outcome->error())) return nullptr;
    auto held = std::make_shared<HeldCall>(diagnosis->weak_from_this());
    ticket->Rearm([held] { held->LetGo(); });
    return held;
  }

  // The outcome, with what has been found out by now.
  Outcome<Value> Result() {
    ticket->EndCancellation();
    if (outcome->ok()) return *std::move(outcome);
    const auto report = diagnosis->Known(exchange.authority);
    if (!report.has_value()) return *std::move(outcome);
    return Failed{Sharpened(exchange, transport, std::move(*outcome).error(), *report)};
  }

  static void Ended(Call* call, const grpc::Status& status) noexcept {
    auto held = call->End(status);
    const bool waits = held != nullptr && call->diagnosis->Hold(std::move(held), call->deadline,
                                                                [call] { Finish(call); });
    if (!waits) Finish(call);
  }

  // An exception of a completion has nobody to go to: it ends the process, here and not unseen.
  static void Finish(Call* raw) noexcept {
    std::unique_ptr<Call> call(raw);
    auto result = call->Result();
    const std::unique_ptr<CallTicket> last = std::move(call->ticket);
    auto completion = std::move(call->done);
    call.reset();
    Complete(std::move(completion), std::move(result));  // while the connection surely exists
  }
};

template <typename Request>
Outcome<Done> GrpcConnection::Prepare(Plan plan, Call<Request>& call) {
  auto metadata = MakeMetadata(plan.exchange, plan.options.metadata,
                               plan.token != nullptr ? *plan.token : Secret());
  if (!metadata.ok()) return Failed{std::move(metadata).error()};
  for (const auto& entry : *metadata) call.context.AddMetadata(entry.first, entry.second);
  if (plan.deadline.has_value()) call.context.set_deadline(ToGpr(*plan.deadline));
  call.context.set_wait_for_ready(plan.options.wait_for_ready);
  call.ticket = in_flight_->Begin(plan.options.cancellation,
                                  [context = &call.context] { context->TryCancel(); });
  if (call.ticket == nullptr) {
    return Failed{Failure{FailureKind::kShutDown,
                          Describe(plan.exchange, "not sent: the connection is being closed")}};
  }
  call.stubs = channels_.Get(plan.exchange.authority);
  call.exchange = std::move(plan.exchange);
  call.deadline = plan.deadline;
  call.diagnosis = diagnosis_.get();
  return Done{};
}

template <typename Request>
auto GrpcConnection::Wait(Plan plan, const Request& request) {
  using Method = Rpc<Request>;
  using Result = Outcome<typename Method::Value>;
  if (InCompletion()) {
    return Result(Failed{Failure{
        FailureKind::kInvalidArgument,
        Describe(plan.exchange,
                 "not sent: called in a completion, where nothing may wait for an answer; start an "
                 "asynchronous call there")}});
  }
  Call<Request> call;
  auto prepared = Prepare(std::move(plan), call);
  if (!prepared.ok()) return Result(Failed{std::move(prepared).error()});
  auto held = call.End(
      Method::Call(Method::On(*call.stubs), &call.context, request, &call.response.message));
  if (held != nullptr) call.diagnosis->Wait(std::move(held), call.deadline);
  return Result(call.Result());
}

template <typename Request, typename Value>
void GrpcConnection::Start(Plan plan, const Request& request, Completion<Value> done) {
  auto owned = std::make_unique<Call<Request>>();
  auto prepared = Prepare(std::move(plan), *owned);
  if (!prepared.ok()) return Complete<Value>(std::move(done), Failed{std::move(prepared).error()});
  Call<Request>* const call = owned.release();
  call->done = std::move(done);
  ReleaseToGrpc(call);
  WhenAnswered finish = [call](grpc::Status status) {
    AcquireFromGrpc(call);
    Call<Request>::Ended(call, status);
  };
  // After this the call may be gone.
  StartCall(*call->stubs, &call->context, request, &call->response, std::move(finish));
}

}  // namespace payload_manager
