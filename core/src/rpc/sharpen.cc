#include "rpc/sharpen.h"

#include <string>
#include <utility>

namespace payload_manager {
namespace {

bool IsCertificate(FailureCause cause) {
  switch (cause) {
    case FailureCause::kCertificateNotTrusted:
    case FailureCause::kUnknownCertificateAuthority:
    case FailureCause::kCertificateExpired:
    case FailureCause::kCertificateNotYetValid:
    case FailureCause::kNameNotInCertificate:
      return true;
    default:
      return false;
  }
}

bool Fits(const Failure& failure, FailureCause found) {
  if (found == FailureCause::kNone) return false;
  if (failure.kind == FailureKind::kConnectionLost) return found == FailureCause::kPeerSpeaksTls;
  switch (failure.cause) {
    case FailureCause::kNone:
      return true;
    case FailureCause::kCertificateNotTrusted:
      return IsCertificate(found);
    case FailureCause::kTlsFailed:
      return IsCertificate(found) || found == FailureCause::kTlsFailed ||
             found == FailureCause::kPeerSpeaksPlain || found == FailureCause::kSilent;
    default:
      return false;
  }
}

}  // namespace

std::string_view Explain(FailureCause cause) {
  switch (cause) {
    case FailureCause::kNone:
      return "";
    case FailureCause::kHostUnknown:
      return "host unknown; check the robot's name";
    case FailureCause::kNameServiceFailed:
      return "the host's name could not be looked up; check this computer's name service, or give "
             "the robot's address";
    case FailureCause::kRefused:
      return "connection refused; check the address and port, and that the robot is on";
    case FailureCause::kNoRoute:
      return "there is no way to this address; check it, and this computer's network";
    case FailureCause::kNoAnswer:
      return "nobody answers at this address; check it, that the robot is on, and that no firewall "
             "stands in between";
    case FailureCause::kSilent:
      return "the other end takes the connection and says nothing; check the port, and whether the "
             "robot is still starting";
    case FailureCause::kNotGrpc:
      return "the other end is a web server, not a robot; check the address and port";
    case FailureCause::kPeerSpeaksPlain:
      return "the other end does not speak TLS; check the port, or use a plain connection";
    case FailureCause::kPeerSpeaksTls:
      return "the other end wants TLS; give the robot's root certificate in the place of a plain "
             "connection";
    case FailureCause::kTlsFailed:
      return "TLS handshake failed; check the root certificate and the port";
    case FailureCause::kCertificateNotTrusted:
      return "the robot's certificate is not trusted; check that the root certificate is this "
             "robot's and that neither has expired";
    case FailureCause::kUnknownCertificateAuthority:
      return "the robot's certificate is of another authority; check that the root certificate is "
             "this robot's";
    case FailureCause::kCertificateExpired:
      return "the robot's certificate has expired; check this computer's clock, then have the "
             "certificate renewed";
    case FailureCause::kCertificateNotYetValid:
      return "the robot's certificate is not valid yet; check this computer's clock, and the "
             "robot's";
    case FailureCause::kNameNotInCertificate:
      return "the robot's certificate does not cover this service's name; check that the address "
             "is "
             "the robot's and its certificate complete";
  }
  return "";
}

bool IsDoubtful(const Exchange& exchange, const Failure& failure) {
  switch (failure.kind) {
    case FailureKind::kUnableToConnect:
      return failure.cause == FailureCause::kNone ||
             failure.cause == FailureCause::kCertificateNotTrusted ||
             failure.cause == FailureCause::kTlsFailed;
    case FailureKind::kConnectionLost:
      return exchange.insecure;  // what a robot that wants TLS looks like
    case FailureKind::kTimedOut:
      return true;
    default:
      return false;
  }
}

bool IsWorthWaiting(const Failure& failure) { return failure.kind != FailureKind::kTimedOut; }

Failure Sharpened(const Exchange& exchange, const TransportStatus& status, Failure failure,
                  const ProbeReport& report) {
  if (!IsDoubtful(exchange, failure) || !Fits(failure, report.cause)) return failure;
  failure.cause = report.cause;
  std::string what = "unable to connect: ";
  if (failure.kind == FailureKind::kTimedOut) {
    what = "timed out: ";
  } else if (report.cause == FailureCause::kNameNotInCertificate) {
    failure.kind = FailureKind::kNonexistentAuthority;
    what.clear();
  } else {
    failure.kind = FailureKind::kUnableToConnect;
  }
  what += Explain(report.cause);
  if (!report.detail.empty()) what += " (" + Presentable(exchange, report.detail) + ")";
  if (failure.kind != FailureKind::kTimedOut && !status.message.empty()) {
    what += " (" + Presentable(exchange, status.message) + ")";
  }
  failure.message = Describe(exchange, what);
  return failure;
}

}  // namespace payload_manager
