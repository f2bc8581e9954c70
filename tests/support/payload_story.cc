#include "tests/support/payload_story.h"

#include <cstdio>

namespace payload_manager::testing {

std::shared_ptr<const bosdyn::api::Payload> MakePayload(const std::string& guid, double mass_kg) {
  auto payload = std::make_shared<bosdyn::api::Payload>();
  payload->set_guid(guid);
  payload->set_name("Lidar");
  payload->mutable_mass_volume_properties()->set_total_mass(static_cast<float>(mass_kg));
  return payload;
}

void Diary::Write(const std::string& event) {
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%g ",
                std::chrono::duration<double>(runtime_.Elapsed()).count());
  entries.push_back(seconds + event);
  events.push_back(event);
}

SessionObserver Diary::Observer() {
  SessionObserver observer;
  observer.state_changed = [this](const StateChange& change) {
    Write(std::string(ToString(change.before)) + " -> " + std::string(ToString(change.after)));
  };
  observer.token = [this](const Secret& token, TokenNews news) {
    Write((news == TokenNews::kObtained ? "obtained " : "renewed ") + std::string(token.Reveal()));
  };
  observer.definition_differs = [this](const std::vector<std::string>& fields) {
    Write(fields.empty() ? "definition agrees" : "differs: " + fields.front());
  };
  observer.forgotten = [this] { Write("forgotten"); };
  observer.deauthorized = [this] { Write("de-authorized"); };
  observer.attached = [this](bool attached) { Write(attached ? "attached" : "detached"); };
  return observer;
}

PayloadSessions::ResultCallback Diary::Result(const std::string& what) {
  return [this, what](const Outcome<Done>& outcome) {
    Write(what + (outcome.ok() ? " ok" : ": " + std::string(ToString(outcome.error().kind))));
  };
}

void FakeRobot::Own(const std::string& guid, const std::string& secret, bool authorized) {
  payloads[guid] = Known{secret, authorized, *MakePayload(guid)};
}

Reply FakeRobot::Answer(const Call& call) {
  if (outage) return Fails(*outage, latency);
  const auto known = payloads.find(call.guid);
  const bool is_known = known != payloads.end();
  const auto refuse = [this](FailureKind kind) { return Fails(kind, latency); };
  Reply ok = Ok(latency);
  switch (call.verb) {
    case Verb::kRegister:
      if (is_known) return refuse(FailureKind::kPayloadAlreadyExists);
      Own(call.guid, call.secret);
      return ok;
    case Verb::kList:
      for (const auto& [guid, payload] : payloads) ok.payloads.push_back(payload.definition);
      return ok;
    case Verb::kRefresh:
      ok.token = "token " + std::to_string(++tokens);
      return ok;
    default:
      break;
  }
  if (call.verb == Verb::kToken && (!is_known || known->second.secret != call.secret)) {
    return refuse(FailureKind::kInvalidPayloadCredentials);
  }
  if (!is_known) return refuse(FailureKind::kPayloadDoesNotExist);
  if (known->second.secret != call.secret) return refuse(FailureKind::kInvalidPayloadCredentials);
  if (call.verb != Verb::kVersion && !known->second.authorized) {
    return refuse(FailureKind::kPayloadNotAuthorized);
  }
  if (call.verb == Verb::kToken) ok.token = "token " + std::to_string(++tokens);
  if (call.verb == Verb::kAttach) known->second.definition.set_is_enabled(true);
  if (call.verb == Verb::kDetach) known->second.definition.set_is_enabled(false);
  return ok;
}

}  // namespace payload_manager::testing
