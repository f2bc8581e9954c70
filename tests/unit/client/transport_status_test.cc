// The texts are what gRPC 1.51 and the proxies in front of robots really say.
#include <gmock/gmock.h>
#include <grpcpp/support/status_code_enum.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rpc/status_mapping.h"

namespace payload_manager {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Kind = FailureKind;

Exchange Registering(bool insecure = false) {
  return {"192.168.80.3:443",
          "RegisterPayload",
          "payload-registration.spot.robot",
          insecure,
          {{"hush-hush"}}};
}

struct Row {
  int code;
  std::string message;
  FailureKind kind;
  std::string says;  // what the operator is told
  std::string details = {};
};

void ExpectEach(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(std::to_string(row.code) + " " + row.message);
    const Failure failure = JudgeTransport(Registering(), {row.code, row.message, row.details});
    EXPECT_EQ(ToString(failure.kind), ToString(row.kind));
    EXPECT_THAT(failure.message, StartsWith("robot 192.168.80.3:443: RegisterPayload: "));
    EXPECT_THAT(failure.message, HasSubstr(row.says));
    EXPECT_EQ(failure.response, nullptr);
  }
}

const std::string kFailedToConnect = "failed to connect to all addresses; last error: UNKNOWN: ";

TEST(TransportStatus, TellsApartWhyThereIsNoConnection) {
  ExpectEach(
      {Row{grpc::UNAVAILABLE,
           kFailedToConnect + "ipv4:127.0.0.1:42901: Failed to connect to remote host: Connection "
                              "refused",
           Kind::kUnableToConnect, "connection refused"},
       Row{grpc::UNAVAILABLE,
           kFailedToConnect + "ipv4:10.0.0.1:429: Failed to connect to remote host: No route to "
                              "host",
           Kind::kUnableToConnect, "no way to this address"},
       Row{grpc::UNAVAILABLE, "DNS resolution failed for spot.invalid:443: Domain name not found",
           Kind::kUnableToConnect, "host unknown"},
       Row{grpc::UNAVAILABLE,
           "DNS resolution failed for spot:443: C-ares status is not ARES_SUCCESS qtype=A "
           "name=spot "
           "is_balancer=0: Could not contact DNS servers",
           Kind::kUnableToConnect, "check this computer's name service"},
       Row{grpc::UNAVAILABLE,
           "DNS resolution failed for spot:443: C-ares status is not ARES_SUCCESS qtype=A "
           "name=spot "
           "is_balancer=0: Timeout while contacting DNS servers",
           Kind::kUnableToConnect, "check this computer's name service"},
       Row{grpc::UNAVAILABLE, kFailedToConnect + "ipv4:10.0.0.1:443: tcp handshaker shutdown",
           Kind::kUnableToConnect, "nobody answers"},
       Row{grpc::UNAVAILABLE,
           kFailedToConnect + "ipv4:10.0.0.1:443: Failed to connect to remote host: Connection "
                              "timed out",
           Kind::kUnableToConnect, "nobody answers"},
       Row{grpc::UNAVAILABLE,
           kFailedToConnect + "Ssl handshake failed: SSL_ERROR_SSL: error:0A000086:SSL "
                              "routines::certificate verify failed",
           Kind::kUnableToConnect, "certificate is not trusted"},
       Row{grpc::UNAVAILABLE,
           kFailedToConnect + "Ssl handshake failed: SSL_ERROR_SSL: error:06880006:asn1 encoding "
                              "routines::EVP lib",
           Kind::kUnableToConnect, "certificate is not trusted"},
       Row{grpc::UNAVAILABLE,
           kFailedToConnect + "Ssl handshake failed: SSL_ERROR_SSL: error:0A00010B:SSL "
                              "routines::wrong version number",
           Kind::kUnableToConnect, "does not speak TLS"},
       Row{grpc::UNAVAILABLE, kFailedToConnect + "Ssl handshake failed: Handshake failed",
           Kind::kUnableToConnect, "TLS handshake failed"},
       Row{grpc::UNAVAILABLE,
           kFailedToConnect + "Peer name payload-registration.spot.robot is not in peer "
                              "certificate",
           Kind::kNonexistentAuthority, "payload-registration.spot.robot"},
       Row{grpc::UNAUTHENTICATED, "Peer name x.spot.robot is not in peer certificate",
           Kind::kNonexistentAuthority, "does not cover"}});
}

