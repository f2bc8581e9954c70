// JudgeTransport: gRPC's codes and texts (of gRPC 1.51, and of proxies in front of a robot) as the
// documented kinds.
#include <grpcpp/support/status_code_enum.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "rpc/sharpen.h"
#include "rpc/status_mapping.h"

namespace payload_manager {
namespace {

bool ContainsAny(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [text](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  });
}

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> texts) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

bool BeginsWithOneOf(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [text](std::string_view beginning) { return text.starts_with(beginning); });
}

// Whether `number` stands in the text by itself: `429`, but not port 42901.
bool HasNumber(std::string_view text, std::string_view number) {
  const auto digit = [text](std::size_t at) {
    return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
  };
  for (auto at = text.find(number); at != std::string_view::npos; at = text.find(number, at + 1)) {
    if (!(at > 0 && digit(at - 1)) && !digit(at + number.size())) return true;
  }
  return false;
}

constexpr std::string_view kTooMany =
    "too many requests (429); call less often, and check who else calls this robot";
constexpr std::string_view kNoValidToken =
    "not authenticated: the token is missing, expired or not this robot's";
constexpr std::string_view kNotPermitted =
    "not permitted with this token; check what its owner may do on the robot";
constexpr std::string_view kNotFound = "not found; check that this address is a robot's";
constexpr std::string_view kNotRunning =
    "the service is not running (502); check whether the robot is still starting";
constexpr std::string_view kNotReached =
    "the robot's proxy cannot reach the service; check whether the robot is still starting";

struct Verdict {
  FailureKind kind;
  std::string_view what;
  bool quote = true;  // whether the transport's own text says more
  FailureCause cause = FailureCause::kNone;
};

Verdict Unable(FailureCause cause) {
  return {FailureKind::kUnableToConnect, Explain(cause), true, cause};
}

// An answer that is HTTP but not gRPC comes from a proxy in front of the service.
std::optional<Verdict> JudgeHttp(std::string_view text) {
  constexpr std::string_view kMark = "Received http2 header with status: ";
  if (!text.starts_with(kMark)) return std::nullopt;
  const std::string_view code = text.substr(kMark.size(), 3);
  if (code == "401") return Verdict{FailureKind::kUnauthenticated, kNoValidToken};
  if (code == "403") return Verdict{FailureKind::kPermissionDenied, kNotPermitted};
  if (code == "404") {
    return Verdict{FailureKind::kNotFound, kNotFound};
  }
  if (code == "429") {
    return Verdict{FailureKind::kTooManyRequests, kTooMany};
  }
  if (code == "502") {
    return Verdict{FailureKind::kServiceUnavailable, kNotRunning};
  }
  if (code == "503" || code == "504") {
    return Verdict{FailureKind::kProxyFailure, kNotReached};
  }
  return std::nullopt;
}

// Why there is no connection; nothing where there was one, whatever the words.
std::optional<Verdict> JudgeConnecting(const TransportStatus& status, bool insecure) {
  using Cause = FailureCause;
  if (status.reached) return std::nullopt;
  const std::string_view text = status.message;
  if (ContainsAny(text, {"is not in peer certificate", "Peer name"})) {
    return Verdict{FailureKind::kNonexistentAuthority, Explain(Cause::kNameNotInCertificate), true,
                   Cause::kNameNotInCertificate};
  }
  if (ContainsAny(text, {"contact DNS servers", "contacting DNS servers"})) {
    return Unable(Cause::kNameServiceFailed);
  }
  if (ContainsAny(text,
                  {"DNS resolution failed", "Domain name not found", "Name or service not"})) {
    return Unable(Cause::kHostUnknown);
  }
  // `EVP lib` is OpenSSL on a signature by another key than that of the root of the same name.
  if (ContainsAny(text, {"CERTIFICATE_VERIFY_FAILED", "certificate verify failed", "EVP lib"})) {
    return Unable(Cause::kCertificateNotTrusted);
  }
  if (ContainsAny(text, {"WRONG_VERSION_NUMBER", "wrong version number"})) {
    return Unable(Cause::kPeerSpeaksPlain);
  }
  if (ContainsAny(text, {"Connection refused"})) return Unable(Cause::kRefused);
  if (ContainsAny(text, {"Network is unreachable", "No route to host"})) {
    return Unable(Cause::kNoRoute);
  }
  // What gRPC calls a TCP connection that it has waited for in vain.
  if (ContainsAny(text, {"tcp handshaker shutdown", "host: Connection timed out"})) {
    return Unable(Cause::kNoAnswer);
  }
  if (ContainsAny(text, {"before receiving SETTINGS"})) return Unable(Cause::kSilent);
  if (ContainsAny(text, {"http1.x server"})) return Unable(Cause::kNotGrpc);
  if (ContainsAny(text, {"handshake failed", "Handshake failed", "handshaker"})) {
    return Unable(Cause::kTlsFailed);
  }
  if (ContainsAny(text, {"failed to connect to all addresses", "Failed to connect to remote host",
                         "empty address list"})) {
    return Verdict{FailureKind::kUnableToConnect,
                   insecure ? "check the address and the network, and that the robot does not want "
                              "TLS"
                            : "check the address and the network"};
  }
  return std::nullopt;
}

