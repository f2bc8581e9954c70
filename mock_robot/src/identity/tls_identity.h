// What the robot proves itself with: a certificate for every *.spot.robot, signed by a root of its
// own that clients trust.
#pragma once

#include <filesystem>
#include <string>

#include "payload_manager/base/outcome.h"
#include "payload_manager/base/secret.h"

namespace mock_robot {

struct TlsIdentity {
  std::string root_pem;
  std::string certificate_pem;
  payload_manager::Secret key_pem;
};

// A new identity, good for ten years of real time: ECDSA P-256, for `*.spot.robot`, localhost,
// 127.0.0.1 and ::1. The root's key is thrown away once it has signed.
payload_manager::Checked<TlsIdentity> MakeTlsIdentity();

// The identity in `directory` (root.pem, server.pem and, mode 0600, server-key.pem), or a new one
// saved there if it has no root.pem; robots that start at once agree on one. A directory that is
// missing is made, readable by all. An identity that is there but is expired, damaged or not
// complete is a problem that names the file: it is not replaced, because clients trust it. Blocks
// on the disk, and while another robot makes its identity there.
payload_manager::Checked<TlsIdentity> LoadOrMakeTlsIdentity(const std::filesystem::path& directory);

}  // namespace mock_robot