TEST(TransportStatus, TellsApartHowACallInFlightEnded) {
  ExpectEach(
      {Row{grpc::UNAVAILABLE, "Socket closed", Kind::kConnectionLost, "may or may not have acted"},
       Row{grpc::UNAVAILABLE, "Connection reset by peer", Kind::kConnectionLost, "connection lost"},
       Row{grpc::UNAVAILABLE, "recvmsg:Connection reset by peer", Kind::kConnectionLost,
           "connection lost"},
       Row{grpc::UNAVAILABLE, "keepalive watchdog timeout", Kind::kConnectionLost,
           "connection lost"},
       Row{grpc::UNAVAILABLE, "GOAWAY received", Kind::kConnectionLost, "connection lost"},
       Row{grpc::UNKNOWN, "Stream removed", Kind::kConnectionLost, "connection lost"},
       Row{grpc::DEADLINE_EXCEEDED, "Deadline Exceeded", Kind::kTimedOut, "timed out"},
       Row{grpc::UNKNOWN, "Exception calling application: boom", Kind::kFailedDuringExecution,
           "boom"},
       Row{grpc::UNKNOWN, "Unexpected error in RPC handling", Kind::kFailedDuringExecution,
           "failed while"},
       Row{grpc::INTERNAL, "Received RST_STREAM with error code 2", Kind::kFailedDuringExecution,
           "failed while"},
       Row{grpc::ABORTED, "", Kind::kFailedDuringExecution, "given up"},
       Row{grpc::RESOURCE_EXHAUSTED, "Received message larger than max (104857601 vs. 104857600)",
           Kind::kResponseTooLarge, "too large"}});
}

TEST(TransportStatus, AFailureInsideTheRobotIsNoLossOfTheRobot) {
  const std::string exception = "Exception calling application: ";
  ExpectEach({Row{grpc::UNKNOWN, exception + "[Errno 32] Broken pipe", Kind::kFailedDuringExecution,
                  "Broken pipe"},
              Row{grpc::UNKNOWN, exception + "Socket closed", Kind::kFailedDuringExecution,
                  "failed while the robot was at work on it"},
              Row{grpc::INTERNAL, exception + "recvmsg:Connection reset by peer",
                  Kind::kFailedDuringExecution, "failed while"},
              Row{grpc::UNKNOWN, "the camera: Connection timed out", Kind::kOtherRpc, "the camera"},
              Row{grpc::INTERNAL, "lost GOAWAY", Kind::kOtherRpc, "gRPC code 13"},
              Row{grpc::UNKNOWN, "RST_STREAM was a word", Kind::kOtherRpc, "gRPC code 2"}});
}

TEST(TransportStatus, TakesWordsAboutAConnectionForOursOnlyWhereNobodyWasReached) {
  for (const std::string words :
       {"upstream connect error: Connection refused", "backend handshake failed",
        "DNS resolution failed for backend", "No route to host", "http1.x server",
        "upstream: Socket closed", "failed to connect to all addresses"}) {
    const Failure failure =
        JudgeTransport(Registering(), {grpc::UNAVAILABLE, words, {}, /*reached=*/true});
    EXPECT_EQ(ToString(failure.kind), ToString(Kind::kProxyFailure));
    EXPECT_EQ(failure.cause, FailureCause::kNone) << words;
    EXPECT_THAT(failure.message, HasSubstr("(" + words + ")"));
  }
  const Failure name = JudgeTransport(
      Registering(), {grpc::UNAUTHENTICATED, "x is not in peer certificate", {}, /*reached=*/true});
  EXPECT_EQ(ToString(name.kind), ToString(Kind::kUnauthenticated));
}

TEST(TransportStatus, QuotesNoHttpStatusOfSomebodyElse) {
  const Failure failure = JudgeTransport(
      Registering(),
      {grpc::ABORTED, "the map: Received http2 header with status: 401", {}, /*reached=*/true});
  EXPECT_EQ(ToString(failure.kind), ToString(Kind::kFailedDuringExecution));
}

TEST(TransportStatus, IsACancellationOfOursOnlyWhereWeAskedForOne) {
  TransportStatus status{grpc::CANCELLED, "going\ndown, hush-hush", {}, /*reached=*/true};
  const Failure theirs = JudgeTransport(Registering(), status);
  EXPECT_EQ(ToString(theirs.kind), ToString(Kind::kFailedDuringExecution));
  EXPECT_THAT(theirs.message, HasSubstr("cancelled by the robot or its proxy"));
  EXPECT_THAT(theirs.message, HasSubstr("(going down, [hidden])"));
  status.given_up = true;
  const Failure ours = JudgeTransport(Registering(), status);
  EXPECT_EQ(ToString(ours.kind), ToString(Kind::kCancelled));
  EXPECT_THAT(ours.message, Not(HasSubstr("going")));
}

TEST(TransportStatus, IsATimeoutOfOursOnlyWhereOurTimeIsOver) {
  TransportStatus status{grpc::DEADLINE_EXCEEDED, "busy, hush-hush", {}, /*reached=*/true};
  const Failure theirs = JudgeTransport(Registering(), status);
  EXPECT_EQ(ToString(theirs.kind), ToString(Kind::kFailedDuringExecution));
  EXPECT_THAT(theirs.message, HasSubstr("waited too long for a part of the robot"));
  EXPECT_THAT(theirs.message, HasSubstr("(busy, [hidden])"));
  status.time_over = true;
  EXPECT_EQ(ToString(JudgeTransport(Registering(), status).kind), ToString(Kind::kTimedOut));
  status.code = grpc::CANCELLED;  // a robot that enforces our deadline too resets the call
  EXPECT_EQ(ToString(JudgeTransport(Registering(), status).kind), ToString(Kind::kTimedOut));
}

