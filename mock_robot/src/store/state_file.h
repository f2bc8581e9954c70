// The state file of a robot: an SQLite database that only we write.
//
// Format, version 1: application_id kApplicationId, user_version 1, journal mode WAL, the strict
// tables of kStateFileSchema, each row with a digest of itself, so that damage shows wherever it
// is. A later version that changes them raises user_version and brings a step from each older one,
// run in one transaction on opening; a file of a version that a program does not know is refused,
// never guessed at.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "payload_manager/base/outcome.h"
#include "store/store.h"

namespace mock_robot {

inline constexpr std::uint32_t kApplicationId = 0x53504d52;  // "SPMR"
inline constexpr std::uint32_t kStateFileVersion = 1;
inline constexpr const char* kStateFileSchema = R"(
CREATE TABLE robot(
  id INTEGER PRIMARY KEY CHECK(id=1),
  signing_key BLOB NOT NULL,
  last_payload_epoch INTEGER NOT NULL,
  last_user_epoch INTEGER NOT NULL,
  seal BLOB NOT NULL) STRICT;
CREATE TABLE payload(
  ordinal INTEGER PRIMARY KEY,
  guid TEXT NOT NULL UNIQUE,
  definition BLOB NOT NULL,
  salt BLOB,
  digest BLOB,
  warnings TEXT NOT NULL,
  authorized INTEGER NOT NULL,
  attached INTEGER NOT NULL,
  preset TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  registrations INTEGER NOT NULL,
  first_registered INTEGER NOT NULL,
  last_registered INTEGER NOT NULL,
  authorize_at INTEGER,
  seal BLOB NOT NULL) STRICT;
CREATE TABLE user(
  name TEXT PRIMARY KEY,
  salt BLOB NOT NULL,
  digest BLOB NOT NULL,
  epoch INTEGER NOT NULL,
  seal BLOB NOT NULL) STRICT, WITHOUT ROWID;
)";

// Opens `path`, or makes it (whole from the first moment, mode 0600, missing folders too), for this
// process alone until the store is destroyed. Blocks on the disk.
//
// Refuses with a Problem that names the file, and leaves it byte for byte as it was: what is not
// ours, what a newer version wrote, what is damaged anywhere, what others may read, what another
// process or another robot of this process has open. After a kill there is a `path`-wal beside it
// that belongs to it. What cannot be told from a commit that never ended, and is ignored therefore:
// damage at the end of that one.
payload_manager::Checked<OpenedState> OpenStateFile(const std::filesystem::path& path);

}  // namespace mock_robot
