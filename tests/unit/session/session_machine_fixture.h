// A session's state machine driven by hand, and its effects in short words.
#pragma once

#include <gmock/gmock.h>

#include "bosdyn/api/payload.pb.h"
#include "session/session_machine.h"

namespace payload_manager::testing {

inline constexpr char kSessionGuid[] = "78b076a2-0001";

inline std::shared_ptr<const bosdyn::api::Payload> Definition(double mass = 3) {
  auto payload = std::make_shared<bosdyn::api::Payload>();
  payload->set_guid(kSessionGuid);
  payload->set_name("Lidar");
  payload->mutable_mass_volume_properties()->set_total_mass(static_cast<float>(mass));
  return payload;
}

inline Failure Fault(FailureKind kind) { return Failure{kind, "the robot says so"}; }
inline Outcome<Done> Refuses(FailureKind kind) { return Failed{Fault(kind)}; }
inline Outcome<Secret> NoToken(FailureKind kind) { return Failed{Fault(kind)}; }

// One session, driven by hand.
class SessionMachineFixture : public ::testing::Test {
 protected:
  using Kind = FailureKind;

  std::optional<CallKind> Wanted() const { return machine_.WhatNext(now_).call; }

  // Lets time pass until the machine wants a call, and begins it.
  CallKind BeginNext() {
    SessionMachine::Wish wish = machine_.WhatNext(now_);
    if (!wish.call) {
      EXPECT_TRUE(wish.at) << "it wants nothing any more";
      now_ = wish.at.value_or(now_);
      wish = machine_.WhatNext(now_);
    }
    const CallKind call = wish.call.value_or(CallKind::kDetach);
    machine_.Began(call, now_);
    return call;
  }
  // Until the next call of this kind, answering others as an undisturbed robot would.
  void BeginNext(CallKind wanted) {
    for (int i = 0; i < 1000; ++i) {
      const CallKind call = BeginNext();
      if (call == wanted) return;
      if (call == CallKind::kRegister)
        machine_.Registered(Refuses(Kind::kPayloadAlreadyExists), now_);
      if (call == CallKind::kToken && machine_.state() == PayloadState::kAuthorized) {
        machine_.GotToken(Secret("checked"), now_);
      } else if (call == CallKind::kToken) {
        machine_.GotToken(NoToken(Kind::kPayloadNotAuthorized), now_);
      }
      if (call == CallKind::kList) machine_.Listed(ListOf(*Definition()), now_);
      if (call == CallKind::kRefresh) machine_.Refreshed(Secret("refreshed"), now_);
    }
    FAIL() << "the call never came";
  }
  void Beat(const Outcome<Done>& answer) {
    BeginNext(CallKind::kRegister);
    machine_.Registered(answer, now_);
  }
  void Token(const Outcome<Secret>& answer) {
    BeginNext(CallKind::kToken);
    machine_.GotToken(answer, now_);
  }
  void List(const bosdyn::api::Payload& payload) {
    BeginNext(CallKind::kList);
    machine_.Listed(ListOf(payload), now_);
  }
  static bosdyn::api::ListPayloadsResponse ListOf(const bosdyn::api::Payload& payload) {
    bosdyn::api::ListPayloadsResponse response;
    *response.add_payloads() = payload;
    return response;
  }

  void BecomeWaiting() { Beat(Done{}); }
  void BecomeAuthorized() {
    BecomeWaiting();
    Token(Secret("first"));
    List(*Definition());
  }
  void BecomeCredentialsRejected() {
    Beat(Refuses(Kind::kPayloadAlreadyExists));
    Token(NoToken(Kind::kInvalidPayloadCredentials));
    Beat(Refuses(Kind::kPayloadAlreadyExists));
  }

  // Authorized, and then another's.
  void BecomeStolen() {
    BecomeAuthorized();
    Token(NoToken(Kind::kInvalidPayloadCredentials));
    Beat(Refuses(Kind::kPayloadAlreadyExists));
  }

  // The effects since the last look, in short words.
  std::vector<std::string> Effects() {
    std::vector<std::string> words;
    for (const SessionEffect& effect : machine_.TakeEffects()) {
      if (const auto* change = std::get_if<StateChange>(&effect)) {
        words.push_back(std::string(ToString(change->before)) + " -> " +
                        std::string(ToString(change->after)));
        EXPECT_FALSE(change->reason.empty());
      } else if (const auto* token = std::get_if<TokenEffect>(&effect)) {
        words.push_back((token->news == TokenNews::kObtained ? "obtained " : "renewed ") +
                        std::string(token->token.Reveal()));
      } else if (const auto* differs = std::get_if<DiffersEffect>(&effect)) {
        words.push_back("differs in " + std::to_string(differs->fields.size()));
      } else if (std::holds_alternative<ForgottenEffect>(effect)) {
        words.push_back("forgotten");
      } else if (std::holds_alternative<DeauthorizedEffect>(effect)) {
        words.push_back("de-authorized");
      } else if (const auto* attached = std::get_if<AttachedEffect>(&effect)) {
        words.push_back(attached->attached ? "attached" : "detached");
      } else if (const auto* result = std::get_if<ResultEffect>(&effect)) {
        words.push_back("result " + std::to_string(result->request) +
                        (result->outcome.ok() ? " ok" : " failed"));
      }
    }
    return words;
  }

  TimePoint now_{std::chrono::hours(1)};
  SessionMachine machine_{SessionOptions{}, Definition(), 1, now_};
};

}  // namespace payload_manager::testing
