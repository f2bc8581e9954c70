#include "payload_manager/connect.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <limits>
#include <memory>

#include "rpc/grpc_connection.h"

namespace payload_manager {
namespace {

// Whether the text holds at least one certificate and none that is damaged.
bool HoldsCertificates(const std::string& pem) {
  if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return false;
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  int found = 0;
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    X509_free(certificate);
    ++found;
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  return found > 0 && at_end;
}

Failed<Problem> Refuse(const char* why) { return Failed{Problem{why}}; }

}  // namespace

Checked<std::unique_ptr<RobotConnection>> Connect(const ConnectionOptions& options) {
  if (options.robot.host.empty()) return Refuse("ConnectionOptions::robot: names no host");
  if (options.robot.port == 0) return Refuse("ConnectionOptions::robot: names no port");
  if (options.clock == nullptr) return Refuse("ConnectionOptions::clock: is null");
  if (options.connect_timeout <= Duration::zero()) {
    return Refuse("ConnectionOptions::connect_timeout: must be positive");
  }
  if (options.insecure && !options.root_certificates_pem.empty()) {
    return Refuse(
        "ConnectionOptions: insecure and root_certificates_pem contradict each other; give one");
  }
  if (!options.insecure && options.root_certificates_pem.empty()) {
    return Refuse(
        "ConnectionOptions::root_certificates_pem: TLS needs the robot's root certificate");
  }
  if (!options.insecure && !HoldsCertificates(options.root_certificates_pem)) {
    return Refuse(
        "ConnectionOptions::root_certificates_pem: is not one or more certificates in PEM form");
  }
  return std::unique_ptr<RobotConnection>(std::make_unique<GrpcConnection>(options));
}

}  // namespace payload_manager
