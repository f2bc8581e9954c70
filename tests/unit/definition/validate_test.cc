// One row for what triggers each rule, and nothing else, and one for what just does not.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/definition.h"

namespace payload_manager {
namespace {

using ::testing::StartsWith;
using Rule = DefinitionRule;

bosdyn::api::Payload Lamp() {
  bosdyn::api::Payload payload;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    name: "lamp"
    mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD
    mount_tform_payload { position { x: 0.1 } rotation { w: 1 } }
    mass_volume_properties {
      total_mass: 1
      com_pos_rt_payload { z: 0.05 }
      moi_tensor { xx: 0.01 yy: 0.01 zz: 0.01 }
      bounding_box {
        frame_name: "payload"
        frame_name_tform_box { position { z: 0.05 } rotation { w: 1 } }
        box { size { x: 0.1 y: 0.1 z: 0.1 } }
      }
      joint_limits { label: "hl" hy: 1.4 hy: 2 hx: 0.2 hx: 0.1 }
    })",
                                                            &payload));
  return payload;
}

using MassVolume = bosdyn::api::PayloadMassVolumeProperties;

// A change to a definition that nobody objects to, and the one objection it must raise, if any.
struct Row {
  std::string what;
  std::function<void(bosdyn::api::Payload&, ValidationContext&)> change;
  std::optional<Rule> rule;
  std::string field;  // of the finding
};

// Most rows change the payload alone, many only its mass properties.
Row OfPayload(std::string what, std::function<void(bosdyn::api::Payload&)> change,
              std::optional<Rule> rule = std::nullopt, std::string field = {}) {
  return {std::move(what), [change](auto& payload, auto&) { change(payload); }, rule,
          std::move(field)};
}
Row OfMass(std::string what, std::function<void(MassVolume&)> change,
           std::optional<Rule> rule = std::nullopt, const std::string& field = {}) {
  return {std::move(what),
          [change](auto& payload, auto&) { change(*payload.mutable_mass_volume_properties()); },
          rule, rule ? "mass_volume_properties." + field : ""};
}

