// Adapter only, part of GrpcConnection: one call from its preparation to its end, for every request
// type. Waiting and asynchronous calls differ in nothing but who is told.
#pragma once

#include <grpcpp/grpcpp.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/tsan.h"
#include "rpc/complete.h"
#include "rpc/grpc_connection.h"
#include "rpc/rpcs.h"
#include "rpc/sharpen.h"
#include "rpc/status_mapping.h"
#include "rpc/stubs.h"
#include "rpc/waiting_place.h"

namespace payload_manager {

// A robot is told a call's deadline and enforces it too, counted by the time its thread last looked
// at the clock: a busy one is early.
constexpr Duration kEarliestEnd = std::chrono::milliseconds(100);

// On gRPC's monotonic clock, so that a jump of the wall clock ends no call. It is the machine's, as
// is std::chrono's.
inline gpr_timespec ToGpr(std::chrono::steady_clock::time_point deadline) {
  const Duration since_start = deadline.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_start);
  return {seconds.count(), static_cast<std::int32_t>((since_start - seconds).count()),
          GPR_CLOCK_MONOTONIC};
}

// Whether the call has met somebody. Until then gRPC names the target that it was given (stubs.cc)
// in the place of the peer.
inline bool HasReached(const grpc::ClientContext& context) {
  return context.peer().starts_with("ip");
}

// What a waiting call keeps besides what every call keeps. Everything that it was given outlives
// it.
struct WaitingKeeper {
  explicit WaitingKeeper(WaitingPlaces& from) : places(from), place(from.Take()) {
    place->BeginCall();
  }
  ~WaitingKeeper() { places.GiveBack(std::move(place)); }
  WaitingKeeper(const WaitingKeeper&) = delete;
  WaitingKeeper& operator=(const WaitingKeeper&) = delete;

  grpc::ClientContext* context() { return place->context(); }
  void Keep(Exchange&) {}

  WaitingPlaces& places;
  std::shared_ptr<WaitingPlace> place;
};

// And an asynchronous one: its context, who is told, and copies of what may not be shown.
template <typename Value>
struct StartedKeeper {
  explicit StartedKeeper(Completion<Value> completion) : done(std::move(completion)) {}

  grpc::ClientContext* context() { return &own_context; }
  void Keep(Exchange& exchange) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (exchange.hidden.texts[i].empty()) continue;
      exchange.hidden.texts[i] = texts[i].emplace(exchange.hidden.texts[i]).Reveal();
    }
    if (exchange.hidden.added == nullptr) return;
    added = std::make_unique<const Metadata>(*exchange.hidden.added);
    exchange.hidden.added = added.get();
  }

  grpc::ClientContext own_context;
  Completion<Value> done;
  std::array<std::optional<Secret>, 2> texts;
  std::unique_ptr<const Metadata> added;
};

// A call from its preparation to its end. The ticket dies last: the connection may go with it.
template <typename Request, typename Keeper>
struct GrpcConnection::Call {
  using Response = typename Rpc<Request>::Response;
  using Value = typename Rpc<Request>::Value;

  template <typename Of>
  Call(std::in_place_t, Of&& of) : keeper(std::forward<Of>(of)) {}
  // Before the context goes, which a cancellation would use.
  ~Call() { ticket.EndCancellation(); }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  CallTicket ticket;
  Exchange exchange;
  Deadline deadline;
  Diagnosis* diagnosis = nullptr;  // these live as long as the ticket
  const Stubs* stubs = nullptr;
  Whole<Response> response;
  Keeper keeper;
  std::unique_ptr<const TransportStatus> failed;  // null: gRPC carried the call to its end
  std::optional<Outcome<Value>> outcome;

  // Of a status that is not OK.
  TransportStatus ToTransport(const grpc::Status& status) {
    return {status.error_code(),
            status.error_message(),
            status.error_details(),
            HasReached(*keeper.context()),
            deadline.has_value() && *deadline <= std::chrono::steady_clock::now() + kEarliestEnd,
            ticket.IsCancelled()};
  }

  const TransportStatus& transport() const {
    static const TransportStatus ok;
    return failed != nullptr ? *failed : ok;
  }

  // Judges how gRPC ended it. Whether the outcome had better wait for a diagnosis; then what lets
  // it go is set up.
  std::shared_ptr<HeldCall> End(const grpc::Status& status) {
    ticket.EndCancellation();
    if (!status.ok()) failed = std::make_unique<const TransportStatus>(ToTransport(status));
    outcome.emplace(Judge(exchange, transport(), std::move(response.message)));
    if (outcome->ok() || outcome->error().response != nullptr) {
      diagnosis->Answered();
      return nullptr;
    }
    auto diagnosing = diagnosis->Consider(exchange, outcome->error());
    if (diagnosing == nullptr) return nullptr;
    auto held = std::make_shared<HeldCall>(std::move(diagnosing));
    ticket.Rearm([held] { held->LetGo(); });
    return held;
  }

