// What is wrong with the certificate that a robot showed.
#pragma once

#include <openssl/ssl.h>

#include <string>

#include "rpc/probe.h"

namespace payload_manager {

// Takes the place of OpenSSL's own check during one handshake: remembers what it found and lets the
// handshake go on. Threads: used by one at a time.
class CertificateCheck {
 public:
  // Makes the context trust these roots, as gRPC does, and use this check, which must outlive its
  // handshakes. False when the roots cannot be read.
  bool Install(SSL_CTX* context, const std::string& root_certificates_pem);

  // After the handshake: kNone when the certificate is all right for `name`.
  ProbeReport Report(SSL* handshake, const std::string& name) const;

 private:
  static int Run(X509_STORE_CTX* store, void* self);

  int error_ = X509_V_OK;
  ProbeReport report_;
};

}  // namespace payload_manager
