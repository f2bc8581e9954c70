#include "rpc/grpc_connection.h"

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "rpc/unary_call.h"

namespace payload_manager {
namespace {

namespace api = bosdyn::api;

constexpr std::string_view kPayloadService = "payload";
constexpr Duration kAsGoodAsForEver = std::chrono::hours(24 * 365);

std::optional<std::chrono::steady_clock::time_point> DeadlineAfter(
    const std::optional<Duration>& timeout) {
  if (!timeout.has_value() || *timeout > kAsGoodAsForEver) return std::nullopt;
  return std::chrono::steady_clock::now() + std::max(*timeout, Duration::zero());
}

// Whom a diagnosis is about.
ProbeTarget TargetOf(const ConnectionOptions& options) {
  return {options.robot, {}, options.root_certificates_pem, options.insecure};
}

}  // namespace

GrpcConnection::GrpcConnection(const ConnectionOptions& options)
    : options_(options),
      robot_(options.robot.ToString()),
      requests_(options.clock, options.client_name),
      channels_([this](const std::string& authority) { return MakeStubs(options_, authority); }),
      places_([] { return std::make_shared<WaitingPlace>(); }),
      diagnosis_(std::make_shared<Diagnosis>(
          TargetOf(options), FindingsTable::OfThisProcess().Of(TargetOf(options), options.clock),
          options.diagnose ? Probe(&ProbeRobot) : Probe(), options.clock, options.connect_timeout)),
      in_flight_(std::make_shared<InFlightCalls>()) {}

GrpcConnection::~GrpcConnection() {
  in_flight_->ShutDown();
  diagnosis_->Close();
}

void GrpcConnection::operator delete(GrpcConnection* connection, std::destroying_delete_t) {
  const auto destroy = [connection] {
    connection->~GrpcConnection();
    ::operator delete(connection);
  };
  if (!InCompletion()) return destroy();
  connection->in_flight_->CancelAll();
  try {
    std::thread(destroy).detach();
  } catch (const std::system_error&) {
    // Out of threads. Never freed, which is less than gRPC's thread waiting for itself for ever.
  }
}

GrpcConnection::Plan GrpcConnection::MakePlan(std::string_view call, std::string_view authority,
                                              const Secret* hidden, const CallOptions& options,
                                              const Secret* token) const {
  Plan plan{{robot_, call, authority, options_.insecure, {}},
            options,
            DeadlineAfter(options.timeout),
            token};
  if (!options.metadata.empty()) plan.exchange.hidden.added = &options.metadata;
  if (hidden != nullptr) plan.exchange.hidden.texts[0] = hidden->Reveal();
  if (token != nullptr) plan.exchange.hidden.texts[1] = token->Reveal();
  return plan;
}

Outcome<Done> GrpcConnection::RegisterPayload(const api::Payload& payload, const Secret& secret,
                                              const CallOptions& options) {
  return Wait(MakePlan("RegisterPayload", kRegistrationAuthority, &secret, options),
              [&] { return requests_.Register(payload, secret); });
}

void GrpcConnection::RegisterPayloadAsync(const api::Payload& payload, const Secret& secret,
                                          const CallOptions& options, Completion<Done> done) {
  Start(
      MakePlan("RegisterPayload", kRegistrationAuthority, &secret, options),
      [&] { return requests_.Register(payload, secret); }, std::move(done));
}

Outcome<Done> GrpcConnection::UpdatePayloadVersion(const PayloadCredentials& credentials,
                                                   const api::SoftwareVersion& version,
                                                   const CallOptions& options) {
  return Wait(
      MakePlan("UpdatePayloadVersion", kRegistrationAuthority, &credentials.secret, options),
      [&] { return requests_.UpdateVersion(credentials, version); });
}

void GrpcConnection::UpdatePayloadVersionAsync(const PayloadCredentials& credentials,
                                               const api::SoftwareVersion& version,
                                               const CallOptions& options, Completion<Done> done) {
  Start(
      MakePlan("UpdatePayloadVersion", kRegistrationAuthority, &credentials.secret, options),
      [&] { return requests_.UpdateVersion(credentials, version); }, std::move(done));
}

Outcome<Secret> GrpcConnection::GetPayloadAuthToken(const PayloadCredentials& credentials,
                                                    const CallOptions& options) {
  return Wait(MakePlan("GetPayloadAuthToken", kRegistrationAuthority, &credentials.secret, options),
              [&] { return requests_.PayloadToken(credentials); });
}

void GrpcConnection::GetPayloadAuthTokenAsync(const PayloadCredentials& credentials,
                                              const CallOptions& options, Completion<Secret> done) {
  Start(
      MakePlan("GetPayloadAuthToken", kRegistrationAuthority, &credentials.secret, options),
      [&] { return requests_.PayloadToken(credentials); }, std::move(done));
}

Outcome<Done> GrpcConnection::UpdatePayloadAttached(const PayloadCredentials& credentials,
                                                    Attachment attachment,
                                                    const CallOptions& options) {
  return Wait(
      MakePlan("UpdatePayloadAttached", kRegistrationAuthority, &credentials.secret, options),
      [&] { return requests_.Attach(credentials, attachment); });
}

void GrpcConnection::UpdatePayloadAttachedAsync(const PayloadCredentials& credentials,
                                                Attachment attachment, const CallOptions& options,
                                                Completion<Done> done) {
  Start(
      MakePlan("UpdatePayloadAttached", kRegistrationAuthority, &credentials.secret, options),
      [&] { return requests_.Attach(credentials, attachment); }, std::move(done));
}

Outcome<Secret> GrpcConnection::RefreshToken(const Secret& token, const CallOptions& options) {
  const Plan plan = MakePlan("GetAuthToken", kAuthAuthority, &token, options);
  if (auto allowed = MayTravel(plan, token); !allowed.ok()) return Failed{allowed.error()};
  return Wait(plan, [&] { return requests_.Refresh(token); });
}

void GrpcConnection::RefreshTokenAsync(const Secret& token, const CallOptions& options,
                                       Completion<Secret> done) {
  const Plan plan = MakePlan("GetAuthToken", kAuthAuthority, &token, options);
  if (auto allowed = MayTravel(plan, token); !allowed.ok()) {
    return Complete<Secret>(std::move(done), Failed{allowed.error()});
  }
  Start(
      plan, [&] { return requests_.Refresh(token); }, std::move(done));
}

Outcome<Secret> GrpcConnection::Authenticate(const std::string& user, const Secret& password,
                                             const CallOptions& options) {
  return Wait(MakePlan("GetAuthToken", kAuthAuthority, &password, options),
              [&] { return requests_.Login(user, password); });
}

void GrpcConnection::AuthenticateAsync(const std::string& user, const Secret& password,
                                       const CallOptions& options, Completion<Secret> done) {
  Start(
      MakePlan("GetAuthToken", kAuthAuthority, &password, options),
      [&] { return requests_.Login(user, password); }, std::move(done));
}

Outcome<api::ListPayloadsResponse> GrpcConnection::ListPayloads(const Secret& token,
                                                                const CallOptions& options) {
  Plan plan = MakePlan("ListPayloads", kApiAuthority, nullptr, options, &token);
  if (auto allowed = MayTravel(plan, token); !allowed.ok()) return Failed{allowed.error()};
  std::optional<std::string> authority = payload_authority_.Get();
  if (!authority.has_value()) {
    auto chosen = ChooseAuthority(
        Wait(LookUpPlan(plan), [&] { return requests_.DirectoryEntry(kPayloadService); }));
    if (!chosen.ok()) return Failed{std::move(chosen).error()};
    authority = *std::move(chosen);
  }
  plan.exchange.authority = *authority;
  auto outcome = Wait(plan, [&] { return requests_.List(); });
  ForgetIfMoved(outcome);
  return outcome;
}

void GrpcConnection::ListPayloadsAsync(const Secret& token, const CallOptions& options,
                                       Completion<api::ListPayloadsResponse> done) {
  Plan plan = MakePlan("ListPayloads", kApiAuthority, nullptr, options, &token);
  if (auto allowed = MayTravel(plan, token); !allowed.ok()) {
    return Complete<api::ListPayloadsResponse>(std::move(done), Failed{allowed.error()});
  }
  if (auto authority = payload_authority_.Get(); authority.has_value()) {
    plan.exchange.authority = *authority;
    return StartList(plan, std::move(done));
  }
  Completion<std::string> then = [this, options, token, deadline = plan.deadline,
                                  done = std::move(done)](Outcome<std::string> directory) {
    auto chosen = ChooseAuthority(std::move(directory));
    if (!chosen.ok()) {
      return Complete<api::ListPayloadsResponse>(done, Failed{std::move(chosen).error()});
    }
    Plan list = MakePlan("ListPayloads", *chosen, nullptr, options, &token);
    list.deadline = deadline;
    StartList(list, done);
  };
  Start(
      LookUpPlan(plan), [&] { return requests_.DirectoryEntry(kPayloadService); }, std::move(then));
}

void GrpcConnection::StartList(const Plan& plan, Completion<api::ListPayloadsResponse> done) {
  Completion<api::ListPayloadsResponse> then =
      [this, done = std::move(done)](Outcome<api::ListPayloadsResponse> outcome) {
        ForgetIfMoved(outcome);
        Complete(done, std::move(outcome));
      };
  Start(
      plan, [&] { return requests_.List(); }, std::move(then));
}

Outcome<Done> GrpcConnection::MayTravel(const Plan& plan, const Secret& token) const {
  return CheckTokenMayTravel(
      plan.exchange, token,
      options_.token_over_plain ? TokenRule::kAlsoOverPlain : TokenRule::kOverTlsOnly);
}

GrpcConnection::Plan GrpcConnection::LookUpPlan(const Plan& plan) const {
  Plan look_up = plan;
  look_up.exchange.call = "ListPayloads, asking the directory";
  look_up.exchange.authority = kApiAuthority;
  return look_up;
}

Outcome<std::string> GrpcConnection::ChooseAuthority(Outcome<std::string> directory) {
  const bool no_directory =
      !directory.ok() && directory.error().kind == FailureKind::kUnimplemented;
  if (no_directory || (directory.ok() && directory->empty())) return std::string(kApiAuthority);
  if (directory.ok()) payload_authority_.Learn(*directory);
  return directory;
}

void GrpcConnection::ForgetIfMoved(const Outcome<api::ListPayloadsResponse>& outcome) {
  if (outcome.ok()) return;
  const FailureKind kind = outcome.error().kind;
  if (kind == FailureKind::kNonexistentAuthority || kind == FailureKind::kUnimplemented ||
      kind == FailureKind::kNotFound) {
    payload_authority_.Forget();
  }
}

}  // namespace payload_manager
