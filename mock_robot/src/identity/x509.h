// The little of OpenSSL's certificate interface that the identity needs, with owners.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

namespace mock_robot::x509 {

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Certificate = std::unique_ptr<X509, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;

// All of these return null, an empty string or false on failure and leave nothing in OpenSSL's
// error queue that could mislead a later reader.

Key MakeKey();
// A certificate authority that may sign servers and nothing below it.
Certificate MakeRoot(EVP_PKEY* key);
Certificate MakeServer(EVP_PKEY* key, X509* root, EVP_PKEY* root_key);

std::string ToPem(X509* certificate);
std::string ToPem(EVP_PKEY* key);
Certificate CertificateFromPem(std::string_view pem);
Key KeyFromPem(std::string_view pem);

bool IsSignedBy(X509* certificate, X509* root);
// By the machine's clock, whatever clock the robot runs on: that is how clients judge it.
bool IsInItsTime(X509* certificate);
bool IsFor(X509* certificate, EVP_PKEY* key);
bool CoversRobotNames(X509* certificate);

}  // namespace mock_robot::x509
