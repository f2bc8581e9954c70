// The rows of the tables of validate_test.cc: a change to a definition that nobody objects to, and
// the one objection it must raise, if any.
#pragma once

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/definition.h"

namespace payload_manager {

using Rule = DefinitionRule;
using MassVolume = bosdyn::api::PayloadMassVolumeProperties;

inline bosdyn::api::Payload Lamp() {
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

struct Row {
  std::string what;
  std::function<void(bosdyn::api::Payload&, ValidationContext&)> change;
  std::optional<Rule> rule;
  std::string field;  // of the finding
};

// Most rows change the payload alone, many only its mass properties.
inline Row OfPayload(std::string what, std::function<void(bosdyn::api::Payload&)> change,
                     std::optional<Rule> rule = std::nullopt, std::string field = {}) {
  return {std::move(what), [change](auto& payload, auto&) { change(payload); }, rule,
          std::move(field)};
}
inline Row OfMass(std::string what, std::function<void(MassVolume&)> change,
                  std::optional<Rule> rule = std::nullopt, const std::string& field = {}) {
  return {std::move(what),
          [change](auto& payload, auto&) { change(*payload.mutable_mass_volume_properties()); },
          rule, rule ? "mass_volume_properties." + field : ""};
}

inline void AddPreset(bosdyn::api::Payload& payload, const std::string& name) {
  auto& preset = *payload.add_preset_configurations();
  preset.set_preset_name(name);
  preset.set_mount_frame_name(payload.mount_frame_name());
  *preset.mutable_mount_tform_payload() = payload.mount_tform_payload();
  *preset.mutable_mass_volume_properties() = payload.mass_volume_properties();
}

inline constexpr float kInfinity = std::numeric_limits<float>::infinity();
inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// The rows that concern mass, shape and joint limits.
std::vector<Row> MassVolumeRows();

}  // namespace payload_manager
