#include "tests/support/test_certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace payload_manager::testing {
namespace {

constexpr long kDay = 24 * 60 * 60;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

void Must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL cannot make a test certificate");
}

Key MakeKey() {
  Key key(EVP_EC_gen("P-256"));
  Must(key != nullptr);
  return key;
}

Certificate MakeCertificate(const char* name, EVP_PKEY* key, long from, long until) {
  static long serial = 1;
  Certificate made(X509_new());
  X509_NAME* subject = X509_get_subject_name(made.get());
  Must(X509_set_version(made.get(), X509_VERSION_3) == 1 &&
       ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++) == 1 &&
       X509_gmtime_adj(X509_getm_notBefore(made.get()), from) != nullptr &&
       X509_gmtime_adj(X509_getm_notAfter(made.get()), until) != nullptr &&
       X509_set_pubkey(made.get(), key) == 1 &&
       X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                  reinterpret_cast<const unsigned char*>(name), -1, -1, 0) == 1);
  return made;
}

void Extend(X509* certificate, int id, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, Free> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str()));
  Must(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

template <typename Write>
std::string Pem(Write write) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  Must(write(bio.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::string ToPem(X509* certificate) {
  return Pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

}  // namespace

struct TestAuthority::Keys {
  explicit Keys(const std::string& name)
      : key(MakeKey()), root(MakeCertificate(name.c_str(), key.get(), -kDay, kDay)) {}
  const Key key;
  const Certificate root;
};

TestAuthority::TestAuthority(const std::string& name) : keys_(std::make_unique<Keys>(name)) {
  X509* root = keys_->root.get();
  Must(X509_set_issuer_name(root, X509_get_subject_name(root)) == 1);
  Extend(root, NID_basic_constraints, "critical,CA:TRUE");
  Must(X509_sign(root, keys_->key.get(), EVP_sha256()) != 0);
}

TestAuthority::~TestAuthority() = default;

std::string TestAuthority::root_pem() const { return ToPem(keys_->root.get()); }

TlsIdentity TestAuthority::Issue(const std::vector<std::string>& dns_names) {
  return Make(dns_names, -kDay, kDay);
}

TlsIdentity TestAuthority::IssueExpired(const std::vector<std::string>& dns_names) {
  return Make(dns_names, -2 * kDay, -kDay);
}

TlsIdentity TestAuthority::IssueForTomorrow(const std::vector<std::string>& dns_names) {
  return Make(dns_names, kDay, 2 * kDay);
}

TlsIdentity TestAuthority::IssueForClients(const std::vector<std::string>& dns_names) {
  return Make(dns_names, -kDay, kDay, "clientAuth");
}

TlsIdentity TestAuthority::Make(const std::vector<std::string>& dns_names, long from, long until,
                                const std::string& usage) {
  const Key key = MakeKey();
  const Certificate certificate = MakeCertificate("Test Robot", key.get(), from, until);
  std::string names;
  for (const std::string& name : dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
  Must(X509_set_issuer_name(certificate.get(), X509_get_subject_name(keys_->root.get())) == 1);
  Extend(certificate.get(), NID_subject_alt_name, names);
  if (!usage.empty()) Extend(certificate.get(), NID_ext_key_usage, usage);
  Must(X509_sign(certificate.get(), keys_->key.get(), EVP_sha256()) != 0);
  return {ToPem(certificate.get()), Pem([&](BIO* bio) {
            return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace payload_manager::testing
