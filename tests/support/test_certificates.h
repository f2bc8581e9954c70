// Certificates for tests of TLS, made on the spot.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace payload_manager::testing {

struct TlsIdentity {
  std::string certificate_pem;
  std::string key_pem;
};

// A certificate authority (ECDSA P-256, valid for a day). Throws std::runtime_error when OpenSSL
// fails. Threads: used by one at a time.
class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name);
  ~TestAuthority();

  std::string root_pem() const;
  // A server's certificate for these DNS names; `*.spot.robot` covers all of a robot's authorities.
  TlsIdentity Issue(const std::vector<std::string>& dns_names);
  // The same, but out of date.
  TlsIdentity IssueExpired(const std::vector<std::string>& dns_names);
  // The same, but not valid before tomorrow.
  TlsIdentity IssueForTomorrow(const std::vector<std::string>& dns_names);
  // The same, but good for clients only.
  TlsIdentity IssueForClients(const std::vector<std::string>& dns_names);

 private:
  struct Keys;
  TlsIdentity Make(const std::vector<std::string>& dns_names, long from, long until,
                   const std::string& usage = {});
  const std::unique_ptr<Keys> keys_;
};

}  // namespace payload_manager::testing