  // The outcome, with what has been found out by now.
  Outcome<Value> Result() {
    ticket.EndCancellation();
    if (outcome->ok()) return *std::move(outcome);
    const auto report = diagnosis->Known(exchange.authority);
    if (!report.has_value()) return *std::move(outcome);
    return Failed{Sharpened(exchange, transport(), std::move(*outcome).error(), *report)};
  }

  // Asynchronous calls only.
  static void Ended(Call* call, const grpc::Status& status) noexcept {
    auto held = call->End(status);
    const bool waits =
        held != nullptr && held->diagnosis().Hold(held, call->deadline, [call] { Finish(call); });
    if (!waits) Finish(call);
  }

  // An exception of a completion has nobody to go to: it ends the process, here and not unseen.
  static void Finish(Call* raw) noexcept {
    std::unique_ptr<Call> call(raw);
    auto result = call->Result();
    const CallTicket last = std::move(call->ticket);
    auto completion = std::move(call->keeper.done);
    call.reset();
    Complete(std::move(completion), std::move(result));  // while the connection surely exists
  }
};

// Whether the call can be made; `why_not` says why not.
template <typename AnyCall>
bool GrpcConnection::Prepare(const Plan& plan, AnyCall& call, Failure& why_not) {
  grpc::ClientContext* const context = call.keeper.context();
  if (!plan.options.metadata.empty() || plan.token != nullptr) {
    auto added = MakeMetadata(plan.exchange, plan.options.metadata,
                              plan.token != nullptr ? *plan.token : Secret(),
                              [context](const std::string& key, const std::string& value) {
                                context->AddMetadata(key, value);
                              });
    if (!added.ok()) {
      why_not = std::move(added).error();
      return false;
    }
  }
  if (plan.deadline.has_value()) context->set_deadline(ToGpr(*plan.deadline));
  context->set_wait_for_ready(plan.options.wait_for_ready);
  if (!in_flight_->Begin(call.ticket, plan.options.cancellation,
                         [context] { context->TryCancel(); })) {
    why_not = {FailureKind::kShutDown,
               Describe(plan.exchange, "not sent: the connection is being closed")};
    return false;
  }
  call.stubs = &channels_.Get(plan.exchange.authority);
  call.exchange = plan.exchange;
  call.exchange.authority = call.stubs->authority;
  call.keeper.Keep(call.exchange);
  call.deadline = plan.deadline;
  call.diagnosis = diagnosis_.get();
  return true;
}

// What `make()` made, whether it is the message or what holds it.
inline const bosdyn::api::RegisterPayloadRequest& MessageOf(const RegistrationRequest& request) {
  return *request;
}
template <typename Message>
const Message& MessageOf(const Message& request) {
  return request;
}
template <typename Make>
using RequestOf = std::remove_cvref_t<decltype(MessageOf(std::declval<const Make&>()()))>;

template <typename Make>
auto GrpcConnection::Wait(const Plan& plan, const Make& make) {
  using Request = RequestOf<Make>;
  using Result = Outcome<typename Rpc<Request>::Value>;
  if (InCompletion()) {
    return Result(Failed{Failure{
        FailureKind::kInvalidArgument,
        Describe(plan.exchange,
                 "not sent: called in a completion, where nothing may wait for an answer; start an "
                 "asynchronous call there")}});
  }
  Call<Request, WaitingKeeper> call(std::in_place, places_);
  Failure why_not;
  if (!Prepare(plan, call, why_not)) return Result(Failed{std::move(why_not)});
  WaitingPlace& place = *call.keeper.place;
  grpc::Status status;
  {
    const auto request = make();
    SendFrom(place, *call.stubs, MessageOf(request), &call.response, &status);
  }
  // While the robot is at it.
  call.response.Mutable();
  place.ForgetLastCall();
  place.Await();
  if (auto held = call.End(status)) held->diagnosis().Wait(held, call.deadline);
  return Result(call.Result());
}

template <typename Make, typename Value>
void GrpcConnection::Start(const Plan& plan, const Make& make, Completion<Value> done) {
  using Request = RequestOf<Make>;
  using Started = Call<Request, StartedKeeper<Value>>;
  auto owned = std::make_unique<Started>(std::in_place, std::move(done));
  Failure why_not;
  if (!Prepare(plan, *owned, why_not)) {
    return Complete<Value>(std::move(owned->keeper.done), Failed{std::move(why_not)});
  }
  const auto request = make();
  Started* const call = owned.release();
  ReleaseToGrpc(call);
  WhenAnswered finish = [call](grpc::Status status) {
    AcquireFromGrpc(call);
    Started::Ended(call, status);
  };
  // After this the call may be gone.
  StartCall(*call->stubs, call->keeper.context(), MessageOf(request), &call->response,
            std::move(finish));
}

}  // namespace payload_manager
