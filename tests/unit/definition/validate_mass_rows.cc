#include <cmath>

#include "validate_rows.h"

namespace payload_manager {
namespace {

void SetInertia(MassVolume& m, float xx, float yy, float zz, float xy = 0) {
  m.mutable_moi_tensor()->set_xx(xx);
  m.mutable_moi_tensor()->set_yy(yy);
  m.mutable_moi_tensor()->set_zz(zz);
  m.mutable_moi_tensor()->set_xy(xy);
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

}  // namespace

std::vector<Row> MassVolumeRows() {
  std::vector<Row> all;
  for (const auto& rows : {MassRows(), BoxRows(), JointLimitRows()}) {
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace payload_manager
