#include "software_update/software_packages.h"

namespace mock_robot {
namespace {

using bosdyn::api::GetAvailableSoftwareUpdatesRequest;
using bosdyn::api::SoftwarePackageVersion;
using bosdyn::api::SoftwareUpdateStatus;
using bosdyn::api::StagedSoftwarePackage;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr RobotTime kStart{std::chrono::hours(1)};

SoftwarePackageVersion Version(const std::string& name, int major = 1) {
  SoftwarePackageVersion version;
  version.set_package_name(name);
  version.mutable_version()->set_major_version(major);
  return version;
}
SoftwareUpdateStatus Status(const std::string& name) {
  SoftwareUpdateStatus status;
  status.set_package_name(name);
  status.set_status(SoftwareUpdateStatus::STATUS_INSTALLING);
  return status;
}
StagedSoftwarePackage Staged(const std::string& name) {
  StagedSoftwarePackage staged;
  *staged.mutable_version_info() = Version(name, 2);
  staged.set_url("https://192.168.50.3/" + name);
  return staged;
}
GetAvailableSoftwareUpdatesRequest Ask(const std::vector<std::string>& names) {
  GetAvailableSoftwareUpdatesRequest request;
  for (const auto& name : names) request.add_package_names(name);
  return request;
}

TEST(SoftwarePackages, AreAsPayloadsLastReported) {
  SoftwarePackages packages;
  ASSERT_TRUE(packages.SetCurrentVersion(Version("lidar", 1), "guid", kStart).ok());
  ASSERT_TRUE(packages.SetCurrentVersion(Version("lidar", 2), "guid", kStart).ok());
  ASSERT_TRUE(packages.SetStatus(Status("lidar"), "another", kStart + std::chrono::hours(1)).ok());
  const auto known = packages.Describe();
  ASSERT_EQ(known.size(), 1u);
  EXPECT_EQ(known[0].package_name, "lidar");
  EXPECT_EQ(known[0].current->version().major_version(), 2);
  EXPECT_EQ(known[0].status->status(), SoftwareUpdateStatus::STATUS_INSTALLING);
  EXPECT_FALSE(known[0].staged.has_value());
  EXPECT_EQ(known[0].reporter, "another");
  EXPECT_EQ(known[0].reported_at, kStart + std::chrono::hours(1));
}

TEST(SoftwarePackages, ThatAreStagedAreAvailableByName) {
  SoftwarePackages packages;
  ASSERT_TRUE(packages.Stage(Staged("lidar")).ok());
  ASSERT_TRUE(packages.Stage(Staged("camera")).ok());
  ASSERT_TRUE(packages.SetCurrentVersion(Version("radar"), {}, kStart).ok());
  const auto available = packages.Available(Ask({"radar", "nobody", "camera", "camera"}));
  ASSERT_EQ(available.size(), 1u);
  EXPECT_EQ(available[0].url(), "https://192.168.50.3/camera");
  EXPECT_THAT(packages.Available(Ask({})), IsEmpty());
  EXPECT_TRUE(packages.Unstage("camera").ok());
  EXPECT_EQ(packages.Unstage("camera").result, AdminResult::kUnknownService);
  EXPECT_THAT(packages.Available(Ask({"camera"})), IsEmpty());
}

TEST(SoftwarePackages, NeedAName) {
  SoftwarePackages packages;
  EXPECT_EQ(packages.SetCurrentVersion(Version(""), {}, kStart).error().message,
            "package_version.package_name is empty");
  EXPECT_EQ(packages.SetStatus(Status(""), {}, kStart).error().message,
            "update_status.package_name is empty");
  EXPECT_FALSE(packages.Stage(Staged("")).ok());
  EXPECT_THAT(packages.Describe(), IsEmpty());
}

TEST(SoftwarePackages, AreBoundedInNumberAndSize) {
  SoftwarePackages packages;
  SoftwarePackageVersion large = Version("large");
  large.set_build_id(std::string(SoftwarePackages::kLargestBytes, 'x'));
  EXPECT_THAT(packages.SetCurrentVersion(large, {}, kStart).error().message,
              HasSubstr("larger than"));
  for (std::size_t i = 0; i < SoftwarePackages::kMostPackages; ++i) {
    ASSERT_TRUE(packages.SetStatus(Status(std::to_string(i)), {}, kStart).ok());
  }
  EXPECT_THAT(packages.SetStatus(Status("more"), {}, kStart).error().message, HasSubstr("1000"));
  EXPECT_FALSE(packages.Stage(Staged("more")).ok());
  EXPECT_TRUE(packages.SetStatus(Status("7"), {}, kStart).ok());
}

}  // namespace
}  // namespace mock_robot
