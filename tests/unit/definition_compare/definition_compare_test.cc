#include "payload_manager/definition_compare.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>

#include "bosdyn/api/payload.pb.h"

namespace payload_manager {
namespace {

using bosdyn::api::Payload;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Payload Definition() {
  Payload payload;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
        GUID: "78b076a2-5c5b-4a1c-9c3b-000000000001"
        name: "Lidar"
        description: "On the rails"
        mount_tform_payload {
          position { x: -0.25 }
          rotation { w: 1 }
        }
        mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD
        label_prefix: "lidar"
        mass_volume_properties {
          total_mass: 3.11
          com_pos_rt_payload { z: 0.07 }
          moi_tensor { xx: 0.0125 yy: 0.0187 zz: 0.0157 }
          bounding_box {
            box { size { x: 0.2 y: 0.19 z: 0.1 } }
            frame_name: "payload"
          }
          joint_limits {
            label: "fr"
            hy: [ 1.4, 2.0 ]
            hx: [ -0.1, -0.2 ]
          }
        }
        preset_configurations {
          preset_name: "rear"
          description: "At the rear"
          mount_tform_payload {
            position { x: -0.4 }
            rotation { z: 1 }
          }
          mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD
          label_prefix: "mount_port:rear"
          mass_volume_properties { total_mass: 3.5 }
        }
        preset_configurations {
          preset_name: "bare"
          mass_volume_properties { total_mass: 2.9 }
        }
      )pb",
      &payload));
  return payload;
}

TEST(CompareDefinitions, ADefinitionAgreesWithItself) {
  EXPECT_THAT(CompareDefinitions(Definition(), Definition()), IsEmpty());
}

TEST(CompareDefinitions, NamesEachFieldWithBothValues) {
  Payload robots = Definition();
  robots.set_name("Radar");
  robots.mutable_mass_volume_properties()->set_total_mass(3.2F);
  robots.mutable_mass_volume_properties()
      ->mutable_bounding_box(0)
      ->mutable_box()
      ->mutable_size()
      ->set_y(0.2);
  robots.mutable_mass_volume_properties()->mutable_joint_limits(0)->set_hx(1, -0.3F);
  robots.set_mount_frame_name(bosdyn::api::MOUNT_FRAME_WR1);
  robots.set_liveness_timeout_secs(5);
  EXPECT_THAT(CompareDefinitions(Definition(), robots),
              ElementsAre("name: ours \"Lidar\", robot \"Radar\"",
                          "mass_volume_properties.total_mass: ours 3.11, robot 3.2",
                          "mass_volume_properties.bounding_box[0].box.size.y: ours 0.19, robot 0.2",
                          "mass_volume_properties.joint_limits[0].hx[1]: ours -0.2, robot -0.3",
                          "mount_frame_name: ours MOUNT_FRAME_BODY_PAYLOAD, robot MOUNT_FRAME_WR1",
                          "liveness_timeout_secs: ours 0, robot 5"));
}

TEST(CompareDefinitions, FieldsOfTheRobotAreLeftAside) {
  Payload robots = Definition();
  robots.set_is_authorized(true);
  robots.set_is_enabled(true);
  robots.mutable_body_tform_payload()->mutable_position()->set_x(1);
  robots.clear_preset_configurations();
  robots.mutable_version()->set_major_version(9);
  EXPECT_THAT(CompareDefinitions(Definition(), robots), IsEmpty());
}

TEST(CompareDefinitions, TheGuidIsComparedRegardlessOfCase) {
  Payload ours = Definition();
  ours.set_guid("ABCDEFAB-5c5b-4a1c-9c3b-000000000001");
  Payload robots = Definition();
  robots.set_guid("abcdefab-5c5b-4a1c-9c3b-000000000001");
  EXPECT_THAT(CompareDefinitions(ours, robots), IsEmpty());
}

