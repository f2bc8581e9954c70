// What the robot flags in a definition: each flag alone, on both sides of its limit.
#include <google/protobuf/text_format.h>

#include <string>
#include <vector>

#include "mock_robot/registry.h"

namespace mock_robot {
namespace {

using bosdyn::api::Payload;
using payload_manager::Secret;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr RobotTime kStart{std::chrono::hours(1)};

// Text format, added to a definition about which there is nothing to say.
Payload Definition(const std::string& addition) {
  Payload definition;
  definition.set_guid("guid-of-a-payload");
  definition.set_name("Lidar");
  definition.set_mount_frame_name(bosdyn::api::MOUNT_FRAME_BODY_PAYLOAD);
  google::protobuf::TextFormat::Parser parser;
  EXPECT_TRUE(parser.MergeFromString(addition, &definition)) << addition;
  return definition;
}

std::vector<std::string> WarningsAbout(const Payload& definition,
                                       const std::string& secret = "secret-of-a-payload") {
  Registry registry;
  EXPECT_TRUE(registry.Register(definition, Secret(secret), kStart).ok());
  return registry.Describe()[0].warnings;
}

std::string Times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}
std::string Mass(const std::string& fields) { return "mass_volume_properties { " + fields + " }"; }
std::string Box(const std::string& size, const std::string& more = "frame_name: 'payload'") {
  return Mass("bounding_box { box { size { " + size + " } } " + more + " }");
}
std::string Limits(const std::string& fields) { return Mass("joint_limits { " + fields + " }"); }

struct Flag {
  std::string text;
  std::string fine;
  std::string flagged;
};

TEST(DefinitionWarnings, AreOnePerFlagAndBeginBeyondItsLimit) {
  const std::string frame = "frame_name: 'payload' ";
  const std::vector<Flag> flags = {
      {"GUID is shorter", "GUID: '123456789012'", "GUID: '12345678901'"},
      {"GUID is shorter", "GUID: 'ääääääääääää'", "GUID: 'äääääääääää'"},
      {"name is empty", "name: 'n'", "name: ''"},
      {"name is longer", "name: '" + Times(50, "ä") + "'", "name: '" + Times(51, "n") + "'"},
      {"description is longer", "description: '" + Times(250, "ä") + "'",
       "description: '" + Times(251, "d") + "'"},
      {"mount_frame_name", "mount_frame_name: MOUNT_FRAME_WR1",
       "mount_frame_name: MOUNT_FRAME_UNKNOWN"},
      {"liveness_timeout_secs", "liveness_timeout_secs: 0", "liveness_timeout_secs: -0.001"},
      {"liveness_timeout_secs", "liveness_timeout_secs: 1e9", "liveness_timeout_secs: inf"},
      {"ipv4_address", "ipv4_address: '192.168.50.5'", "ipv4_address: '192.168.50.256'"},
      {"ipv4_address", "ipv4_address: '0.0.0.0'", "ipv4_address: '192.168.50.5\\000.1'"},
      {"ipv4_address", "ipv4_address: ''", "ipv4_address: 'fe80::1'"},
      {"mount_tform_payload.position is beyond", "mount_tform_payload { position { z: -2 } }",
       "mount_tform_payload { position { z: -2.001 } }"},
      {"mount_tform_payload.position holds", "mount_tform_payload { position { x: 2 } }",
       "mount_tform_payload { position { x: nan } }"},
      {"mount_tform_payload.rotation", "mount_tform_payload { rotation { w: 0.9991 } }",
       "mount_tform_payload { rotation { w: 0.9989 } }"},
      {"mount_tform_payload.rotation", "mount_tform_payload { rotation { w: 1.0009 } }",
       "mount_tform_payload { rotation { } }"},
      {"total_mass is negative", Mass("total_mass: 0"), Mass("total_mass: -0.1")},
      {"total_mass is negative", Mass("total_mass: 1"), Mass("total_mass: nan")},
      {"com_pos_rt_payload", Mass("com_pos_rt_payload { y: 0.1 }"),
       Mass("com_pos_rt_payload { y: inf }")},
      {"moi_tensor holds", Mass("moi_tensor { xx: 1 yy: 1 zz: 1 }"),
       Mass("moi_tensor { xx: 1 yy: 1 zz: 1 xz: nan }")},
      {"moi_tensor is not", Mass("moi_tensor { xx: 0 yy: 0 zz: 0 }"),
       Mass("moi_tensor { zz: -1 }")},
      {"moi_tensor is not", Mass("moi_tensor { xx: 2 yy: 1 zz: 1 yz: 1 }"),
       Mass("moi_tensor { xx: 2 yy: 1 zz: 1 yz: 1.01 }")},
      // The largest moment of a body is at most the sum of the others, about whichever axes.
      {"triangle rule", Mass("moi_tensor { xx: 1 yy: 1 zz: 2.01 }"),
       Mass("moi_tensor { xx: 1 yy: 1 zz: 2.03 }")},
      {"triangle rule", Mass("moi_tensor { xx: 1 yy: 1 zz: 1 yz: 0.33 }"),
       Mass("moi_tensor { xx: 0.5 yy: 1 zz: 1 yz: 0.9 }")},
      // Each pair of axes is possible, the three together are not.
      {"moi_tensor is not", Mass("moi_tensor { xx: 1 yy: 1 zz: 1 xy: -0.5 xz: -0.5 yz: -0.5 }"),
       Mass("moi_tensor { xx: 1 yy: 1 zz: 1 xy: -0.6 xz: -0.6 yz: -0.6 }")},
      {"size is not positive", Box("x: 0.001 y: 0.001 z: 0.001"), Box("x: 0.1 y: 0.1 z: 0")},
      {"size is not positive", Box("x: 1 y: 0.1 z: 1"), Box("x: nan y: 0.1 z: 1")},
      {"frame is not 'payload'", Box("x: 1 y: 0.1 z: 1"), Box("x: 1 y: 0.1 z: 1", "")},
      {"wider than 0.19 m", Box("x: 1 y: 0.19 z: 1"), Box("x: 1 y: 0.191 z: 1")},
      {"com_pos_rt_payload is outside",
       Box("x: 1 y: 0.1 z: 1") + Mass("total_mass: 1 com_pos_rt_payload { y: -0.05 }"),
       Box("x: 1 y: 0.1 z: 1") + Mass("total_mass: 1 com_pos_rt_payload { y: -0.051 }")},
      // In one of two boxes; in one that is turned by a right angle about z.
      {"com_pos_rt_payload is outside",
       Box("x: 0.1 y: 0.1 z: 0.1") +
           Box("x: 0.1 y: 0.1 z: 0.1", frame + "frame_name_tform_box { position { x: 0.2 } }") +
           Mass("total_mass: 1 com_pos_rt_payload { x: 0.24 }"),
       Box("x: 0.1 y: 0.1 z: 0.1") +
           Box("x: 0.1 y: 0.1 z: 0.1", frame + "frame_name_tform_box { position { x: 0.2 } }") +
           Mass("total_mass: 1 com_pos_rt_payload { x: 0.1 }")},
      {"com_pos_rt_payload is outside",
       Box("x: 0.1 y: 1 z: 1", frame + "frame_name_tform_box { rotation { z: 0.70710678118654752 "
                                       "w: 0.70710678118654752 } }") +
           Mass("total_mass: 1 com_pos_rt_payload { x: 0.4 }"),
       Box("x: 0.1 y: 0.1 z: 1", frame + "frame_name_tform_box { rotation { z: 0.70710678118654752 "
                                         "w: 0.70710678118654752 } }") +
           Mass("total_mass: 1 com_pos_rt_payload { x: 0.4 }")},
      {"link_speed", "link_speed: 0", "link_speed: 101"},
      {"link_speed", "link_speed: 2500", "link_speed: -1"},
      // Turned by a right angle about z.
      {"wider than 0.19 m",
       Box("x: 0.19 y: 1 z: 1", frame + "frame_name_tform_box { rotation { z: 0.70710678118654752 "
                                        "w: 0.70710678118654752 } }"),
       Box("x: 1 y: 0.19 z: 1", frame + "frame_name_tform_box { rotation { z: 0.70710678118654752 "
                                        "w: 0.70710678118654752 } }")},
      {"wider than 0.19 m",
       "mount_tform_payload { rotation { z: 0.70710678118654752 w: 0.70710678118654752 } }" +
           Box("x: 0.19 y: 1 z: 1"),
       "mount_tform_payload { rotation { z: 0.70710678118654752 w: 0.70710678118654752 } }" +
           Box("x: 0.2 y: 0.1 z: 1")},
      // Two boxes that are narrow by themselves.
      {"wider than 0.19 m",
       Box("x: 1 y: 0.1 z: 1") +
           Box("x: 1 y: 0.1 z: 1", frame + "frame_name_tform_box { position { y: 0.09 } }"),
       Box("x: 1 y: 0.1 z: 1") +
           Box("x: 1 y: 0.1 z: 1", frame + "frame_name_tform_box { position { y: 0.1 } }")},
      {"label that is no leg", Limits("label: 'fr' hy: 1.31 hx: -0.1"),
       Limits("label: 'FR' hy: 1.31 hx: -0.1")},
      {"different length", Limits("label: 'hl' hy: 2 hx: 0.1"),
       Limits("label: 'hl' hy: [2, 2] hx: 1")},
      {"hy that is not above 1.3", Limits("label: 'fl' hy: 1.31 hx: 1"),
       Limits("label: 'fl' hy: 1.3 hx: 1")},
      {"hy that is not above 1.3", Limits("label: 'fl' hy: 3 hx: 1"),
       Limits("label: 'fl' hy: nan hx: 1")},
      {"hx of the wrong sign", Limits("label: 'fl' hy: 2 hx: 0.001"),
       Limits("label: 'fl' hy: 2 hx: 0")},
      {"hx of the wrong sign", Limits("label: 'hr' hy: 2 hx: -0.001"),
       Limits("label: 'hr' hy: 2 hx: 0.001")},
      {"[one] is there twice",
       "preset_configurations { preset_name: 'one' } preset_configurations { preset_name: 'two' }",
       "preset_configurations { preset_name: 'one' } preset_configurations { preset_name: 'one' }"},
      {"has no name", "preset_configurations { preset_name: 'one' }", "preset_configurations { }"},
      {"[one].mass_volume_properties.total_mass",
       "preset_configurations { preset_name: 'one' " + Mass("total_mass: 25") + " }",
       "preset_configurations { preset_name: 'one' " + Mass("total_mass: 26") + " }"},
      {"[one].mount_tform_payload.position",
       "preset_configurations { preset_name: 'one' mount_tform_payload { position { y: 2 } } }",
       "preset_configurations { preset_name: 'one' mount_tform_payload { position { y: 2.1 } } }"},
  };
  for (const Flag& flag : flags) {
    EXPECT_THAT(WarningsAbout(Definition(flag.fine)), IsEmpty()) << flag.fine;
    EXPECT_THAT(WarningsAbout(Definition(flag.flagged)), ElementsAre(HasSubstr(flag.text)))
        << flag.flagged;
  }
}

TEST(DefinitionWarnings, AreAboutASingleHeavyPayload) {
  const std::string heavy = "total_mass is over 25 kg";
  EXPECT_THAT(WarningsAbout(Definition(Mass("total_mass: 25"))), Not(Contains(HasSubstr(heavy))));
  EXPECT_THAT(WarningsAbout(Definition(Mass("total_mass: 25.1"))), ElementsAre(HasSubstr(heavy)));
}

// Only the robot knows all of them. What the heaviest brings is not told again of it.
TEST(DefinitionWarnings, AreAboutTheMassOfAllPayloadsTogether) {
  Registry registry;
  const auto add = [&registry](const std::string& guid, const std::string& mass) {
    const Payload definition = Definition("GUID: '" + guid + "' " + Mass("total_mass: " + mass));
    EXPECT_TRUE(registry.Register(definition, Secret("secret-of-a-payload"), kStart).ok());
  };
  const auto flagged = [&registry] {
    std::string guids;
    for (const PayloadInfo& info : registry.Describe()) {
      for (const std::string& warning : info.warnings) {
        if (warning.find("over 14 kg together") != std::string::npos)
          guids += info.payload.guid()[0];
      }
    }
    return guids;
  };
  add("a-payload-of-6-kg", "6");
  add("b-payload-of-8-kg", "8");
  add("c-payload-of-none", "0");
  add("d-payload-of-nan-kg", "nan");
  EXPECT_EQ(flagged(), "");
  add("e-payload-of-0.1-kg", "0.1");
  EXPECT_EQ(flagged(), "abe");
  ASSERT_TRUE(registry.Forget("a-payload-of-6-kg", kStart).ok());
  EXPECT_EQ(flagged(), "");
  add("f-payload-of-26-kg", "26");
  EXPECT_EQ(flagged(), "be");
}

TEST(DefinitionWarnings, AreAboutTheSecretToo) {
  EXPECT_THAT(WarningsAbout(Definition(""), "123456789012"), IsEmpty());
  EXPECT_THAT(WarningsAbout(Definition(""), "12345678901"),
              ElementsAre("payload_secret is shorter than 12 characters"));
  EXPECT_THAT(WarningsAbout(Definition(""), ""), ElementsAre(HasSubstr("payload_secret is empty")));
}

TEST(DefinitionWarnings, AreFewAndShortHoweverWildTheDefinition) {
  Payload definition = Definition("");
  for (int i = 0; i < 900; ++i) definition.add_preset_configurations();
  for (int i = 0; i < 2; ++i) {
    definition.add_preset_configurations()->set_preset_name(std::string(1 << 18, 'p'));
  }
  const std::vector<std::string> warnings = WarningsAbout(definition);
  ASSERT_EQ(warnings.size(), 21u);
  EXPECT_EQ(warnings.back(), "and 881 more");
  definition.mutable_preset_configurations()->DeleteSubrange(0, 900);
  for (const std::string& warning : WarningsAbout(definition)) EXPECT_LT(warning.size(), 200u);
}

}  // namespace
}  // namespace mock_robot
