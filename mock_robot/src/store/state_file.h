// The state file of a robot: an SQLite database that only we write.
//
// Format, version 1: application_id kApplicationId, user_version 1, journal mode WAL, four strict
// tables (state_file.cc). A later version that changes them raises user_version and brings a step
// from each older one, run in one transaction on opening; a file of a version that a program does
// not know is refused, never guessed at.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "payload_manager/base/outcome.h"
#include "store/store.h"

namespace mock_robot {

inline constexpr std::uint32_t kApplicationId = 0x53504d52;  // "SPMR"
inline constexpr std::uint32_t kStateFileVersion = 1;

struct OpenedState {
  std::unique_ptr<Store> store;
  KeptState kept;
};

// Opens `path`, or makes it (whole from the first moment, mode 0600, in a folder that exists), for
// this process alone until the store is destroyed. Blocks on the disk.
//
// Refuses with a Problem that names the file, and leaves it byte for byte as it was: what is not
// ours, what a newer version wrote, what is damaged anywhere, what others may read, what another
// process or another robot of this process has open.
payload_manager::Checked<OpenedState> OpenStateFile(const std::filesystem::path& path);

}  // namespace mock_robot
