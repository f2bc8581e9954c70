#include "tests/bench/client/work.h"

#include <google/protobuf/text_format.h>

#include <cstdio>
#include <stdexcept>

namespace payload_manager::bench {
namespace {

constexpr char kDefinition[] = R"(
  name: "Benchmark sensor"
  description: "A sensor head on a mast with a compute box, as benchmarks register it again and again."
  body_tform_payload { position { x: 0.11 y: 0.02 z: 0.13 } rotation { w: 0.96 z: 0.28 } }
  mount_tform_payload { position { x: 0.12 y: 0.03 z: 0.05 } rotation { w: 0.96 z: 0.28 } }
  mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD
  label_prefix: "mount_port:front"
  liveness_timeout_secs: 30
  ipv4_address: "192.168.50.5"
  link_speed: 1000
  serial_number: "0123-4567-89AB"
  version { major_version: 1 minor_version: 2 patch_level: 3 }
  mass_volume_properties {
    total_mass: 2.5
    com_pos_rt_payload { x: 0.01 y: 0.02 z: 0.12 }
    moi_tensor { xx: 0.02 yy: 0.03 zz: 0.04 xy: 0.001 xz: 0.002 yz: 0.003 }
    bounding_box {
      frame_name: "payload"
      frame_name_tform_box { position { x: 0.01 y: 0.02 z: 0.05 } rotation { w: 0.96 z: 0.28 } }
      box { size { x: 0.2 y: 0.15 z: 0.1 } }
    }
    bounding_box {
      frame_name: "payload"
      frame_name_tform_box { position { x: 0.01 y: 0.02 z: 0.25 } rotation { w: 0.96 z: 0.28 } }
      box { size { x: 0.08 y: 0.08 z: 0.3 } }
    }
    joint_limits { label: "fl" hy: [ 1.5, 2.0, 2.5 ] hx: [ 0.3, 0.4, 0.5 ] }
    joint_limits { label: "fr" hy: [ 1.5, 2.0, 2.5 ] hx: [ -0.3, -0.4, -0.5 ] }
  }
  preset_configurations {
    preset_name: "rear"
    description: "At the rear of the rails, turned round."
    label_prefix: "mount_port:rear"
    mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD
    mount_tform_payload { position { x: -0.25 y: 0.01 z: 0.05 } rotation { z: 1 } }
    mass_volume_properties {
      total_mass: 2.5
      com_pos_rt_payload { x: 0.01 y: 0.02 z: 0.12 }
    }
  }
)";

}  // namespace

std::vector<bosdyn::api::Payload> MakePayloads(int count) {
  bosdyn::api::Payload payload;
  if (!google::protobuf::TextFormat::ParseFromString(kDefinition, &payload)) {
    throw std::logic_error("the benchmark's own definition does not parse");
  }
  std::vector<bosdyn::api::Payload> payloads;
  for (int i = 0; i < count; ++i) {
    char guid[40];
    std::snprintf(guid, sizeof guid, "00000000-0000-4000-8000-%012d", i);
    payload.set_guid(guid);
    payloads.push_back(payload);
  }
  return payloads;
}

const Secret& PayloadSecret() {
  static const Secret secret("5f1c4d9e8b7a60311f2e3d4c5b6a7988");
  return secret;
}

const std::string& BearerToken() {
  static const std::string token = "Bearer " + std::string(500, 't');
  return token;
}

}  // namespace payload_manager::bench