TEST(TransportStatus, KnowsWhatProxiesSay) {
  ExpectEach(
      {Row{grpc::UNAVAILABLE, "Received http2 header with status: 429", Kind::kTooManyRequests,
           "call less often"},
       Row{grpc::UNAVAILABLE, "429 Too Many Requests", Kind::kTooManyRequests, "call less often"},
       Row{grpc::UNAVAILABLE, "slow down", Kind::kTooManyRequests, "call less often", "status 429"},
       Row{grpc::UNAVAILABLE, "queue 42917 is full", Kind::kProxyFailure, "42917"},
       Row{grpc::UNAVAILABLE, "Received http2 header with status: 502", Kind::kServiceUnavailable,
           "502"},
       Row{grpc::CANCELLED, "Received http2 header with status: 502", Kind::kServiceUnavailable,
           "502"},
       Row{grpc::UNAVAILABLE, "HTTP 502", Kind::kServiceUnavailable, "502"},
       Row{grpc::UNAVAILABLE, "Received http2 header with status: 504", Kind::kProxyFailure,
           "proxy"},
       Row{grpc::UNAVAILABLE, "try later", Kind::kProxyFailure, "try later"},
       Row{grpc::UNAUTHENTICATED, "Received http2 header with status: 401", Kind::kUnauthenticated,
           "401"},
       Row{grpc::CANCELLED, "Received http2 header with status: 403", Kind::kPermissionDenied,
           "403"},
       Row{grpc::UNIMPLEMENTED, "Received http2 header with status: 404", Kind::kNotFound, "404"}});
}

TEST(TransportStatus, TakesTheRestAtItsCode) {
  ExpectEach(
      {Row{grpc::UNAUTHENTICATED, "invalid token", Kind::kUnauthenticated, "not authenticated"},
       Row{grpc::PERMISSION_DENIED, "no", Kind::kPermissionDenied, "not permitted"},
       Row{grpc::NOT_FOUND, "no", Kind::kNotFound, "not found"},
       Row{grpc::UNIMPLEMENTED, "", Kind::kUnimplemented, "does not know this call"},
       Row{grpc::RESOURCE_EXHAUSTED, "memory", Kind::kOtherRpc, "memory"},
       Row{grpc::INTERNAL, "bad bytes", Kind::kOtherRpc, "gRPC code 13"},
       Row{grpc::INVALID_ARGUMENT, "bad", Kind::kOtherRpc, "gRPC code 3"},
       Row{grpc::DATA_LOSS, "", Kind::kOtherRpc, "gRPC code 15"},
       Row{77, "from the future", Kind::kOtherRpc, "gRPC code 77"}});
}

TEST(TransportStatus, NeverEchoesASecretAndStaysOnOneLine) {
  const Failure failure = JudgeTransport(
      Registering(),
      {grpc::INTERNAL, "wrong:\nhush-hush\t(hush-hush)" + std::string(9999, 'x'), {}});
  EXPECT_THAT(failure.message, Not(HasSubstr("hush-hush")));
  EXPECT_THAT(failure.message, HasSubstr("wrong: [hidden] ([hidden])"));
  EXPECT_LT(failure.message.size(), 600U);
}

TEST(TransportStatus, ShowsNothingThatAnEightBitTerminalObeys) {
  EXPECT_EQ(Presentable(Registering(),
                        "a\x1b[31m\xc2\x9b"
                        "31m \xc2\xb5"),
            "a [31m  31m \xc2\xb5");
}

TEST(TransportStatus, ShowsNoRestOfASecretThatHoldsAnother) {
  Exchange exchange = Registering();
  exchange.hidden.texts = {"hush", "hush-hush-more"};
  EXPECT_EQ(Presentable(exchange, "wrong: hush-hush-more, hush"), "wrong: [hidden], [hidden]");
}

TEST(TransportStatus, QuotesNothingThatHoldsAVeryShortSecret) {
  Exchange exchange = Registering();
  exchange.hidden.texts = {"q7"};
  EXPECT_EQ(Presentable(exchange, "the secret q7 is wrong"), "[hidden]");
  EXPECT_EQ(Presentable(exchange, "something else"), "something else");
}

TEST(TransportStatus, OverAPlainConnectionAsksWhetherTheRobotWantsTls) {
  const Failure failure =
      JudgeTransport(Registering(true), {grpc::UNAVAILABLE, "Socket closed", {}});
  EXPECT_EQ(failure.kind, Kind::kConnectionLost);
  EXPECT_THAT(failure.message, HasSubstr("TLS?"));
}

}  // namespace
}  // namespace payload_manager