std::string Repeated(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

void AddPreset(bosdyn::api::Payload& payload, const std::string& name) {
  auto& preset = *payload.add_preset_configurations();
  preset.set_preset_name(name);
  preset.set_mount_frame_name(payload.mount_frame_name());
  *preset.mutable_mount_tform_payload() = payload.mount_tform_payload();
  *preset.mutable_mass_volume_properties() = payload.mass_volume_properties();
}

void SetInertia(MassVolume& m, float xx, float yy, float zz, float xy = 0) {
  m.mutable_moi_tensor()->set_xx(xx);
  m.mutable_moi_tensor()->set_yy(yy);
  m.mutable_moi_tensor()->set_zz(zz);
  m.mutable_moi_tensor()->set_xy(xy);
}

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<Row> IdentityRows() {
  return {
      OfPayload("a good definition", [](auto&) {}),
      OfPayload(
          "no name", [](auto& p) { p.clear_name(); }, Rule::kEmptyName, "name"),
      OfPayload("name of one character", [](auto& p) { p.set_name("x"); }),
      OfPayload(
          "name of 51 characters", [](auto& p) { p.set_name(Repeated("\xc3\xa4", 51)); },
          Rule::kLongName, "name"),
      OfPayload("name of 50 characters", [](auto& p) { p.set_name(Repeated("\xc3\xa4", 50)); }),
      OfPayload(
          "description of 251", [](auto& p) { p.set_description(Repeated("x", 251)); },
          Rule::kLongDescription, "description"),
      OfPayload("description of 250", [](auto& p) { p.set_description(Repeated("x", 250)); }),
      {"empty payload id", [](auto&, auto& c) { c.payload_id = ""; }, Rule::kPayloadId,
       "payload id"},
      {"payload id without vendor", [](auto&, auto& c) { c.payload_id = "lamp"; }, Rule::kPayloadId,
       "payload id"},
      {"payload id", [](auto&, auto& c) { c.payload_id = "a.b"; }, std::nullopt, ""},
      OfPayload(
          "GUID of 11", [](auto& p) { p.set_guid("12345678901"); }, Rule::kShortGuid, "GUID"),
      OfPayload("GUID of 12", [](auto& p) { p.set_guid("123456789012"); }),
      {"secret of 11", [](auto&, auto& c) { c.secret_length = 11; }, Rule::kShortSecret, "secret"},
      {"secret of 12", [](auto&, auto& c) { c.secret_length = 12; }, std::nullopt, ""},
      OfPayload(
          "authorized", [](auto& p) { p.set_is_authorized(true); }, Rule::kIsAuthorizedSet,
          "is_authorized"),
      OfPayload(
          "enabled", [](auto& p) { p.set_is_enabled(true); }, Rule::kIsEnabledSet, "is_enabled"),
      OfPayload("neither", [](auto& p) { p.set_is_authorized(false), p.set_is_enabled(false); }),
      OfPayload(
          "two presets of one name", [](auto& p) { AddPreset(p, "a"), AddPreset(p, "a"); },
          Rule::kDuplicatePreset, "preset_configurations[1].preset_name"),
      OfPayload("two presets", [](auto& p) { AddPreset(p, "a"), AddPreset(p, "A"); }),
      OfPayload(
          "no mount frame", [](auto& p) { p.clear_mount_frame_name(); }, Rule::kNoMountFrame,
          "mount_frame_name"),
      OfPayload("gripper",
                [](auto& p) { p.set_mount_frame_name(bosdyn::api::MOUNT_FRAME_GRIPPER_PAYLOAD); }),
  };
}

std::vector<Row> NetworkRows() {
  const auto liveness = [](double timeout, int interval, int rpc) {
    return [=](bosdyn::api::Payload& p, ValidationContext& c) {
      p.set_liveness_timeout_secs(timeout);
      c.registration_interval = std::chrono::seconds(interval);
      c.rpc_timeout = std::chrono::seconds(rpc);
    };
  };
  return {
      {"negative liveness", liveness(-0.1, 10, 30), Rule::kNegativeLiveness,
       "liveness_timeout_secs"},
      {"no liveness", liveness(0, 10, 30), std::nullopt, ""},
      {"liveness of interval plus timeout", liveness(40, 10, 30), Rule::kLivenessTooShort,
       "liveness_timeout_secs"},
      {"liveness just above", liveness(40.001, 10, 30), std::nullopt, ""},
      {"liveness with another interval", liveness(40.001, 20, 30), Rule::kLivenessTooShort,
       "liveness_timeout_secs"},
      OfPayload(
          "infinite liveness", [](auto& p) { p.set_liveness_timeout_secs(kInfinity); },
          Rule::kNotFinite, "liveness_timeout_secs"),
      OfPayload(
          "IPv6", [](auto& p) { p.set_ipv4_address("::1"); }, Rule::kNotIpv4, "ipv4_address"),
      OfPayload(
          "too large", [](auto& p) { p.set_ipv4_address("192.168.50.256"); }, Rule::kNotIpv4,
          "ipv4_address"),
      OfPayload("IPv4", [](auto& p) { p.set_ipv4_address("192.168.50.255"); }),
      OfPayload(
          "odd link speed", [](auto& p) { p.set_link_speed(101); }, Rule::kLinkSpeed, "link_speed"),
      OfPayload("link speed", [](auto& p) { p.set_link_speed(100); }),
  };
}

std::vector<Row> PoseRows() {
  return {
      OfPayload(
          "2.001 m to the left",
          [](auto& p) { p.mutable_mount_tform_payload()->mutable_position()->set_y(2.001); },
          Rule::kFarAway, "mount_tform_payload.position.y"),
      OfPayload("2 m below",
                [](auto& p) { p.mutable_mount_tform_payload()->mutable_position()->set_z(-2); }),
      OfPayload(
          "a position that is not a number",
          [](auto& p) { p.mutable_mount_tform_payload()->mutable_position()->set_y(kNan); },
          Rule::kNotFinite, "mount_tform_payload.position.y"),
      OfPayload(
          "pose without rotation",
          [](auto& p) { p.mutable_mount_tform_payload()->clear_rotation(); }, Rule::kQuaternionNorm,
          "mount_tform_payload.rotation"),
      OfPayload("no pose", [](auto& p) { p.clear_mount_tform_payload(); }),
      OfPayload(
          "norm 1.0011",
          [](auto& p) { p.mutable_mount_tform_payload()->mutable_rotation()->set_w(1.0011); },
          Rule::kQuaternionNorm, "mount_tform_payload.rotation"),
      OfPayload("norm 0.9991",
                [](auto& p) { p.mutable_mount_tform_payload()->mutable_rotation()->set_w(.9991); }),
      OfMass(
          "norm of a box",
          [](auto& m) {
            m.mutable_bounding_box(0)->mutable_frame_name_tform_box()->clear_rotation();
          },
          Rule::kQuaternionNorm, "bounding_box[0].frame_name_tform_box.rotation"),
      OfPayload(
          "norm in a preset",
          [](auto& p) {
            AddPreset(p, "a");
            p.mutable_preset_configurations(0)->mutable_mount_tform_payload()->clear_rotation();
          },
          Rule::kQuaternionNorm, "preset_configurations[0].mount_tform_payload.rotation"),
  };
}

std::vector<Row> MassRows() {
  const auto others = [](float mass, double others_kg) {
    return [=](bosdyn::api::Payload& p, ValidationContext& c) {
      p.mutable_mass_volume_properties()->set_total_mass(mass);
      c.other_mass_kg = others_kg;
    };
  };
  return {
      OfMass(
          "negative mass", [](auto& m) { m.set_total_mass(-0.1f); }, Rule::kNegativeMass,
          "total_mass"),
      OfMass("no mass", [](auto& m) { m.set_total_mass(0); }),
      OfMass(
          "infinite mass", [](auto& m) { m.set_total_mass(kInfinity); }, Rule::kNotFinite,
          "total_mass"),
      OfMass(
          "25.1 kg", [](auto& m) { m.set_total_mass(25.1f); }, Rule::kHeavy, "total_mass"),
      OfMass(
          "25 kg", [](auto& m) { m.set_total_mass(25); }, Rule::kHeavyTogether, "total_mass"),
      {"6.1 kg and the arm", others(6.1f, 8), Rule::kHeavyTogether,
       "mass_volume_properties.total_mass"},
      {"6 kg and the arm", others(6, 8), std::nullopt, ""},
      OfMass(
          "impossible inertia", [](auto& m) { SetInertia(m, 1, 1, 1, 1.001f); },
          Rule::kInertiaNotPossible, "moi_tensor"),
      OfMass("a thin rod", [](auto& m) { SetInertia(m, 1, 1, 0); }),
      OfMass("a thin rod, turned", [](auto& m) { SetInertia(m, 1, 1, 2, 1); }),
      OfMass(
          "unlikely inertia", [](auto& m) { SetInertia(m, 1, 1, 2.03f); }, Rule::kInertiaUnlikely,
          "moi_tensor"),
      OfMass("a flat plate, within tolerance", [](auto& m) { SetInertia(m, 1, 1, 2.01f); }),
      OfMass(
          "unlikely only when turned", [](auto& m) { SetInertia(m, 1, 1, 1, 0.6f); },
          Rule::kInertiaUnlikely, "moi_tensor"),
      OfMass("likely though turned", [](auto& m) { SetInertia(m, 1, 1, 1, 0.5f); }),
      OfMass("no inertia", [](auto& m) { m.clear_moi_tensor(); }),
      OfPayload(
          "heavy preset",
          [](auto& p) {
            AddPreset(p, "a");
            p.mutable_preset_configurations(0)->mutable_mass_volume_properties()->set_total_mass(
                15);
          },
          Rule::kHeavyTogether, "preset_configurations[0].mass_volume_properties.total_mass"),
  };
}

std::vector<Row> BoxRows() {
  const auto size = [](double x, double y, double z) {
    return [=](MassVolume& m) {
      auto& s = *m.mutable_bounding_box(0)->mutable_box()->mutable_size();
      s.set_x(x), s.set_y(y), s.set_z(z);
    };
  };
  // 0.1 x 0.3 x 0.1, turned by 90 degrees about z: 0.3 long, 0.1 wide.
  const auto turned = [size](MassVolume& m) {
    size(0.1, 0.3, 0.1)(m);
    auto& q = *m.mutable_bounding_box(0)->mutable_frame_name_tform_box()->mutable_rotation();
    q.set_w(std::sqrt(0.5)), q.set_z(std::sqrt(0.5));
  };
  return {
      OfMass(
          "a box in another frame",
          [](auto& m) { m.mutable_bounding_box(0)->set_frame_name("body"); }, Rule::kBoxFrame,
          "bounding_box[0].frame_name"),
      OfMass("a flat box", size(0.1, 0.1, 0), Rule::kBoxSize, "bounding_box[0].box.size.z"),
      OfMass("a thin box", size(0.1, 0.1, 1e-4)),
      OfMass("0.1901 m wide", size(0.1, 0.1901, 0.1), Rule::kWide, "bounding_box"),
      OfMass("0.19 m wide", size(0.3, 0.19, 0.1)),
      OfMass("turned lengthwise", turned),
      {"turned across by its mount",
       [turned](auto& p, auto&) {
         turned(*p.mutable_mass_volume_properties());
         *p.mutable_mount_tform_payload()->mutable_rotation() =
             p.mass_volume_properties().bounding_box(0).frame_name_tform_box().rotation();
       },
       Rule::kWide, "mass_volume_properties.bounding_box"},
      OfMass(
          "two boxes beside each other, 0.2 m wide together",
          [](auto& m) {
            *m.add_bounding_box() = m.bounding_box(0);
            for (int i = 0; i < 2; ++i) {
              m.mutable_bounding_box(i)->mutable_frame_name_tform_box()->mutable_position()->set_y(
                  i == 0 ? -0.05 : 0.05);
            }
          },
          Rule::kWide, "bounding_box"),
      OfMass("centre of mass far along a box turned by 45 degrees",
             [size](auto& m) {
               size(0.2, 0.02, 0.1)(m);
               auto& q =
                   *m.mutable_bounding_box(0)->mutable_frame_name_tform_box()->mutable_rotation();
               q.set_w(std::cos(M_PI / 8)), q.set_z(std::sin(M_PI / 8));
               m.mutable_com_pos_rt_payload()->set_x(0.06);
               m.mutable_com_pos_rt_payload()->set_y(0.06);
             }),
      OfMass("no boxes", [](auto& m) { m.clear_bounding_box(); }),
      OfMass(
          "centre of mass above the box",
          [](auto& m) { m.mutable_com_pos_rt_payload()->set_z(0.101); }, Rule::kCentreOfMassOutside,
          "com_pos_rt_payload"),
      OfMass("centre of mass in its lid",
             [](auto& m) { m.mutable_com_pos_rt_payload()->set_z(0.1); }),
      OfMass("centre of mass in the second box",
             [](auto& m) {
               *m.add_bounding_box() = m.bounding_box(0);
               m.mutable_bounding_box(1)->mutable_frame_name_tform_box()->mutable_position()->set_z(
                   0.3);
               m.mutable_com_pos_rt_payload()->set_z(0.3);
             }),
  };
}

std::vector<Row> JointLimitRows() {
  const auto limits = [](std::string label, std::vector<float> hy, std::vector<float> hx) {
    return [=](MassVolume& m) {
      auto& l = *m.mutable_joint_limits(0);
      l.set_label(label);
      l.mutable_hy()->Assign(hy.begin(), hy.end());
      l.mutable_hx()->Assign(hx.begin(), hx.end());
    };
  };
  const std::string first = "joint_limits[0]";
  return {
      OfMass("unknown leg", limits("lf", {1.4f}, {0.1f}), Rule::kJointLimitLabel, first + ".label"),
      OfMass("more hy than hx", limits("fl", {1.4f, 1.5f}, {0.1f}), Rule::kJointLimitLength, first),
      OfMass("as many", limits("fl", {1.4f, 1.5f}, {0.1f, 0.2f})),
      OfMass("hy of 1.3", limits("fl", {1.4f, 1.3f}, {0.1f, 0.1f}), Rule::kJointLimitHy,
             first + ".hy[1]"),
      OfMass("hy just above", limits("fl", {1.301f}, {0.1f})),
      OfMass("hx of 0 on a left leg", limits("hl", {1.4f}, {0}), Rule::kJointLimitHx,
             first + ".hx[0]"),
      OfMass("hx of 0 on a right leg", limits("fr", {1.4f}, {0}), Rule::kJointLimitHx,
             first + ".hx[0]"),
      OfMass("hx positive on a right leg", limits("hr", {1.4f}, {0.1f}), Rule::kJointLimitHx,
             first + ".hx[0]"),
      OfMass("hx negative on a right leg", limits("hr", {1.4f}, {-0.001f})),
      OfMass("hx positive on a left leg", limits("hl", {1.4f}, {0.001f})),
      OfMass("infinite hy", limits("hl", {kInfinity}, {0.1f}), Rule::kNotFinite, first + ".hy[0]"),
  };
}

std::vector<Row> AllRows() {
  std::vector<Row> all;
  for (auto rows :
       {IdentityRows(), NetworkRows(), PoseRows(), MassRows(), BoxRows(), JointLimitRows()}) {
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

TEST(ValidateDefinition, RaisesExactlyWhatEachRowExpects) {
  for (const Row& row : AllRows()) {
    SCOPED_TRACE(row.what);
    bosdyn::api::Payload payload = Lamp();
    ValidationContext context;
    row.change(payload, context);
    const DefinitionReport report = ValidateDefinition(payload, context);
    std::vector<DefinitionFinding> findings = report.errors;
    findings.insert(findings.end(), report.warnings.begin(), report.warnings.end());
    if (!row.rule) {
      for (const auto& finding : findings) ADD_FAILURE() << finding.message;
      continue;
    }
    ASSERT_EQ(findings.size(), 1u) << (findings.size() > 1 ? findings[1].message : "nothing found");
    EXPECT_EQ(findings[0].rule, *row.rule) << findings[0].message;
    EXPECT_EQ(findings[0].field, row.field);
    EXPECT_THAT(findings[0].message, StartsWith(row.field + " "));
    EXPECT_EQ(report.ok(), !IsError(*row.rule));
  }
}

TEST(ValidateDefinition, HasARowForEveryRule) {
  std::set<Rule> tested;
  for (const Row& row : AllRows()) {
    if (row.rule) tested.insert(*row.rule);
  }
  for (int rule = 0; rule <= static_cast<int>(Rule::kNoMountFrame); ++rule) {
    EXPECT_TRUE(tested.count(static_cast<Rule>(rule))) << "rule " << rule;
  }
}

TEST(ValidateDefinition, ErrorsEndWhereWarningsBegin) {
  EXPECT_TRUE(IsError(Rule::kEmptyName));
  EXPECT_TRUE(IsError(Rule::kNotIpv4));
  EXPECT_FALSE(IsError(Rule::kHeavy));
  EXPECT_FALSE(IsError(Rule::kNoMountFrame));
}

TEST(ValidateDefinition, ReportsEverythingAtOnce) {
  bosdyn::api::Payload payload = Lamp();
  payload.clear_name();
  payload.set_is_enabled(true);
  payload.set_link_speed(-1);
  const DefinitionReport report = ValidateDefinition(payload);
  EXPECT_EQ(report.errors.size(), 2u);
  EXPECT_EQ(report.warnings.size(), 1u);
}

TEST(ValidateDefinition, AnEmptyDefinitionLacksANameAndAMountFrame) {
  const DefinitionReport report = ValidateDefinition(bosdyn::api::Payload());
  ASSERT_EQ(report.errors.size(), 1u);
  EXPECT_EQ(report.errors[0].rule, Rule::kEmptyName);
  ASSERT_EQ(report.warnings.size(), 1u);
  EXPECT_EQ(report.warnings[0].rule, Rule::kNoMountFrame);
}

}  // namespace
}  // namespace payload_manager
