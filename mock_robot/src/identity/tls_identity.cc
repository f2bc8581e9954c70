#include "identity/tls_identity.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "identity/x509.h"
#include "payload_manager/base/files.h"

namespace mock_robot {
namespace {

namespace fs = std::filesystem;
using payload_manager::Checked;
using payload_manager::Failed;
using payload_manager::FileMode;
using payload_manager::Problem;
using payload_manager::Secret;

Failed<Problem> Unusable(const fs::path& file, const std::string& why) {
  return Failed{Problem{file.string() + " " + why +
                        "; remove the .pem files of its directory to make a new identity"}};
}

Checked<TlsIdentity> Load(const fs::path& directory) {
  const fs::path root_file = directory / "root.pem";
  const fs::path server_file = directory / "server.pem";
  const fs::path key_file = directory / "server-key.pem";
  auto root_pem = payload_manager::ReadSmallFile(root_file);
  if (!root_pem) return Failed{root_pem.error()};
  auto server_pem = payload_manager::ReadSmallFile(server_file);
  if (!server_pem) return Failed{server_pem.error()};
  auto key_pem = payload_manager::ReadPrivateFile(key_file);
  if (!key_pem) return Failed{key_pem.error()};

  const x509::Certificate root = x509::CertificateFromPem(*root_pem);
  if (!root) return Unusable(root_file, "is not a certificate");
  const x509::Certificate server = x509::CertificateFromPem(*server_pem);
  if (!server) return Unusable(server_file, "is not a certificate");
  const x509::Key key = x509::KeyFromPem(*key_pem);
  if (!key) return Unusable(key_file, "is not a private key");
  if (!x509::IsInItsTime(root.get())) return Unusable(root_file, "has expired");
  if (!x509::IsInItsTime(server.get())) return Unusable(server_file, "has expired");
  if (!x509::IsSignedBy(server.get(), root.get())) {
    return Unusable(server_file, "is not signed by root.pem");
  }
  if (!x509::IsFor(server.get(), key.get())) {
    return Unusable(key_file, "is not the key of server.pem");
  }
  if (!x509::CoversRobotNames(server.get())) {
    return Unusable(server_file, "does not cover *.spot.robot, localhost and loopback addresses");
  }
  TlsIdentity identity;
  identity.root_pem = std::move(*root_pem);
  identity.certificate_pem = std::move(*server_pem);
  identity.key_pem = Secret(*key_pem);
  return identity;
}

// Keeps other robots, of this process and of others, from looking into the directory while its
// files are being made. The lock is the directory's own, so a directory that cannot be written can
// be used as long as there is an identity in it, and it goes with its holder however that ends.
// Where the file system has no locks the first starts of two robots must not coincide.
class DirectoryLock {
 public:
  explicit DirectoryLock(const fs::path& directory)
      : fd_(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    while (fd_ >= 0 && flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~DirectoryLock() {
    if (fd_ >= 0) close(fd_);
  }
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int fd_;
};

}  // namespace

Checked<TlsIdentity> MakeTlsIdentity() {
  const x509::Key root_key = x509::MakeKey();
  const x509::Key key = x509::MakeKey();
  const x509::Certificate root = root_key ? x509::MakeRoot(root_key.get()) : nullptr;
  const x509::Certificate server =
      root && key ? x509::MakeServer(key.get(), root.get(), root_key.get()) : nullptr;
  if (!server) return Failed{Problem{"OpenSSL cannot make a certificate"}};
  TlsIdentity identity;
  identity.root_pem = x509::ToPem(root.get());
  identity.certificate_pem = x509::ToPem(server.get());
  identity.key_pem = Secret(x509::ToPem(key.get()));
  if (identity.root_pem.empty() || identity.certificate_pem.empty() || identity.key_pem.empty()) {
    return Failed{Problem{"OpenSSL cannot write a certificate as PEM"}};
  }
  return identity;
}

Checked<TlsIdentity> LoadOrMakeTlsIdentity(const fs::path& directory) {
  std::error_code error;
  // Open to all, unlike the key: clients of other accounts read the root certificate.
  fs::create_directories(directory, error);
  if (error) return Failed{Problem{directory.string() + ": " + error.message()}};
  const DirectoryLock lock(directory);
  const bool there = fs::exists(directory / "root.pem", error);
  if (error) return Failed{Problem{directory.string() + ": " + error.message()}};
  if (there) return Load(directory);

  Checked<TlsIdentity> identity = MakeTlsIdentity();
  if (!identity) return identity;
  // root.pem comes last: until it is there, the identity does not exist and is made afresh.
  auto written = payload_manager::WriteFileAtomically(
      directory / "server-key.pem", identity->key_pem.Reveal(), FileMode::kPrivate);
  if (written) {
    written = payload_manager::WriteFileAtomically(directory / "server.pem",
                                                   identity->certificate_pem, FileMode::kPublic);
  }
  if (written) {
    written = payload_manager::WriteFileAtomically(directory / "root.pem", identity->root_pem,
                                                   FileMode::kPublic);
  }
  if (!written) return Failed{written.error()};
  return identity;
}

}  // namespace mock_robot
