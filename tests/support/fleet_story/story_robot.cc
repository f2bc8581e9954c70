#include "tests/support/fleet_story/story_robot.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "tests/support/fleet_story/story_token.h"

namespace payload_manager::testing {
namespace {

using bosdyn::api::GetPayloadAuthTokenResponse;
using bosdyn::api::RegisterPayloadResponse;
using bosdyn::api::UpdatePayloadAttachedRequest;
using bosdyn::api::UpdatePayloadAttachedResponse;
using bosdyn::api::UpdatePayloadVersionResponse;

constexpr Duration kSlowest = std::chrono::seconds(4);

Failed<Failure> Refused(FailureKind kind) { return Failed{Failure{kind, "the story says so"}}; }

bool JudgesTheRobot(StoryVerb verb) {
  return verb == StoryVerb::kRegister || verb == StoryVerb::kToken;
}

// Of a call that judges the robot.
bool SaysOutOfReach(FailureKind kind) {
  switch (kind) {
    case FailureKind::kUnableToConnect:
    case FailureKind::kConnectionLost:
    case FailureKind::kTimedOut:
    case FailureKind::kServiceUnavailable:
    case FailureKind::kProxyFailure:
    case FailureKind::kUnimplemented:
      return true;
    default:
      return false;
  }
}

mock_robot::Credentials Of(const PayloadCredentials& credentials) {
  return {credentials.guid, credentials.secret};
}

}  // namespace

void StoryTally::Fold(std::uint64_t value) { fingerprint = (fingerprint ^ value) * 1099511628211U; }

// One call on its way; what ends it first has its say.
template <typename T>
struct StoryRobot::Flight {
  StoryVerb verb{};
  std::string guid;
  Completion<T> done;
  TimePoint sent{};
  TimePoint deadline{};
  bool probe = false;
  bool given_up = false;
  bool answered = false;  // ends within this instant
  bool ended = false;
  TimerId timer = TimerId::kNone;
  std::optional<std::stop_callback<std::function<void()>>> on_stop = std::nullopt;
};

StoryRobot::StoryRobot(std::shared_ptr<VirtualRuntime> runtime, Options options, StoryTally& tally,
                       Violations& violations)
    : runtime_(std::move(runtime)),
      options_(std::move(options)),
      tally_(tally),
      violations_(violations),
      dice_(options_.seed),
      registry_(std::make_unique<mock_robot::Registry>()),
      registrations_sent_(options_.pace.registration_calls_per_second),
      auths_sent_(options_.pace.auth_calls_per_second),
      registrations_arrived_(options_.limits.registration_calls_per_second),
      auths_arrived_(options_.limits.auth_calls_per_second) {}

StoryRobot::~StoryRobot() = default;

void StoryRobot::Erase() { registry_ = std::make_unique<mock_robot::Registry>(); }

bool StoryRobot::TokenHolds(std::string_view text) const {
  const auto token = StoryToken::Parse(text);
  return token && (!tokens_voided_at_ || token->issued > *tokens_voided_at_) &&
         token->issued >= oldest_good_token_ &&
         runtime_->Elapsed() - token->issued < StoryToken::kLifetime &&
         registry_->GrantHolds(token->epoch);
}

void StoryRobot::Wrong(const std::string& what) {
  violations_.Add(runtime_->Elapsed(), options_.name, what);
}

int StoryRobot::LatestVersion(const std::string& guid) const {
  const auto found = latest_version_.find(guid);
  return found == latest_version_.end() ? 0 : found->second;
}

Duration StoryRobot::OneWay() {
  return options_.farthest > Duration(0) ? dice_.UpTo(options_.farthest) : Duration(0);
}

StoryRobot::Fate StoryRobot::FateOf(StoryVerb verb) {
  const Duration back = OneWay() + (Has(Trouble::kSlow) ? dice_.UpTo(kSlowest) : Duration(0));
  if (Has(Trouble::kRefused)) return {false, true, FailureKind::kUnableToConnect, Duration(0)};
  if (Has(Trouble::kSilent)) return {Tails(), false, std::nullopt, Duration(0)};
  if (Has(Trouble::kCut)) return {Tails(), true, FailureKind::kConnectionLost, back};
  if (Has(Trouble::kBadGateway)) {
    return {false, true, Tails() ? FailureKind::kServiceUnavailable : FailureKind::kProxyFailure,
            back};
  }
  if (Has(Trouble::kStarting)) return {false, true, FailureKind::kUnimplemented, back};
  if (Has(Trouble::kLimited)) return {false, true, FailureKind::kTooManyRequests, back};
  if (Has(Trouble::kNoRenewals) && verb == StoryVerb::kRefresh) {
    return {false, Tails(), FailureKind::kInternalServerError, back};
  }
  const bool of_users =
      verb == StoryVerb::kVersion || verb == StoryVerb::kAttach || verb == StoryVerb::kList;
  if (Has(Trouble::kDeafToUsers) && of_users) return {Tails(), false, std::nullopt, Duration(0)};
  return {true, true, std::nullopt, back};
}

void StoryRobot::NoteSent(StoryVerb verb) {
  ++tally_.calls[static_cast<std::size_t>(verb)];
  if (verb == StoryVerb::kList) return;
  const bool auth = verb == StoryVerb::kRefresh;
  if (!(auth ? auths_sent_ : registrations_sent_).Note(runtime_->Elapsed())) {
    Wrong(auth ? "asked above the pace of authentication" : "asked above the pace of registration");
  }
}

void StoryRobot::NoteArrived(StoryVerb verb) {
  if (verb == StoryVerb::kList) return;
  const bool auth = verb == StoryVerb::kRefresh;
  if (!(auth ? auths_arrived_ : registrations_arrived_).Note(runtime_->Elapsed())) {
    Wrong(auth ? "authentication above the robot's rate" : "registration above the robot's rate");
  }
}

// Ended, or given up: nothing that the caller still counts as under way.
template <typename T>
void StoryRobot::NoteGone(const Flight<T>& flight) {
  --tally_.under_way;
  --under_way_;
  if (--calls_of_[flight.guid] == 0) calls_of_.erase(flight.guid);
  probes_.CallEnds(flight.probe);
}

// What the caller makes of the answer it makes when the answer reaches it, in the order of posting:
// the watch learns of an outage after the caller, and of its end before.
void StoryRobot::Tell(bool out_of_reach) {
  if (!out_of_reach && !probes_.out_of_reach() && tellings_ == 0) return;
  ++tellings_;
  runtime_->Post([this, out_of_reach] {
    --tellings_;
    probes_.Told(out_of_reach);
  });
}

template <typename T, typename Act, typename... Arguments>
void StoryRobot::Start(StoryVerb verb, std::string guid, const CallOptions& options,
                       Completion<T> done, const Act& act, const Arguments&... arguments) {
  NoteSent(verb);
  ++in_flight_;
  if (++under_way_ > options_.pace.most_calls_under_way) Wrong("too many calls under way");
  tally_.most_under_way = std::max(tally_.most_under_way, ++tally_.under_way);
  if (++calls_of_[guid] > 1) Wrong("two calls of " + guid + " at once");
  const auto probe = probes_.CallBegins();
  if (probe.probe) ++tally_.probes;
  if (!probe.ok) Wrong("two probes at once");
  const TimePoint now = runtime_->Now();
  const auto flight = std::make_shared<Flight<T>>();
  flight->verb = verb;
  flight->guid = std::move(guid);
  flight->done = std::move(done);
  flight->sent = now;
  flight->deadline = now + options.timeout.value_or(std::chrono::hours(1));
  flight->probe = probe.probe;
  const Duration way = OneWay();
  if (way == Duration(0)) {
    Arrive(flight, [&] { return act(arguments...); });
  } else {
    flight->timer = runtime_->StartTimer(
        now + way, [this, flight, act, kept = std::tuple<Arguments...>(arguments...)] {
          Arrive(flight, [&] { return std::apply(act, kept); });
        });
  }
  if (flight->answered) return;
  const std::weak_ptr<Flight<T>> weak = flight;
  flight->on_stop.emplace(options.cancellation, [this, weak] {
    const auto cancelled = weak.lock();
    if (cancelled == nullptr || cancelled->ended || cancelled->given_up) return;
    cancelled->given_up = true;
    NoteGone(*cancelled);
    ++tally_.cancelled;
    runtime_->Post(
        [this, cancelled] { End(cancelled, Outcome<T>(Refused(FailureKind::kCancelled))); });
  });
}

template <typename T, typename Act>
void StoryRobot::Arrive(const std::shared_ptr<Flight<T>>& flight, const Act& act) {
  NoteArrived(flight->verb);
  const Fate fate = FateOf(flight->verb);
  Outcome<T> outcome = fate.acts ? act() : Outcome<T>(Refused(FailureKind::kOtherRpc));
  if (flight->ended) return;  // cancelled on the way; it arrived all the same
  if (fate.failure) outcome = Refused(*fate.failure);
  if (fate.answers && fate.delay == Duration(0)) {
    flight->answered = true;
    return static_cast<void>(
        runtime_->Post([this, flight, outcome = std::move(outcome)] { End(flight, outcome); }));
  }
  TimePoint at = runtime_->Now() + fate.delay;
  if (!fate.answers || at > flight->deadline) {
    at = flight->deadline;
    outcome = Refused(FailureKind::kTimedOut);
  }
  flight->timer = runtime_->StartTimer(at, [this, flight, outcome = std::move(outcome)] {
    // A connection that went away meanwhile takes the answer with it.
    const bool gone = Has(Trouble::kRefused) || Has(Trouble::kCut);
    const bool timed_out = !outcome.ok() && outcome.error().kind == FailureKind::kTimedOut;
    End(flight, gone && !timed_out ? Outcome<T>(Refused(FailureKind::kConnectionLost)) : outcome);
  });
}

template <typename T>
void StoryRobot::End(const std::shared_ptr<Flight<T>>& flight, const Outcome<T>& outcome) {
  if (std::exchange(flight->ended, true)) return;
  runtime_->CancelTimer(flight->timer);
  flight->on_stop.reset();
  --in_flight_;
  const FailureKind* failure = outcome.ok() ? nullptr : &outcome.error().kind;
  const bool lost = failure != nullptr && SaysOutOfReach(*failure);
  tally_.Fold(static_cast<std::uint64_t>(runtime_->Elapsed().count()));
  tally_.Fold(static_cast<std::uint64_t>(flight->verb) * 64 +
              static_cast<std::uint64_t>(failure == nullptr ? FailureKind{} : *failure));
  if (lost) ++tally_.lost;
  if (failure != nullptr && *failure == FailureKind::kTooManyRequests) ++tally_.limited;
  if (!flight->given_up) {
    NoteGone(*flight);
    const bool beat = flight->verb == StoryVerb::kRegister;
    if (beat && heard && (failure == nullptr || *failure == FailureKind::kPayloadAlreadyExists)) {
      heard(flight->guid);
    }
  }
  const bool tells = JudgesTheRobot(flight->verb) && !flight->given_up;
  if (tells && !lost) {
    heard_from_at_ = runtime_->Now();
    Tell(false);
  }
  std::exchange(flight->done, nullptr)(outcome);
  // A call that was sent before the last answer came counts for itself only.
  if (tells && lost && flight->sent >= heard_from_at_) Tell(true);
}

void StoryRobot::RegisterPayloadAsync(const bosdyn::api::Payload& payload, const Secret& secret,
                                      const CallOptions& options, Completion<Done> done) {
  const auto act = [this](const bosdyn::api::Payload& ours, const Secret& our_secret) {
    const auto answer = registry_->Register(ours, our_secret, Now());
    if (!answer.ok()) return Outcome<Done>(Refused(FailureKind::kInvalidRequest));
    if (*answer == RegisterPayloadResponse::STATUS_OK) return Outcome<Done>(Done{});
    return Outcome<Done>(Refused(FailureKind::kPayloadAlreadyExists));
  };
  Start(StoryVerb::kRegister, payload.guid(), options, std::move(done), act, payload, secret);
}

void StoryRobot::UpdatePayloadVersionAsync(const PayloadCredentials& credentials,
                                           const bosdyn::api::SoftwareVersion& version,
                                           const CallOptions& options, Completion<Done> done) {
  const auto act = [this](const PayloadCredentials& ours, const bosdyn::api::SoftwareVersion& to) {
    switch (registry_->UpdateVersion(Of(ours), to, Now())) {
      case UpdatePayloadVersionResponse::STATUS_OK:
        latest_version_[ours.guid] = to.major_version();
        return Outcome<Done>(Done{});
      case UpdatePayloadVersionResponse::STATUS_DOES_NOT_EXIST:
        return Outcome<Done>(Refused(FailureKind::kPayloadDoesNotExist));
      default:
        return Outcome<Done>(Refused(FailureKind::kInvalidPayloadCredentials));
    }
  };
  Start(StoryVerb::kVersion, credentials.guid, options, std::move(done), act, credentials, version);
}

void StoryRobot::GetPayloadAuthTokenAsync(const PayloadCredentials& credentials,
                                          const CallOptions& options, Completion<Secret> done) {
  const auto act = [this](const PayloadCredentials& ours) {
    const mock_robot::TokenGrant grant = registry_->GrantToken(Of(ours), Now());
    switch (grant.status) {
      case GetPayloadAuthTokenResponse::STATUS_OK:
        return Outcome<Secret>(NewToken(ours.guid, grant.epoch));
      case GetPayloadAuthTokenResponse::STATUS_INVALID_CREDENTIALS:
        return Outcome<Secret>(Refused(FailureKind::kInvalidPayloadCredentials));
      default:
        return Outcome<Secret>(Refused(FailureKind::kPayloadNotAuthorized));
    }
  };
  Start(StoryVerb::kToken, credentials.guid, options, std::move(done), act, credentials);
}

void StoryRobot::UpdatePayloadAttachedAsync(const PayloadCredentials& credentials,
                                            Attachment attachment, const CallOptions& options,
                                            Completion<Done> done) {
  const auto act = [this](const PayloadCredentials& ours, Attachment wanted) {
    const auto answer = registry_->UpdateAttached(
        Of(ours),
        wanted == Attachment::kAttach ? UpdatePayloadAttachedRequest::REQUEST_ATTACH
                                      : UpdatePayloadAttachedRequest::REQUEST_DETACH,
        Now());
    if (!answer.ok()) return Outcome<Done>(Refused(FailureKind::kInvalidRequest));
    switch (*answer) {
      case UpdatePayloadAttachedResponse::STATUS_OK:
        return Outcome<Done>(Done{});
      case UpdatePayloadAttachedResponse::STATUS_DOES_NOT_EXIST:
        return Outcome<Done>(Refused(FailureKind::kPayloadDoesNotExist));
      case UpdatePayloadAttachedResponse::STATUS_INVALID_CREDENTIALS:
        return Outcome<Done>(Refused(FailureKind::kInvalidPayloadCredentials));
      default:
        return Outcome<Done>(Refused(FailureKind::kPayloadNotAuthorized));
    }
  };
  Start(StoryVerb::kAttach, credentials.guid, options, std::move(done), act, credentials,
        attachment);
}

void StoryRobot::ListPayloadsAsync(const Secret& token, const CallOptions& options,
                                   Completion<bosdyn::api::ListPayloadsResponse> done) {
  using Response = bosdyn::api::ListPayloadsResponse;
  const auto act = [this](const Secret& ours) {
    if (!TokenHolds(ours.Reveal()))
      return Outcome<Response>(Refused(FailureKind::kUnauthenticated));
    Response response;
    for (bosdyn::api::Payload& payload : registry_->List()) {
      *response.add_payloads() = std::move(payload);
    }
    return Outcome<Response>(std::move(response));
  };
  Start(StoryVerb::kList, GuidOf(token), options, std::move(done), act, token);
}

void StoryRobot::RefreshTokenAsync(const Secret& token, const CallOptions& options,
                                   Completion<Secret> done) {
  const auto act = [this](const Secret& ours) {
    if (!TokenHolds(ours.Reveal())) return Outcome<Secret>(Refused(FailureKind::kInvalidToken));
    return Outcome<Secret>(NewToken(GuidOf(ours), StoryToken::Parse(ours.Reveal())->epoch));
  };
  Start(StoryVerb::kRefresh, GuidOf(token), options, std::move(done), act, token);
}

Secret StoryRobot::NewToken(const std::string& guid, std::uint64_t epoch) {
  return Secret(StoryToken{guid, epoch, runtime_->Elapsed(), ++tokens_}.ToString());
}

std::string StoryRobot::GuidOf(const Secret& token) {
  const auto parsed = StoryToken::Parse(token.Reveal());
  return parsed ? parsed->guid : "no payload";
}

}  // namespace payload_manager::testing
