// Where the identities of payloads are kept: one folder per robot, one file per payload.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "payload_manager/base/outcome.h"
#include "payload_manager/base/random.h"
#include "payload_manager/credentials.h"

namespace payload_manager {

// Threads: Find and FindOrMake may be called from any thread, for one payload only once at a time.
class IdentityStore {
 public:
  // No `folder`: nothing is kept. `random` must outlive the store.
  IdentityStore(std::optional<std::filesystem::path> folder, RandomSource& random);

  // The identity of the payload on the robot; none when none is kept yet. A GUID fixed by the
  // definition (empty: none is) must agree with the file. Makes nothing. Blocks on the disk.
  Checked<std::optional<PayloadCredentials>> Find(const std::string& robot,
                                                  const std::string& payload_id,
                                                  const std::string& fixed_guid) const;

  // The identity of the payload on the robot, made when there is none yet. `fixed_guid` as
  // for Find. Blocks on the disk.
  Checked<PayloadCredentials> FindOrMake(const std::string& robot, const std::string& payload_id,
                                         const std::string& fixed_guid) const;

  // Whether `name` can name the folder of a robot.
  static Checked<Done> CheckRobotName(const std::string& name);

 private:
  std::optional<std::filesystem::path> folder_;
  RandomSource& random_;
};

}  // namespace payload_manager
