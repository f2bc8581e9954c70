#include "registry/mass_warnings.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mock_robot {
namespace {

using bosdyn::api::Box3WithFrame;
using bosdyn::api::JointLimits;
using bosdyn::api::MomentOfIntertia;
using bosdyn::api::PayloadMassVolumeProperties;
using bosdyn::api::Quaternion;
using bosdyn::api::SE3Pose;
using bosdyn::api::Vec3;

constexpr double kHeaviestSinglePayloadKg = 25.0;
constexpr double kHeaviestLoadKg = 14.0;  // an arm of 8 kg, registered like any payload, included
constexpr double kUnitNormTolerance = 1e-3;
constexpr double kFarthestMetres = 2.0;
constexpr double kWidestMetres = 0.19;
constexpr double kRounding = 1e-6;
// As it comes over the wire, in single precision.
constexpr float kLowestHyRadians = 1.3f;

bool IsFinite(double x, double y, double z) {
  return std::isfinite(x) && std::isfinite(y) && std::isfinite(z);
}

// No body turns with a negative moment about any axis: the tensor must be positive semi-definite,
// which it is if no principal minor is negative.
bool IsPossible(const MomentOfIntertia& i) {
  const double xx = i.xx(), yy = i.yy(), zz = i.zz(), xy = i.xy(), xz = i.xz(), yz = i.yz();
  const double size = std::max(
      {std::abs(xx), std::abs(yy), std::abs(zz), std::abs(xy), std::abs(xz), std::abs(yz)});
  const double lowest = -kRounding;
  const double minors[] = {
      xx / size,
      yy / size,
      zz / size,
      (xx * yy - xy * xy) / (size * size),
      (xx * zz - xz * xz) / (size * size),
      (yy * zz - yz * yz) / (size * size),
      (xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz)) /
          (size * size * size)};
  return size == 0 || std::all_of(std::begin(minors), std::end(minors),
                                  [&](double minor) { return minor >= lowest; });
}

// The largest principal moment of a body is at most the sum of the two others: at most half of all
// three, which are the trace. Here with a tolerance: no moment is above what is left of `most`
// times the unit tensor, so that this is positive semi-definite.
bool KeepsTriangleRule(const MomentOfIntertia& i) {
  constexpr float kTolerated = 1.01f;
  const float most = (i.xx() + i.yy() + i.zz()) * kTolerated / (1 + kTolerated);
  MomentOfIntertia rest;
  rest.set_xx(most - i.xx());
  rest.set_yy(most - i.yy());
  rest.set_zz(most - i.zz());
  rest.set_xy(-i.xy());
  rest.set_xz(-i.xz());
  rest.set_yz(-i.yz());
  return IsPossible(rest);
}

void CheckInertia(const MomentOfIntertia& tensor, const std::string& field, Warnings& warnings) {
  if (!IsFinite(tensor.xx(), tensor.yy(), tensor.zz()) ||
      !IsFinite(tensor.xy(), tensor.xz(), tensor.yz())) {
    warnings.Add(field + " holds a number that is not finite");
  } else if (!IsPossible(tensor)) {
    warnings.Add(field + " is not that of a body: it is not positive semi-definite");
  } else if (!KeepsTriangleRule(tensor)) {
    warnings.Add(field + " is not that of a body: it breaks the triangle rule");
  }
}

Vec3 Vector(double x, double y, double z) {
  Vec3 vector;
  vector.set_x(x);
  vector.set_y(y);
  vector.set_z(z);
  return vector;
}

double Dot(const Vec3& a, const Vec3& b) { return a.x() * b.x() + a.y() * b.y() + a.z() * b.z(); }

// A direction given outside a pose, seen from inside of it.
Vec3 SeenFrom(const SE3Pose& pose, const Vec3& direction) {
  if (!pose.has_rotation()) return direction;
  const Quaternion& q = pose.rotation();
  const double x = q.x(), y = q.y(), z = q.z(), w = q.w();
  return Vector(
      Dot(direction, Vector(1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y))),
      Dot(direction, Vector(2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x))),
      Dot(direction, Vector(2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y))));
}

// How far all boxes together reach across the robot.
double WidthOf(const PayloadMassVolumeProperties& mass, const SE3Pose& mount) {
  const Vec3 across = SeenFrom(mount, Vector(0, 1, 0));
  double left = -std::numeric_limits<double>::infinity();
  double right = std::numeric_limits<double>::infinity();
  for (const Box3WithFrame& box : mass.bounding_box()) {
    const SE3Pose& pose = box.frame_name_tform_box();
    const Vec3 along = SeenFrom(pose, across);
    const Vec3& size = box.box().size();
    const double half = (std::abs(along.x()) * size.x() + std::abs(along.y()) * size.y() +
                         std::abs(along.z()) * size.z()) /
                        2;
    const double centre = Dot(pose.position(), across);
    left = std::max(left, centre + half);
    right = std::min(right, centre - half);
  }
  return left - right;
}

bool HasRoom(const Box3WithFrame& box) {
  const Vec3& size = box.box().size();
  return IsFinite(size.x(), size.y(), size.z()) && size.x() > 0 && size.y() > 0 && size.z() > 0;
}

bool Contains(const Box3WithFrame& box, const Vec3& point) {
  const SE3Pose& pose = box.frame_name_tform_box();
  const Vec3& centre = pose.position();
  const Vec3 inside = SeenFrom(
      pose, Vector(point.x() - centre.x(), point.y() - centre.y(), point.z() - centre.z()));
  const Vec3& size = box.box().size();
  return std::abs(inside.x()) <= size.x() / 2 + kRounding &&
         std::abs(inside.y()) <= size.y() / 2 + kRounding &&
         std::abs(inside.z()) <= size.z() / 2 + kRounding;
}

