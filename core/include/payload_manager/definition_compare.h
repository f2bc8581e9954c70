// Whether the robot walks on the figures that we declare.
#pragma once

#include <string>
#include <vector>

namespace bosdyn::api {
class Payload;
}

namespace payload_manager {

// Compares our definition of a payload with the one the robot lists for the same GUID and returns
// one line per field that differs, by its path: "mass_volume_properties.total_mass: ours 3.1, robot
// 3.2". Empty: they agree.
//
// What an administrator may choose is no difference: the top level of our definition, or any preset
// of ours applied to it (description, mount pose, mass properties, and mount frame and labels), is
// what we declared. When none agrees, the differences from the closest are returned. Fields the
// robot owns are left aside: is_authorized, is_enabled, body_tform_payload, preset_configurations,
// and the version, which UpdatePayloadVersion changes behind the definition. GUIDs are compared
// regardless of case. Numbers agree within 1e-5 plus 1e-5 of their size (the wire rounds to float);
// a rotation and its negative are the same.
//
// Threads: any. Never fails.
std::vector<std::string> CompareDefinitions(const bosdyn::api::Payload& ours,
                                            const bosdyn::api::Payload& robots);

}  // namespace payload_manager
