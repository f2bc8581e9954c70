// The little of rigid bodies and rotations that judging a definition takes. Pure functions.
#pragma once

#include <array>

namespace bosdyn::api {
class MomentOfIntertia;
class Quaternion;
class Vec3;
}  // namespace bosdyn::api

namespace payload_manager {

using Triple = std::array<double, 3>;
using Matrix3 = std::array<Triple, 3>;

Triple ToTriple(const bosdyn::api::Vec3& v);

// The principal moments of a symmetric tensor, ascending. All entries must be finite.
Triple PrincipalMoments(const bosdyn::api::MomentOfIntertia& tensor);

// The rotation of a quaternion of unit norm.
Matrix3 RotationOf(const bosdyn::api::Quaternion& q);

double NormOf(const bosdyn::api::Quaternion& q);

Triple Rotate(const Matrix3& rotation, const Triple& v);
// By the inverse rotation.
Triple RotateBack(const Matrix3& rotation, const Triple& v);
// One rotation after another: first `b`, then `a`.
Matrix3 Multiply(const Matrix3& a, const Matrix3& b);

}  // namespace payload_manager
