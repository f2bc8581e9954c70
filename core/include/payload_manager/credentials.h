// Who a payload is: its GUID and the secret that proves it, and the file they are kept in.
#pragma once

#include <filesystem>
#include <string>

#include "payload_manager/base/outcome.h"
#include "payload_manager/base/random.h"
#include "payload_manager/base/secret.h"

namespace payload_manager {

struct PayloadCredentials {
  std::string guid;
  Secret secret;
};

// Reads line 1 as GUID and line 2 as secret, both stripped. Refuses, leaving the file as it is: a
// missing or unreadable file, one that others may read (mode wider than 0600), one with a line
// missing or empty, one with more than two lines of text. Blocks on the disk.
Checked<PayloadCredentials> ReadCredentialsFile(const std::filesystem::path& path);

// Like ReadCredentialsFile, but a file that does not exist is made first: a fresh GUID (or `guid`
// where one is given) and a fresh secret, mode 0600, written whole or not at all. When a file and a
// given `guid` disagree (ignoring case), that is a problem and the file stays. A damaged file is a
// problem too: replacing it would lose the identity that the robot knows.
// A `guid` that the file could not hold (control characters, blanks at its edge) is a problem, and
// nothing is made; an empty one is none.
Checked<PayloadCredentials> ReadOrCreateCredentialsFile(const std::filesystem::path& path,
                                                        RandomSource& random,
                                                        const std::string& guid = {});

}  // namespace payload_manager
