#include "identity/x509.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdint>

namespace mock_robot::x509 {
namespace {

constexpr long kSecondsPerDay = 24 * 3600;
constexpr long kValidDays = 3650;

bool AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  if (extension == nullptr) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool SetSerial(X509* certificate) {
  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
  // Positive and not zero, as RFC 5280 wants it.
  serial = (serial >> 1) | 1;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1;
}

// All but the extensions and the signature. The subject of the issuer is the certificate's own if
// `issuer` is null.
Certificate Draft(const char* common_name, EVP_PKEY* key, X509* issuer) {
  Certificate certificate(X509_new());
  if (!certificate) return nullptr;
  X509* x = certificate.get();
  const auto* name = reinterpret_cast<const unsigned char*>(common_name);
  const bool ok =
      X509_set_version(x, X509_VERSION_3) == 1 && SetSerial(x) &&
      X509_gmtime_adj(X509_getm_notBefore(x), -kSecondsPerDay) != nullptr &&
      X509_gmtime_adj(X509_getm_notAfter(x), kValidDays * kSecondsPerDay) != nullptr &&
      X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, name, -1, -1, 0) ==
          1 &&
      X509_set_issuer_name(x, X509_get_subject_name(issuer != nullptr ? issuer : x)) == 1 &&
      X509_set_pubkey(x, key) == 1;
  return ok ? std::move(certificate) : nullptr;
}

std::string Content(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::unique_ptr<BIO, Free> Reader(std::string_view pem) {
  return std::unique_ptr<BIO, Free>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

}  // namespace

Key MakeKey() { return Key(EVP_EC_gen("P-256")); }

Certificate MakeRoot(EVP_PKEY* key) {
  Certificate root = Draft("Mock Spot root", key, nullptr);
  if (!root) return nullptr;
  X509* x = root.get();
  const bool ok = AddExtension(x, x, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                  AddExtension(x, x, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                  AddExtension(x, x, NID_subject_key_identifier, "hash") &&
                  X509_sign(x, key, EVP_sha256()) > 0;
  return ok ? std::move(root) : nullptr;
}

Certificate MakeServer(EVP_PKEY* key, X509* root, EVP_PKEY* root_key) {
  Certificate server = Draft("Mock Spot", key, root);
  if (!server) return nullptr;
  X509* x = server.get();
  const bool ok = AddExtension(x, root, NID_basic_constraints, "critical,CA:FALSE") &&
                  AddExtension(x, root, NID_key_usage, "critical,digitalSignature") &&
                  AddExtension(x, root, NID_ext_key_usage, "serverAuth") &&
                  AddExtension(x, root, NID_authority_key_identifier, "keyid:always") &&
                  AddExtension(x, root, NID_subject_alt_name,
                               "DNS:*.spot.robot,DNS:localhost,IP:127.0.0.1,IP:::1") &&
                  X509_sign(x, root_key, EVP_sha256()) > 0;
  return ok ? std::move(server) : nullptr;
}

std::string ToPem(X509* certificate) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1) return {};
  return Content(bio.get());
}

std::string ToPem(EVP_PKEY* key) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_secmem()));
  if (!bio ||
      PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return {};
  }
  return Content(bio.get());
}

Certificate CertificateFromPem(std::string_view pem) {
  const auto bio = Reader(pem);
  Certificate certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  ERR_clear_error();
  return certificate;
}

Key KeyFromPem(std::string_view pem) {
  const auto bio = Reader(pem);
  // Without this, an encrypted key would make OpenSSL ask for a passphrase on the terminal.
  const auto refuse = [](char*, int, int, void*) { return -1; };
  Key key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, refuse, nullptr) : nullptr);
  ERR_clear_error();
  return key;
}

bool IsSignedBy(X509* certificate, X509* root) {
  EVP_PKEY* key = X509_get0_pubkey(root);
  const bool good = key != nullptr && X509_verify(certificate, key) == 1;
  ERR_clear_error();
  return good;
}

bool IsInItsTime(X509* certificate) {
  return X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0 &&
         X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

bool IsFor(X509* certificate, EVP_PKEY* key) {
  const bool good = X509_check_private_key(certificate, key) == 1;
  ERR_clear_error();
  return good;
}

bool CoversRobotNames(X509* certificate) {
  return X509_check_host(certificate, "api.spot.robot", 0, 0, nullptr) == 1 &&
         X509_check_host(certificate, "localhost", 0, 0, nullptr) == 1 &&
         X509_check_ip_asc(certificate, "127.0.0.1", 0) == 1 &&
         X509_check_ip_asc(certificate, "::1", 0) == 1;
}

}  // namespace mock_robot::x509
