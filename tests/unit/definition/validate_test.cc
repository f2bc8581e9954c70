// One row for what triggers each rule, and nothing else, and one for what just does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/definition.h"
#include "validate_rows.h"

namespace payload_manager {
namespace {

using ::testing::StartsWith;

std::string Repeated(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

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
      OfPayload(
          "GUID with a line break", [](auto& p) { p.set_guid("123456\n789012"); }, Rule::kGuidText,
          "GUID"),
      OfPayload(
          "GUID that ends with a blank", [](auto& p) { p.set_guid("123456789012 "); },
          Rule::kGuidText, "GUID"),
      OfPayload(
          "GUID that begins with a blank", [](auto& p) { p.set_guid(" 123456789012"); },
          Rule::kGuidText, "GUID"),
      OfPayload(
          "GUID with DEL", [](auto& p) { p.set_guid("123456789012\x7f"); }, Rule::kGuidText,
          "GUID"),
      OfPayload("GUID with a blank inside", [](auto& p) { p.set_guid("123456 789012"); }),
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

std::vector<Row> AllRows() {
  std::vector<Row> all;
  for (const auto& rows : {IdentityRows(), NetworkRows(), PoseRows(), MassVolumeRows()}) {
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

TEST(ValidateDefinition, FindingsAreOneShortLineWhateverTheDefinitionSays) {
  const std::string forged = "a\x1b[2J\nerror: forged\x7f" + Repeated("x", 10'000);
  bosdyn::api::Payload payload = Lamp();
  payload.mutable_mass_volume_properties()->mutable_bounding_box(0)->set_frame_name(forged);
  payload.mutable_mass_volume_properties()->mutable_joint_limits(0)->set_label(forged);
  AddPreset(payload, forged);
  AddPreset(payload, forged);
  ValidationContext context;
  context.payload_id = forged;
  const DefinitionReport report = ValidateDefinition(payload, context);
  EXPECT_GE(report.errors.size(), 4u);
  for (const DefinitionFinding& finding : report.errors) {
    EXPECT_TRUE(std::none_of(finding.message.begin(), finding.message.end(), [](unsigned char c) {
      return c < 0x20 || c == 0x7f;
    })) << finding.message;
    EXPECT_LE(finding.message.size(), 300u);
  }
  EXPECT_THAT(report.errors[2].message, ::testing::EndsWith("; it must be 'payload'"))
      << "what would be right is said all the same";
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
