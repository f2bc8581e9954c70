#include <algorithm>
#include <cmath>
#include <limits>

#include "bosdyn/api/payload.pb.h"
#include "definition/inertia.h"
#include "definition/validate.h"

namespace payload_manager {
namespace {

using bosdyn::api::Box3WithFrame;
using bosdyn::api::JointLimits;
using bosdyn::api::PayloadMassVolumeProperties;
using bosdyn::api::SE3Pose;
using Rule = DefinitionRule;

constexpr double kMaxMass = 25;
constexpr double kMaxTotalMass = 14;
constexpr double kMaxWidth = 0.19;
constexpr double kMinHy = 1.3;
// Figures are given to the millimetre or better; a micrometre more is rounding.
constexpr double kLengthTolerance = 1e-6;
// Float entries carry seven digits.
constexpr double kFloatTolerance = 1e-6;

std::string Indexed(const std::string& field, int index) {
  return field + "[" + std::to_string(index) + "]";
}

bool AllFinite(const Triple& t) {
  return std::all_of(t.begin(), t.end(), [](double v) { return std::isfinite(v); });
}

void CheckMass(double mass, const ValidationContext& context, const std::string& field,
               DefinitionReport& report) {
  if (mass < 0) {
    Report(report, Rule::kNegativeMass, field, "is " + Number(mass) + " kg");
  } else if (mass > kMaxMass) {
    Report(report, Rule::kHeavy, field,
           "is " + Number(mass) + " kg; the robot's console takes 25 kg");
  } else if (mass + context.other_mass_kg > kMaxTotalMass) {
    Report(report, Rule::kHeavyTogether, field,
           "is " + Number(mass) + " kg, which makes " + Number(mass + context.other_mass_kg) +
               " kg on this robot; it should carry at most 14 kg, the arm's 8 kg included");
  }
}

void CheckInertia(const bosdyn::api::MomentOfIntertia& tensor, const std::string& field,
                  DefinitionReport& report) {
  const double entries[] = {tensor.xx(), tensor.yy(), tensor.zz(),
                            tensor.xy(), tensor.xz(), tensor.yz()};
  if (!std::all_of(std::begin(entries), std::end(entries),
                   [](double v) { return std::isfinite(v); })) {
    return;
  }
  const Triple moments = PrincipalMoments(tensor);
  const double size = std::max(std::abs(moments[0]), std::abs(moments[2]));
  if (moments[0] < -kFloatTolerance * size) {
    Report(report, Rule::kInertiaNotPossible, field,
           "has a negative principal moment, " + Number(moments[0]) +
               " kg m^2; no body has that: check signs and off-diagonal entries");
  } else if (moments[2] > 1.01 * (moments[0] + moments[1]) + kFloatTolerance * size) {
    Report(report, Rule::kInertiaUnlikely, field,
           "has a principal moment, " + Number(moments[2]) +
               " kg m^2, above the sum of the other two; no solid body has that");
  }
}

void CheckJointLimits(const JointLimits& limits, const std::string& field,
                      DefinitionReport& report) {
  const std::string& label = limits.label();
  const bool left = label == "fl" || label == "hl";
  const bool right = label == "fr" || label == "hr";
  if (!left && !right) {
    Report(report, Rule::kJointLimitLabel, field + ".label",
           "is " + Quoted(label) + "; a leg is fr, fl, hr or hl");
  }
  if (limits.hy_size() != limits.hx_size()) {
    Report(report, Rule::kJointLimitLength, field,
           "has " + std::to_string(limits.hy_size()) + " hy and " +
               std::to_string(limits.hx_size()) + " hx; they form pairs");
  }
  for (int i = 0; i < limits.hy_size(); ++i) {
    // Compared as float: 1.3 as it comes over the wire is a little above the 1.3 written here.
    if (std::isfinite(limits.hy(i)) && limits.hy(i) <= static_cast<float>(kMinHy)) {
      Report(report, Rule::kJointLimitHy, Indexed(field + ".hy", i),
             "is " + Number(static_cast<double>(limits.hy(i))) + " rad; it must be above 1.3");
    }
  }
  for (int i = 0; i < limits.hx_size(); ++i) {
    const float hx = limits.hx(i);
    if (!std::isfinite(hx)) continue;
    if ((left && hx <= 0) || (right && hx >= 0)) {
      Report(report, Rule::kJointLimitHx, Indexed(field + ".hx", i),
             "is " + Number(static_cast<double>(hx)) + " rad; it must be " +
                 (left ? "positive on a left leg" : "negative on a right leg"));
    }
  }
}

// A box whose figures can be used.
struct Box {
  Triple centre;
  Triple half;
  Matrix3 rotation;
};

// Reports what is wrong with a box; false where it cannot be used further.
bool CheckBox(const Box3WithFrame& box, const std::string& field, DefinitionReport& report,
              Box& result) {
  bool usable = true;
  if (box.frame_name() != "payload") {
    Report(report, Rule::kBoxFrame, field + ".frame_name",
           "is " + Quoted(box.frame_name()) + "; it must be 'payload'");
    usable = false;
  }
  const Triple size = ToTriple(box.box().size());
  const char* const axes[] = {"x", "y", "z"};
  for (std::size_t i = 0; i < 3; ++i) {
    if (std::isfinite(size[i]) && size[i] <= 0) {
      Report(report, Rule::kBoxSize, field + ".box.size." + axes[i],
             "is " + Number(size[i]) + " m; a box has positive edges (full lengths, not halves)");
      usable = false;
    }
  }
  const Triple no_offset{};
  const Matrix3 no_turn = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  result = {no_offset, {size[0] / 2, size[1] / 2, size[2] / 2}, no_turn};
  if (box.has_frame_name_tform_box()) {
    const SE3Pose& pose = box.frame_name_tform_box();
    CheckRotation(pose, field + ".frame_name_tform_box", report);
    usable = usable && IsUsable(pose);
    result.centre = ToTriple(pose.position());
    result.rotation = RotationOf(pose.rotation());
  }
  return usable && AllFinite(size);
}

bool Contains(const Box& box, const Triple& point) {
  const Triple from_centre = RotateBack(
      box.rotation, {point[0] - box.centre[0], point[1] - box.centre[1], point[2] - box.centre[2]});
  for (std::size_t i = 0; i < 3; ++i) {
    if (std::abs(from_centre[i]) > box.half[i] + kLengthTolerance) return false;
  }
  return true;
}

// How far the boxes together reach across the robot, that is along y of the mount frame.
double WidthOf(const std::vector<Box>& boxes, const Matrix3& mount) {
  double least = std::numeric_limits<double>::infinity();
  double most = -least;
  for (const Box& box : boxes) {
    const Matrix3 turn = Multiply(mount, box.rotation);
    const double centre = Rotate(mount, box.centre)[1];
    double reach = 0;
    for (std::size_t i = 0; i < 3; ++i) reach += std::abs(turn[1][i]) * box.half[i];
    least = std::min(least, centre - reach);
    most = std::max(most, centre + reach);
  }
  return most - least;
}

}  // namespace

void CheckMassVolume(const PayloadMassVolumeProperties& properties, const SE3Pose* mount,
                     const ValidationContext& context, const std::string& field,
                     DefinitionReport& report) {
  const double mass = static_cast<double>(properties.total_mass());
  if (std::isfinite(mass)) CheckMass(mass, context, field + ".total_mass", report);
  if (properties.has_moi_tensor()) {
    CheckInertia(properties.moi_tensor(), field + ".moi_tensor", report);
  }
  for (int i = 0; i < properties.joint_limits_size(); ++i) {
    CheckJointLimits(properties.joint_limits(i), Indexed(field + ".joint_limits", i), report);
  }

  std::vector<Box> boxes;
  bool all_usable = true;
  for (int i = 0; i < properties.bounding_box_size(); ++i) {
    Box box;
    const bool usable =
        CheckBox(properties.bounding_box(i), Indexed(field + ".bounding_box", i), report, box);
    all_usable = all_usable && usable;
    boxes.push_back(box);
  }
  // What follows from wrong boxes would only distract from them.
  if (boxes.empty() || !all_usable) return;

  const Triple centre_of_mass = ToTriple(properties.com_pos_rt_payload());
  if (AllFinite(centre_of_mass) && mass > 0 &&
      std::none_of(boxes.begin(), boxes.end(),
                   [&](const Box& box) { return Contains(box, centre_of_mass); })) {
    Report(report, Rule::kCentreOfMassOutside, field + ".com_pos_rt_payload",
           "lies outside all bounding boxes");
  }
  const Matrix3 no_turn = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  const bool turned = mount != nullptr && IsUsable(*mount);
  const double width = WidthOf(boxes, turned ? RotationOf(mount->rotation()) : no_turn);
  if (width > kMaxWidth + kLengthTolerance) {
    Report(report, Rule::kWide, field + ".bounding_box",
           "reaches over " + Number(width) +
               " m across the robot; wider than 0.19 m, it may meet "
               "the legs");
  }
}

}  // namespace payload_manager
