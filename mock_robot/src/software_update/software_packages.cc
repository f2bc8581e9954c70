#include "software_update/software_packages.h"

#include <set>

namespace mock_robot {

using bosdyn::api::GetAvailableSoftwareUpdatesRequest;
using bosdyn::api::SoftwarePackageVersion;
using bosdyn::api::SoftwareUpdateStatus;
using bosdyn::api::StagedSoftwarePackage;
using payload_manager::Done;
using payload_manager::Failed;

namespace {

std::string Full() {
  return "cannot be taken: " + std::to_string(SoftwarePackages::kMostPackages) +
         " packages are known";
}
std::string TooLarge() {
  return "is larger than " + std::to_string(SoftwarePackages::kLargestBytes) + " bytes";
}

}  // namespace

// Null if the name is new and may not be added.
SoftwareInfo* SoftwarePackages::Find(const std::string& name) {
  const auto found = packages_.find(name);
  if (found != packages_.end()) return &found->second;
  if (packages_.size() >= kMostPackages) return nullptr;
  SoftwareInfo& info = packages_[name];
  info.package_name = name;
  return &info;
}

Answer<Done> SoftwarePackages::SetCurrentVersion(const SoftwarePackageVersion& version,
                                                 std::string_view reporter, RobotTime now) {
  const auto refuse = [](const std::string& why) {
    return Failed{InvalidRequest{"package_version" + why}};
  };
  if (version.package_name().empty()) return refuse(".package_name is empty");
  if (version.ByteSizeLong() > kLargestBytes) return refuse(' ' + TooLarge());
  SoftwareInfo* info = Find(version.package_name());
  if (info == nullptr) return refuse(' ' + Full());
  info->current = version;
  info->reporter = reporter;
  info->reported_at = now;
  return Done{};
}

Answer<Done> SoftwarePackages::SetStatus(const SoftwareUpdateStatus& status,
                                         std::string_view reporter, RobotTime now) {
  const auto refuse = [](const std::string& why) {
    return Failed{InvalidRequest{"update_status" + why}};
  };
  if (status.package_name().empty()) return refuse(".package_name is empty");
  if (status.ByteSizeLong() > kLargestBytes) return refuse(' ' + TooLarge());
  SoftwareInfo* info = Find(status.package_name());
  if (info == nullptr) return refuse(' ' + Full());
  info->status = status;
  info->reporter = reporter;
  info->reported_at = now;
  return Done{};
}

std::vector<StagedSoftwarePackage> SoftwarePackages::Available(
    const GetAvailableSoftwareUpdatesRequest& request) const {
  std::vector<StagedSoftwarePackage> available;
  if (request.package_names().empty() && no_names_mean_all_) {
    for (const auto& [name, info] : packages_) {
      if (info.staged) available.push_back(*info.staged);
    }
  }
  std::set<std::string_view> seen;
  for (const std::string& name : request.package_names()) {
    const auto found = packages_.find(name);
    if (found == packages_.end() || !found->second.staged || !seen.insert(name).second) continue;
    available.push_back(*found->second.staged);
  }
  return available;
}

AdminAnswer SoftwarePackages::Stage(const StagedSoftwarePackage& package) {
  const std::string& name = package.version_info().package_name();
  if (name.empty()) return {AdminResult::kWrongState, "the package has no name"};
  if (package.ByteSizeLong() > kLargestBytes) {
    return {AdminResult::kWrongState, "the package's description " + TooLarge()};
  }
  SoftwareInfo* info = Find(name);
  if (info == nullptr) return {AdminResult::kWrongState, "the package " + Full()};
  info->staged = package;
  return {AdminResult::kOk, "staged"};
}

AdminAnswer SoftwarePackages::Unstage(std::string_view package_name) {
  const auto found = packages_.find(package_name);
  if (found == packages_.end() || !found->second.staged) {
    return {AdminResult::kUnknownService,
            "no package '" + std::string(package_name) + "' is staged"};
  }
  found->second.staged.reset();
  if (!found->second.current && !found->second.status) packages_.erase(found);
  return {AdminResult::kOk, "no longer staged"};
}

std::vector<SoftwareInfo> SoftwarePackages::Describe() const {
  std::vector<SoftwareInfo> infos;
  infos.reserve(packages_.size());
  for (const auto& [name, info] : packages_) infos.push_back(info);
  return infos;
}

}  // namespace mock_robot