// By gRPC's own texts, whole: one that only holds such words is the robot's or its proxy's, about a
// connection of theirs, and says that they are in reach. The two beginnings are those of the
// system's own errors.
std::optional<Verdict> JudgeLost(std::string_view text, bool insecure) {
  const bool lost =
      IsOneOf(text,
              {"Socket closed", "Stream removed", "Transport closed", "Transport destroyed",
               "Endpoint read failed", "Delayed close due to in-progress write",
               "keepalive watchdog timeout", "ping timeout", "Connection reset by peer",
               "Connection timed out", "Broken pipe", "Last stream closed after sending GOAWAY"}) ||
      BeginsWithOneOf(text, {"recvmsg:", "sendmsg:", "GOAWAY received"});
  if (!lost) return std::nullopt;
  return Verdict{FailureKind::kConnectionLost,
                 insecure ? "connection lost (does the robot want TLS?); the robot may or may not "
                            "have acted; check the network to it"
                          : "connection lost; the robot may or may not have acted; check the "
                            "network to it"};
}

Verdict JudgeUnavailable(const TransportStatus& status, bool insecure) {
  const std::string_view text = status.message;
  if (auto verdict = JudgeConnecting(status, insecure)) return *verdict;
  if (auto verdict = JudgeHttp(text)) return *verdict;
  if (auto verdict = JudgeLost(text, insecure)) return *verdict;
  if (HasNumber(text, "429") || HasNumber(status.details, "429")) {
    return {FailureKind::kTooManyRequests, kTooMany};
  }
  if (HasNumber(text, "502")) {
    return {FailureKind::kServiceUnavailable, kNotRunning};
  }
  return {FailureKind::kProxyFailure,
          "the service cannot be reached just now; check whether the robot is still starting"};
}

Verdict TimedOut() {
  return {FailureKind::kTimedOut,
          "timed out: no answer in the time given; the robot may or may not have acted; check the "
          "network to it, and whether it is busy",
          false};
}

Verdict JudgeByCode(const TransportStatus& status, bool insecure) {
  const std::string_view text = status.message;
  // gRPC has a code for a few of HTTP's and UNKNOWN, or CANCELLED, for the rest.
  if (status.code != grpc::StatusCode::UNAVAILABLE) {
    if (auto verdict = JudgeHttp(text)) return *verdict;
  }
  switch (status.code) {
    case grpc::StatusCode::UNAVAILABLE:
      return JudgeUnavailable(status, insecure);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      if (status.reached && !status.time_over) {
        return {FailureKind::kFailedDuringExecution,
                "the robot or its proxy waited too long for a part of the robot; it may or may not "
                "have acted; check whether the robot is busy"};
      }
      return TimedOut();
    case grpc::StatusCode::CANCELLED:
      if (!status.given_up) {
        if (status.time_over) return TimedOut();  // how some robots end a call that is out of time
        return {FailureKind::kFailedDuringExecution,
                "cancelled by the robot or its proxy; it may or may not have acted; check whether "
                "the robot is restarting"};
      }
      return {FailureKind::kCancelled, "cancelled", false};
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      if (text.starts_with("Received message larger than max")) {
        return {FailureKind::kResponseTooLarge,
                "the answer is too large; check that this address is a robot's"};
      }
      return {FailureKind::kOtherRpc, "the robot is out of resources"};
    case grpc::StatusCode::UNAUTHENTICATED:
      if (auto verdict = JudgeConnecting(status, insecure)) return *verdict;
      return {FailureKind::kUnauthenticated, kNoValidToken};
    case grpc::StatusCode::PERMISSION_DENIED:
      return {FailureKind::kPermissionDenied, kNotPermitted};
    case grpc::StatusCode::NOT_FOUND:
      return {FailureKind::kNotFound, kNotFound};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {FailureKind::kUnimplemented,
              "the robot does not know this call; check its software version and that this address "
              "is a robot's"};
    case grpc::StatusCode::ABORTED:
      return {FailureKind::kFailedDuringExecution, "given up by the robot; call again"};
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::INTERNAL:
      // Before the others: what the robot's own code says is quoted behind it.
      if (BeginsWithOneOf(text, {"Exception calling application",
                                 "Unexpected error in RPC handling", "Received RST_STREAM"})) {
        return {FailureKind::kFailedDuringExecution,
                "failed while the robot was at work on it; check whether it took effect"};
      }
      if (auto verdict = JudgeLost(text, insecure)) return *verdict;
      return {FailureKind::kOtherRpc, "failed; check the robot's logs and software version"};
    default:
      return {FailureKind::kOtherRpc, "failed; check the robot's logs and software version"};
  }
}

}  // namespace

Failure JudgeTransport(const Exchange& exchange, const TransportStatus& status) {
  const Verdict verdict = JudgeByCode(status, exchange.insecure);
  std::string what(verdict.kind == FailureKind::kUnableToConnect ? "unable to connect: " : "");
  what += verdict.what;
  if (verdict.kind == FailureKind::kNonexistentAuthority) {
    what.append(" [").append(exchange.authority).append("]");
  }
  if (verdict.kind == FailureKind::kOtherRpc)
    what += " (gRPC code " + std::to_string(status.code) + ")";
  if (verdict.quote && !status.message.empty()) {
    what += " (" + Presentable(exchange, status.message) + ")";
  }
  return {verdict.kind, Describe(exchange, what), nullptr, verdict.cause};
}

}  // namespace payload_manager
