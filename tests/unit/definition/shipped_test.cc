// The definitions we ship must be beyond reproach: vendors copy them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/definition.h"

namespace payload_manager {
namespace {

bosdyn::api::Payload Shipped(const std::string& name) {
  auto parsed =
      ParseDefinitionFile(std::string(PLUGIN_SOURCE_DIR) + "/" + name + "/" + name + ".textproto");
  EXPECT_TRUE(parsed.ok()) << parsed.error().message;
  return parsed ? *parsed : bosdyn::api::Payload();
}

TEST(ShippedDefinitions, HaveNeitherErrorsNorWarnings) {
  for (const char* name : {"core_io", "gas_sensor", "lidar"}) {
    const DefinitionReport report = ValidateDefinition(Shipped(name));
    for (const auto& finding : report.errors) ADD_FAILURE() << name << ": " << finding.message;
    for (const auto& finding : report.warnings) ADD_FAILURE() << name << ": " << finding.message;
  }
}

TEST(ShippedDefinitions, TheLidarHasAFrontAndARearPreset) {
  const auto lidar = Shipped("lidar");
  ASSERT_EQ(lidar.preset_configurations_size(), 2);
  const auto& front = lidar.preset_configurations(0);
  const auto& rear = lidar.preset_configurations(1);
  EXPECT_EQ(front.label_prefix(0), "mount_port:front");
  EXPECT_EQ(rear.label_prefix(0), "mount_port:rear");
  EXPECT_GT(front.mount_tform_payload().position().x(), 0);
  EXPECT_LT(rear.mount_tform_payload().position().x(), 0);
}

TEST(ShippedDefinitions, TheGasSensorLimitsTheHindLegs) {
  const auto sensor = Shipped("gas_sensor");
  ASSERT_EQ(sensor.mass_volume_properties().joint_limits_size(), 2);
  EXPECT_EQ(sensor.mass_volume_properties().joint_limits(0).label(), "hl");
  EXPECT_EQ(sensor.mass_volume_properties().joint_limits(1).label(), "hr");
}

TEST(ShippedDefinitions, CoreIoHasTheDocumentedFigures) {
  const auto core_io = Shipped("core_io");
  const auto& mass = core_io.mass_volume_properties();
  EXPECT_DOUBLE_EQ(core_io.mount_tform_payload().position().x(), -0.259);
  EXPECT_FLOAT_EQ(mass.total_mass(), 3.11f);
  EXPECT_FLOAT_EQ(mass.moi_tensor().xz(), -0.00340958f);
  ASSERT_EQ(mass.bounding_box_size(), 2);
  EXPECT_DOUBLE_EQ(mass.bounding_box(0).box().size().x(), 0.26);
  EXPECT_DOUBLE_EQ(mass.bounding_box(1).box().size().z(), 0.134);
}

}  // namespace
}  // namespace payload_manager
