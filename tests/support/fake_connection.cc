#include "tests/support/fake_connection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stop_token>

namespace payload_manager::testing {
namespace {

Failure FailureOf(const Reply& reply) { return Failure{*reply.failure, "the fake robot says so"}; }

std::function<void(const Reply&)> CompleteDone(Completion<Done> done) {
  return [done = std::move(done)](const Reply& reply) {
    if (reply.failure) return done(Failed{FailureOf(reply)});
    done(Done{});
  };
}

std::function<void(const Reply&)> CompleteToken(Completion<Secret> done) {
  return [done = std::move(done)](const Reply& reply) {
    if (reply.failure) return done(Failed{FailureOf(reply)});
    done(Secret(reply.token));
  };
}

Call CallOf(Verb verb, const std::string& guid, const Secret& secret) {
  return Call{verb, Duration(0), guid, std::string(secret.Reveal()), std::nullopt};
}

Failed<Failure> Blocked() {
  ADD_FAILURE() << "a blocking verb of the connection was called";
  return Failed{Failure{FailureKind::kUnimplemented, "the fake robot has no blocking verbs"}};
}

// One call on its way; what ends it first has its say.
struct Flight {
  using Stop = std::function<void()>;
  std::function<void(const Reply&)> complete;
  TimerId timer = TimerId::kNone;
  std::optional<std::stop_callback<Stop>> on_stop;
  bool ended = false;
};

}  // namespace

const char* ToString(Verb verb) {
  switch (verb) {
    case Verb::kRegister:
      return "register";
    case Verb::kVersion:
      return "version";
    case Verb::kToken:
      return "token";
    case Verb::kAttach:
      return "attach";
    case Verb::kDetach:
      return "detach";
    case Verb::kList:
      return "list";
    case Verb::kRefresh:
      return "refresh";
  }
  return "?";
}

std::vector<double> FakeConnection::SecondsOf(Verb verb) const {
  std::vector<double> seconds;
  for (const Call& call : calls) {
    if (call.verb == verb) seconds.push_back(std::chrono::duration<double>(call.at).count());
  }
  return seconds;
}

void FakeConnection::Start(Call call, const CallOptions& options,
                           std::function<void(const Reply&)> complete) {
  call.at = runtime_->Elapsed();
  call.timeout = options.timeout;
  calls.push_back(std::move(call));
  Reply reply = script ? script(calls.back()) : Ok();
  if (options.timeout && reply.latency > *options.timeout) {
    reply = Fails(FailureKind::kTimedOut, *options.timeout);
  }
  if (answers_inside_the_verb && reply.latency == Duration(0)) return complete(reply);
  most_in_flight = std::max(most_in_flight, ++in_flight);
  const auto flight = std::make_shared<Flight>();
  flight->complete = std::move(complete);
  const auto end = [this](const std::shared_ptr<Flight>& ending, const Reply& how) {
    if (ending == nullptr || ending->ended) return;
    ending->ended = true;
    --in_flight;
    runtime_->CancelTimer(ending->timer);
    ending->on_stop.reset();
    ending->complete(how);
  };
  flight->timer = runtime_->StartTimer(runtime_->Now() + reply.latency,
                                       [end, flight, reply] { end(flight, reply); });
  if (ignores_cancellation) return;
  const std::weak_ptr<Flight> weak = flight;
  flight->on_stop.emplace(options.cancellation, [this, end, weak] {
    runtime_->StartTimer(runtime_->Now(),
                         [end, weak] { end(weak.lock(), Fails(FailureKind::kCancelled)); });
  });
}

void FakeConnection::RegisterPayloadAsync(const bosdyn::api::Payload& payload, const Secret& secret,
                                          const CallOptions& options, Completion<Done> done) {
  Call call = CallOf(Verb::kRegister, payload.guid(), secret);
  call.payload = payload;
  Start(std::move(call), options, CompleteDone(std::move(done)));
}

void FakeConnection::UpdatePayloadVersionAsync(const PayloadCredentials& credentials,
                                               const bosdyn::api::SoftwareVersion& version,
                                               const CallOptions& options, Completion<Done> done) {
  Call call = CallOf(Verb::kVersion, credentials.guid, credentials.secret);
  call.version = version;
  Start(std::move(call), options, CompleteDone(std::move(done)));
}

void FakeConnection::GetPayloadAuthTokenAsync(const PayloadCredentials& credentials,
                                              const CallOptions& options, Completion<Secret> done) {
  Start(CallOf(Verb::kToken, credentials.guid, credentials.secret), options,
        CompleteToken(std::move(done)));
}

void FakeConnection::UpdatePayloadAttachedAsync(const PayloadCredentials& credentials,
                                                Attachment attachment, const CallOptions& options,
                                                Completion<Done> done) {
  const Verb verb = attachment == Attachment::kAttach ? Verb::kAttach : Verb::kDetach;
  Start(CallOf(verb, credentials.guid, credentials.secret), options, CompleteDone(std::move(done)));
}

void FakeConnection::ListPayloadsAsync(const Secret& token, const CallOptions& options,
                                       Completion<bosdyn::api::ListPayloadsResponse> done) {
  Start(CallOf(Verb::kList, "", token), options, [done = std::move(done)](const Reply& reply) {
    if (reply.failure) return done(Failed{FailureOf(reply)});
    bosdyn::api::ListPayloadsResponse response;
    for (const auto& payload : reply.payloads) *response.add_payloads() = payload;
    done(std::move(response));
  });
}

void FakeConnection::RefreshTokenAsync(const Secret& token, const CallOptions& options,
                                       Completion<Secret> done) {
  Start(CallOf(Verb::kRefresh, "", token), options, CompleteToken(std::move(done)));
}

void FakeConnection::AuthenticateAsync(const std::string&, const Secret&, const CallOptions&,
                                       Completion<Secret> done) {
  done(Failed{Failure{FailureKind::kUnimplemented, "the fake robot has no users"}});
}

Outcome<Done> FakeConnection::RegisterPayload(const bosdyn::api::Payload&, const Secret&,
                                              const CallOptions&) {
  return Blocked();
}
Outcome<Done> FakeConnection::UpdatePayloadVersion(const PayloadCredentials&,
                                                   const bosdyn::api::SoftwareVersion&,
                                                   const CallOptions&) {
  return Blocked();
}
Outcome<Secret> FakeConnection::GetPayloadAuthToken(const PayloadCredentials&, const CallOptions&) {
  return Blocked();
}
Outcome<Done> FakeConnection::UpdatePayloadAttached(const PayloadCredentials&, Attachment,
                                                    const CallOptions&) {
  return Blocked();
}
Outcome<bosdyn::api::ListPayloadsResponse> FakeConnection::ListPayloads(const Secret&,
                                                                        const CallOptions&) {
  return Blocked();
}
Outcome<Secret> FakeConnection::RefreshToken(const Secret&, const CallOptions&) {
  return Blocked();
}
Outcome<Secret> FakeConnection::Authenticate(const std::string&, const Secret&,
                                             const CallOptions&) {
  return Blocked();
}

}  // namespace payload_manager::testing