// Of boxes that are all right by themselves: what follows from wrong ones would only distract.
void CheckCentre(const PayloadMassVolumeProperties& mass, const std::string& field,
                 Warnings& warnings) {
  const Vec3& centre = mass.com_pos_rt_payload();
  if (!IsFinite(centre.x(), centre.y(), centre.z())) {
    warnings.Add(field + " holds a number that is not finite");
    return;
  }
  const auto& boxes = mass.bounding_box();
  const bool usable = std::all_of(boxes.begin(), boxes.end(), [](const Box3WithFrame& box) {
    return box.frame_name() == "payload" && HasRoom(box);
  });
  if (boxes.empty() || !usable || !(mass.total_mass() > 0)) return;
  if (std::none_of(boxes.begin(), boxes.end(),
                   [&centre](const Box3WithFrame& box) { return Contains(box, centre); })) {
    warnings.Add(field + " is outside all bounding boxes");
  }
}

void CheckBoxes(const PayloadMassVolumeProperties& mass, const SE3Pose& mount,
                const std::string& field, Warnings& warnings) {
  const auto& boxes = mass.bounding_box();
  const auto in_payload = [](const Box3WithFrame& box) { return box.frame_name() == "payload"; };
  if (!std::all_of(boxes.begin(), boxes.end(), in_payload)) {
    warnings.Add(field + " has a box whose frame is not 'payload'");
  }
  if (!std::all_of(boxes.begin(), boxes.end(), HasRoom)) {
    warnings.Add(field + " has a box whose size is not positive");
  } else if (WidthOf(mass, mount) > kWidestMetres + kRounding) {
    warnings.Add(field + " is wider than 0.19 m");
  }
}

bool IsLeft(const JointLimits& limits) { return limits.label() == "fl" || limits.label() == "hl"; }
bool IsRight(const JointLimits& limits) { return limits.label() == "fr" || limits.label() == "hr"; }

// Written so that a limit that is no number is flagged as well.
void CheckJointLimits(const PayloadMassVolumeProperties& mass, const std::string& field,
                      Warnings& warnings) {
  const auto& all = mass.joint_limits();
  const auto any = [&all](auto condition) {
    return std::any_of(all.begin(), all.end(), condition);
  };
  if (any([](const JointLimits& limits) { return !IsLeft(limits) && !IsRight(limits); })) {
    warnings.Add(field + " has a label that is no leg: fr, fl, hr or hl");
  }
  if (any([](const JointLimits& limits) { return limits.hy_size() != limits.hx_size(); })) {
    warnings.Add(field + " has lists hy and hx of different length");
  }
  if (any([](const JointLimits& limits) {
        return !std::all_of(limits.hy().begin(), limits.hy().end(),
                            [](float hy) { return hy > kLowestHyRadians; });
      })) {
    warnings.Add(field + " has an hy that is not above 1.3 rad");
  }
  if (any([](const JointLimits& limits) {
        return !std::all_of(limits.hx().begin(), limits.hx().end(), [&limits](float hx) {
          return IsLeft(limits) ? hx > 0 : IsRight(limits) ? hx < 0 : true;
        });
      })) {
    warnings.Add(field + " has an hx of the wrong sign for its leg");
  }
}

}  // namespace

void CheckPose(const SE3Pose& pose, const std::string& field, Warnings& warnings) {
  const Vec3& position = pose.position();
  if (!IsFinite(position.x(), position.y(), position.z())) {
    warnings.Add(field + ".position holds a number that is not finite");
  } else if (std::max({std::abs(position.x()), std::abs(position.y()), std::abs(position.z())}) >
             kFarthestMetres) {
    warnings.Add(field + ".position is beyond 2 m");
  }
  if (!pose.has_rotation()) return;
  const Quaternion& q = pose.rotation();
  const double norm = std::sqrt(q.w() * q.w() + q.x() * q.x() + q.y() * q.y() + q.z() * q.z());
  // Written so that a norm that is no number is flagged as well.
  if (!(std::abs(norm - 1.0) <= kUnitNormTolerance)) {
    warnings.Add(field + ".rotation is not a unit quaternion");
  }
}

void CheckMass(const PayloadMassVolumeProperties& mass, const SE3Pose& mount,
               const std::string& field, Warnings& warnings) {
  if (!std::isfinite(mass.total_mass()) || mass.total_mass() < 0) {
    warnings.Add(field + ".total_mass is negative or not finite");
  } else if (mass.total_mass() > kHeaviestSinglePayloadKg) {
    warnings.Add(field + ".total_mass is over 25 kg");
  }
  CheckCentre(mass, field + ".com_pos_rt_payload", warnings);
  CheckInertia(mass.moi_tensor(), field + ".moi_tensor", warnings);
  CheckBoxes(mass, mount, field + ".bounding_box", warnings);
  CheckJointLimits(mass, field + ".joint_limits", warnings);
}

void AddMassTogetherWarnings(std::vector<PayloadInfo>& payloads) {
  const auto mass_of = [](const PayloadInfo& info) {
    const double mass = info.payload.mass_volume_properties().total_mass();
    return std::isfinite(mass) && mass > 0 ? mass : 0.0;
  };
  double all = 0;
  for (const PayloadInfo& info : payloads) all += mass_of(info);
  if (all <= kHeaviestLoadKg + kRounding) return;
  for (PayloadInfo& info : payloads) {
    if (mass_of(info) == 0 || mass_of(info) > kHeaviestSinglePayloadKg) continue;
    info.warnings.emplace_back(
        "mass_volume_properties.total_mass is over 14 kg together with the robot's other payloads");
  }
}

}  // namespace mock_robot
