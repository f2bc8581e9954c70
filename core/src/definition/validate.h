// What the two halves of ValidateDefinition share.
#pragma once

#include <string>

#include "payload_manager/definition.h"

namespace bosdyn::api {
class PayloadMassVolumeProperties;
class SE3Pose;
}  // namespace bosdyn::api

namespace payload_manager {

// Adds one finding to the report's errors or warnings, as its rule demands. The message is one line
// whatever `what` holds.
void Report(DefinitionReport& report, DefinitionRule rule, const std::string& field,
            const std::string& what);

// What the definition says, to be shown in a finding: its beginning, in quotes, on one line.
std::string Quoted(const std::string& text);

// A number as people write it: 25, not 25.000000.
std::string Number(double value);

// Whether geometry can be done with `pose`: a finite position and a rotation of unit norm.
bool IsUsable(const bosdyn::api::SE3Pose& pose);

// Reports kQuaternionNorm unless the rotation is of unit norm (or not finite, which is reported
// elsewhere).
void CheckRotation(const bosdyn::api::SE3Pose& pose, const std::string& field,
                   DefinitionReport& report);

// Judges one set of mass properties. `field` is its path; `mount` the pose of the payload frame,
// null where none is given.
void CheckMassVolume(const bosdyn::api::PayloadMassVolumeProperties& properties,
                     const bosdyn::api::SE3Pose* mount, const ValidationContext& context,
                     const std::string& field, DefinitionReport& report);

}  // namespace payload_manager
