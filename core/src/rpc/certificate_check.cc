#include "rpc/certificate_check.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <limits>
#include <memory>

namespace payload_manager {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

std::string Stamp(const std::tm& time) {
  char text[32];
  const std::size_t size = std::strftime(text, sizeof(text), "%Y-%m-%d %H:%M UTC", &time);
  return std::string(text, size);
}

std::string Stamp(const ASN1_TIME* time) {
  std::tm broken_down{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &broken_down) != 1) return "an unreadable time";
  return Stamp(broken_down);
}

std::string Now() {
  const std::time_t now = std::time(nullptr);
  std::tm broken_down{};
  ::gmtime_r(&now, &broken_down);
  return "this computer's clock says " + Stamp(broken_down);
}

std::string NameOf(const X509_NAME* name) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || name == nullptr ||
      X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0) {
    return "an unreadable name";
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return "'" + std::string(data, static_cast<std::size_t>(size)) + "'";
}

std::string DnsNames(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, Free> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::string list;
  for (int at = 0; names != nullptr && at < sk_GENERAL_NAME_num(names.get()); ++at) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), at);
    if (name->type != GEN_DNS) continue;
    const ASN1_IA5STRING* const text = name->d.dNSName;
    list += list.empty() ? "" : ", ";
    list.append(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                static_cast<std::size_t>(ASN1_STRING_length(text)));
  }
  return list.empty() ? "it names no host" : "it is for " + list;
}

FailureCause CauseOf(int error) {
  switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:  // another root of the same name
    case X509_V_ERR_CERT_UNTRUSTED:
      return FailureCause::kUnknownCertificateAuthority;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return FailureCause::kCertificateExpired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return FailureCause::kCertificateNotYetValid;
    default:
      return FailureCause::kCertificateNotTrusted;
  }
}

std::string DetailOf(int error, const X509* certificate, int depth) {
  const std::string whose =
      depth == 0 ? "it" : "the authority " + NameOf(X509_get_subject_name(certificate));
  switch (CauseOf(error)) {
    case FailureCause::kUnknownCertificateAuthority:
      return whose + " was issued by " + NameOf(X509_get_issuer_name(certificate));
    case FailureCause::kCertificateExpired:
      return whose + " was valid until " + Stamp(X509_get0_notAfter(certificate)) + ", " + Now();
    case FailureCause::kCertificateNotYetValid:
      return whose + " is valid from " + Stamp(X509_get0_notBefore(certificate)) + ", " + Now();
    default:
      return X509_verify_cert_error_string(error);
  }
}

}  // namespace

bool CertificateCheck::Install(SSL_CTX* context, const std::string& root_certificates_pem) {
  if (root_certificates_pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return false;
  }
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(
      root_certificates_pem.data(), static_cast<int>(root_certificates_pem.size())));
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
  while (bio != nullptr) {
    const std::unique_ptr<X509, Free> root(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (root == nullptr) break;
    if (X509_STORE_add_cert(store, root.get()) != 1) return false;
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context, &CertificateCheck::Run, this);
  return bio != nullptr;
}

int CertificateCheck::Run(X509_STORE_CTX* store, void* self) {
  auto& check = *static_cast<CertificateCheck*>(self);
  X509_verify_cert(store);
  check.error_ = X509_STORE_CTX_get_error(store);
  if (check.error_ != X509_V_OK) {
    const X509* certificate = X509_STORE_CTX_get_current_cert(store);
    int depth = X509_STORE_CTX_get_error_depth(store);
    if (certificate == nullptr) {
      certificate = X509_STORE_CTX_get0_cert(store);
      depth = 0;
    }
    check.report_ = {CauseOf(check.error_), DetailOf(check.error_, certificate, depth)};
  }
  X509_STORE_CTX_set_error(store, X509_V_OK);
  return 1;
}

ProbeReport CertificateCheck::Report(SSL* handshake, const std::string& name) const {
  if (error_ != X509_V_OK) return report_;
  const std::unique_ptr<X509, Free> certificate(SSL_get1_peer_certificate(handshake));
  if (certificate == nullptr) return {FailureCause::kTlsFailed, "it shows no certificate"};
  if (X509_check_host(certificate.get(), name.data(), name.size(), 0, nullptr) != 1) {
    return {FailureCause::kNameNotInCertificate, DnsNames(certificate.get())};
  }
  return {};
}

}  // namespace payload_manager