TEST(CompareDefinitions, NumbersAgreeWithinWhatTheWireRounds) {
  Payload robots = Definition();
  robots.mutable_mount_tform_payload()->mutable_position()->set_x(-0.25 + 1e-6);
  robots.mutable_mass_volume_properties()->set_total_mass(3.11002F);
  EXPECT_THAT(CompareDefinitions(Definition(), robots), IsEmpty());
  robots.mutable_mass_volume_properties()->set_total_mass(3.1102F);
  EXPECT_THAT(CompareDefinitions(Definition(), robots),
              ElementsAre("mass_volume_properties.total_mass: ours 3.11, robot 3.1102"));
}

TEST(CompareDefinitions, ARotationAndItsNegativeAreTheSameAndNoneIsIdentity) {
  Payload robots = Definition();
  robots.mutable_mount_tform_payload()->mutable_rotation()->set_w(-1);
  EXPECT_THAT(CompareDefinitions(Definition(), robots), IsEmpty());
  robots.mutable_mount_tform_payload()->clear_rotation();
  EXPECT_THAT(CompareDefinitions(Definition(), robots), IsEmpty());
  robots.mutable_mount_tform_payload()->mutable_rotation()->set_x(1);
  EXPECT_THAT(CompareDefinitions(Definition(), robots),
              ElementsAre("mount_tform_payload.rotation: ours (0, 0, 0, 1), robot (1, 0, 0, 0)"));
}

TEST(CompareDefinitions, AnyPresetOfOursThatWasAppliedAgrees) {
  const Payload ours = Definition();
  Payload robots = ours;
  const auto& preset = ours.preset_configurations(0);
  robots.set_description(preset.description());
  *robots.mutable_mount_tform_payload() = preset.mount_tform_payload();
  *robots.mutable_mass_volume_properties() = preset.mass_volume_properties();
  *robots.mutable_label_prefix() = preset.label_prefix();
  EXPECT_THAT(CompareDefinitions(ours, robots), IsEmpty());
}

TEST(CompareDefinitions, APresetMayKeepWhatItDoesNotSay) {
  Payload robots = Definition();
  robots.mutable_mass_volume_properties()->Clear();
  robots.mutable_mass_volume_properties()->set_total_mass(2.9F);
  EXPECT_THAT(CompareDefinitions(Definition(), robots), IsEmpty());
}

TEST(CompareDefinitions, TheDifferencesToTheClosestVariantAreTold) {
  const Payload ours = Definition();
  Payload robots = ours;
  const auto& preset = ours.preset_configurations(0);
  robots.set_description(preset.description());
  *robots.mutable_mount_tform_payload() = preset.mount_tform_payload();
  *robots.mutable_mass_volume_properties() = preset.mass_volume_properties();
  *robots.mutable_label_prefix() = preset.label_prefix();
  robots.mutable_mass_volume_properties()->set_total_mass(3.6F);
  EXPECT_THAT(CompareDefinitions(ours, robots),
              ElementsAre("mass_volume_properties.total_mass: ours 3.5, robot 3.6"));
}

TEST(CompareDefinitions, ListsOfDifferentLengthAreOneDifference) {
  Payload robots = Definition();
  robots.add_label_prefix("more");
  EXPECT_THAT(CompareDefinitions(Definition(), robots),
              ElementsAre("label_prefix: ours 1 entries, robot 2"));
}

TEST(CompareDefinitions, TextsOfTheRobotCannotForgeLines) {
  Payload robots = Definition();
  robots.set_serial_number("a\x1b[2J\nforged");
  EXPECT_THAT(CompareDefinitions(Definition(), robots),
              ElementsAre("serial_number: ours \"\", robot \"a [2J forged\""));
}

TEST(CompareDefinitions, LongTextsAreCutShort) {
  Payload robots = Definition();
  robots.set_serial_number(std::string(300, 'x'));
  EXPECT_THAT(CompareDefinitions(Definition(), robots),
              ElementsAre("serial_number: ours \"\", robot \"" + std::string(40, 'x') + "...\""));
}

}  // namespace
}  // namespace payload_manager
