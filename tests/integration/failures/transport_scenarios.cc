// Failures of a call that has reached somebody.
#include <grpcpp/support/status_code_enum.h>

#include <stop_token>

#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/payload_registration.pb.h"
#include "mock_robot/mock_robot.h"
#include "payload_manager/credentials.h"
#include "tests/integration/failures/scenarios.h"
#include "tests/support/manual_clock.h"
#include "tests/support/raw_peer.h"
#include "tests/support/scripted_robot.h"

namespace payload_manager::testing {
namespace {

Staged Answering(HttpAnswer answer) {
  const auto peer = std::make_shared<RawPeer>(AnswerHttp(std::move(answer)));
  Staged staged;
  staged.options = PlainTo(peer->port());
  staged.peer = peer;
  return staged;
}

std::function<Staged()> Http(const std::string& status) {
  return [status] { return Answering({{{":status", status}, {"content-type", "text/plain"}}}); };
}

std::function<Staged()> Grpc(int code, const std::string& message) {
  return [code, message] {
    const auto robot = std::make_shared<ScriptedRobot>();
    robot->Fails("RegisterPayload", code, message);
    Staged staged;
    staged.options = PlainTo(robot->port());
    staged.peer = robot;
    return staged;
  };
}

Staged Parked() {
  const auto robot = std::make_shared<ScriptedRobot>();
  robot->Parks("RegisterPayload");
  Staged staged;
  staged.options = PlainTo(robot->port());
  staged.peer = robot;
  return staged;
}

Staged TimingOut() {
  Staged staged = Parked();
  staged.call.timeout = std::chrono::milliseconds(100);
  return staged;
}

Staged Cancelled() {
  Staged staged = Parked();
  std::stop_source stop;
  staged.call.cancellation = stop.get_token();
  const auto robot = std::static_pointer_cast<ScriptedRobot>(staged.peer);
  staged.meanwhile = [robot, stop](int calls) mutable {
    robot->WaitForCall("RegisterPayload", calls);
    stop.request_stop();
  };
  return staged;
}

// A robot whose limit is used up, and time stands still for it.
Staged OverTheLimit() {
  struct Peer {
    ManualClock clock;
    std::unique_ptr<mock_robot::MockRobot> robot;
  };
  const auto peer = std::make_shared<Peer>();
  mock_robot::MockRobot::Options options;
  options.rate_limits = true;
  options.clock = &peer->clock;
  peer->robot = mock_robot::MockRobot::Start(std::move(options)).value();
  Staged staged;
  staged.options = TlsTo(peer->robot->port(), peer->robot->root_certificate_pem());
  staged.peer = peer;
  const auto connection = Connect(staged.options).value();
  for (int call = 0; call < 20; ++call) {
    (void)connection->GetPayloadAuthToken({kScenarioGuid, Secret(kScenarioSecret)}, staged.call);
  }
  return staged;
}

Staged WithoutToken() {
  const std::shared_ptr<mock_robot::MockRobot> robot = mock_robot::MockRobot::Start({}).value();
  Staged staged;
  staged.options = TlsTo(robot->port(), robot->root_certificate_pem());
  staged.peer = robot;
  return staged;
}

Staged TooLarge() {
  bosdyn::api::ListPayloadsResponse large;
  large.add_payloads()->set_description(std::string(101 * 1024 * 1024, 'x'));
  const auto robot = std::make_shared<ScriptedRobot>();
  robot->Answers("RegisterPayload", large);
  Staged staged;
  staged.options = PlainTo(robot->port());
  staged.peer = robot;
  staged.one_at_a_time = true;
  return staged;
}

// A stream that begins and ends well, with a message of these bytes.
Staged Message(const std::string& bytes) {
  const HttpHeaders good{{":status", "200"}, {"content-type", "application/grpc"}};
  const std::string prefix{'\0', '\0', '\0', '\0', static_cast<char>(bytes.size())};
  return Answering({good, prefix + bytes, {{"grpc-status", "0"}}});
}

// A success, and then a field that ends too early.
Staged Damaged() {
  bosdyn::api::RegisterPayloadResponse response;
  response.mutable_header()->mutable_error()->set_code(bosdyn::api::CommonError::CODE_OK);
  response.set_status(bosdyn::api::RegisterPayloadResponse::STATUS_OK);
  return Message(response.SerializeAsString() + "\x1a\x7f");
}

Staged NoMessage() {
  return Answering(
      {{{":status", "200"}, {"content-type", "application/grpc"}}, {}, {{"grpc-status", "0"}}});
}

}  // namespace

std::vector<Scenario> TransportScenarios() {
  constexpr Verb kRegister = Verb::kRegister;
  const HttpAnswer hang_up{{}, {}, {}, -1, true};
  const HttpAnswer reset{
      {{":status", "200"}, {"content-type", "application/grpc"}}, {}, {}, 2, false};
  return {
      {"lost-in-mid-call", kRegister, [=] { return Answering(hang_up); }},
      {"timed-out", kRegister, &TimingOut},
      {"cancelled", kRegister, &Cancelled},
      {"429", kRegister, &OverTheLimit},
      {"http-429", kRegister, Http("429")},
      {"401", Verb::kList, &WithoutToken},
      {"http-401", kRegister, Http("401")},
      {"401-certificate", kRegister,
       Grpc(grpc::UNAUTHENTICATED, "Peer name backend is not in peer certificate")},
      {"permission-denied", kRegister, Grpc(grpc::PERMISSION_DENIED, "not for you")},
      {"http-403", kRegister, Http("403")},
      {"not-found", kRegister, Grpc(grpc::NOT_FOUND, "no such thing")},
      {"http-404", kRegister, Http("404")},
      {"unimplemented", kRegister, Grpc(grpc::UNIMPLEMENTED, "")},
      {"http-502", kRegister, Http("502")},
      {"http-503", kRegister, Http("503")},
      {"http-504", kRegister, Http("504")},
      {"unavailable", kRegister, Grpc(grpc::UNAVAILABLE, "try later")},
      // Of a proxy, in the words in which gRPC speaks of a connection of ours.
      {"upstream-refused", kRegister,
       Grpc(grpc::UNAVAILABLE, "upstream connect error: Connection refused")},
      {"upstream-tls-failed", kRegister, Grpc(grpc::UNAVAILABLE, "backend handshake failed")},
      {"upstream-host-unknown", kRegister,
       Grpc(grpc::UNAVAILABLE, "DNS resolution failed for backend")},
      {"upstream-lost", kRegister,
       Grpc(grpc::UNAVAILABLE, "upstream connect error or disconnect: Connection reset by peer")},
      {"aborted", kRegister, Grpc(grpc::ABORTED, "gave up")},
      {"cancelled-by-robot", kRegister, Grpc(grpc::CANCELLED, "going down")},
      {"timed-out-at-robot", kRegister, Grpc(grpc::DEADLINE_EXCEEDED, "the registry is busy")},
      {"stream-reset", kRegister, [=] { return Answering(reset); }},
      {"application-error", kRegister,
       Grpc(grpc::UNKNOWN, "Exception calling application: [Errno 32] Broken pipe")},
      {"response-too-large", kRegister, &TooLarge},
      {"out-of-resources", kRegister, Grpc(grpc::RESOURCE_EXHAUSTED, "no memory")},
      {"damaged-message", kRegister, &Damaged},
      {"no-message", kRegister, &NoMessage},
      {"no-header", kRegister, [] { return Message(""); }},
      {"other-status", kRegister, Grpc(grpc::DATA_LOSS, "gone")},
  };
}

}  // namespace payload_manager::testing
