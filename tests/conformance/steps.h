// Short forms of the steps that the tables of rules are made of.
#pragma once

#include <string>

#include "tests/conformance/rules.h"

namespace conformance {

inline const std::string kGuid = "00000000-aaaa-4aaa-8aaa-000000000001";
inline const std::string kUpperGuid = "00000000-AAAA-4AAA-8AAA-000000000001";
inline const std::string kOther = "00000000-bbbb-4bbb-8bbb-000000000002";
inline const std::string kSecret = "the-right-secret";
inline const std::string kWrong = "the-wrong-secret";
inline const std::string kPresets =
    "preset_configurations { preset_name: 'rear' description: 'at the back' "
    "  mount_tform_payload { position { x: -0.2 } rotation { w: 1 } } "
    "  mass_volume_properties { total_mass: 2 } "
    "  label_prefix: 'mount_port:rear' mount_frame_name: MOUNT_FRAME_GRIPPER_PAYLOAD } "
    "preset_configurations { preset_name: 'front' label_prefix: 'mount_port:front' }";
inline const std::string kWaiting = "payload_not_authorized of " + kGuid;
inline const std::string kSilent = "payload_liveness of " + kGuid;

inline Step Register(const std::string& expected, const std::string& definition = {},
                     const std::string& secret = kSecret) {
  return {Do::kRegister, kGuid, secret, definition, expected};
}
inline Step Field(const std::string& field, const std::string& value) {
  return {Do::kField, kGuid, {}, field, value};
}
inline Step With(Do what, const std::string& secret, const std::string& expected,
                 const std::string& guid = kGuid) {
  return {what, guid, secret, what == Do::kUpdateVersion ? "1.2.3" : "", expected};
}
inline Step Admin(Do what, const std::string& expected, const std::string& preset = {}) {
  return {what, kGuid, {}, preset, expected};
}
inline Step State(const std::string& expected) { return {Do::kState, kGuid, {}, {}, expected}; }
inline Step Faults(const std::string& expected) { return {Do::kFaults, {}, {}, {}, expected}; }
inline Step Ask(const std::string& who, const std::string& rpc, const std::string& request,
                const std::string& expected) {
  return {Do::kAsk, who, {}, request, expected, rpc};
}
inline Step Look(Do what, const std::string& detail, const std::string& expected) {
  return {what, {}, {}, detail, expected};
}
inline Step Wait(const std::string& seconds) { return {Do::kWait, {}, {}, seconds, ""}; }

}  // namespace conformance
