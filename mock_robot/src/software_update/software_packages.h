// Software of payloads that is updated by way of the robot: what lies ready, and what payloads say.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bosdyn/api/payload_software_update.pb.h"
#include "mock_robot/software.h"

namespace mock_robot {

// Threads: none of its own and no locks; one caller at a time.
class SoftwarePackages {
 public:
  // Bounds on what payloads may report and the administrator may stage.
  static constexpr std::size_t kMostPackages = 1000;
  static constexpr std::size_t kLargestBytes = 16 * 1024;

  explicit SoftwarePackages(const Assumptions& assumptions = {})
      : no_names_mean_all_(assumptions.no_names_mean_all) {}

  // What the holder of a token may ask for; `reporter` is the payload whose token it is, empty for
  // a user. An invalid request changes nothing.
  Answer<payload_manager::Done> SetCurrentVersion(
      const bosdyn::api::SoftwarePackageVersion& version, std::string_view reporter, RobotTime now);
  Answer<payload_manager::Done> SetStatus(const bosdyn::api::SoftwareUpdateStatus& status,
                                          std::string_view reporter, RobotTime now);
  // The staged ones among the named packages, in the order of the request, each once.
  std::vector<bosdyn::api::StagedSoftwarePackage> Available(
      const bosdyn::api::GetAvailableSoftwareUpdatesRequest& request) const;

  // What the administrator may do.

  // Lays a package ready, in place of one of the same name.
  AdminAnswer Stage(const bosdyn::api::StagedSoftwarePackage& package);
  AdminAnswer Unstage(std::string_view package_name);

  // Everything known, by package name.
  std::vector<SoftwareInfo> Describe() const;

 private:
  SoftwareInfo* Find(const std::string& name);
  const bool no_names_mean_all_;
  std::map<std::string, SoftwareInfo, std::less<>> packages_;
};

}  // namespace mock_robot
