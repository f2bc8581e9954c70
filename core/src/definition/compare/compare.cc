#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "bosdyn/api/geometry.pb.h"
#include "bosdyn/api/payload.pb.h"
#include "definition/compare/guid.h"
#include "payload_manager/base/text.h"
#include "payload_manager/definition_compare.h"

namespace payload_manager {
namespace {

using bosdyn::api::Payload;
using bosdyn::api::PayloadPreset;
using bosdyn::api::Quaternion;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr double kTolerance = 1e-5;
constexpr std::size_t kLongestQuote = 40;

bool Close(double a, double b) {
  return std::abs(a - b) <= kTolerance * (1.0 + std::max(std::abs(a), std::abs(b)));
}

std::string Number(double value, int digits) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.*g", digits, value);
  return text.data();
}

// With as many digits as it takes to see the difference.
std::pair<std::string, std::string> Numbers(double ours, double robots) {
  int digits = 6;
  while (digits < 17 && Number(ours, digits) == Number(robots, digits)) ++digits;
  return {Number(ours, digits), Number(robots, digits)};
}

std::string Quoted(const std::string& text) { return '"' + OneLine(text, kLongestQuote) + '"'; }

bool IsRobotOwned(const FieldDescriptor& field) {
  switch (field.number()) {
    case Payload::kIsAuthorizedFieldNumber:
    case Payload::kIsEnabledFieldNumber:
    case Payload::kBodyTformPayloadFieldNumber:
    case Payload::kPresetConfigurationsFieldNumber:
    case Payload::kVersionFieldNumber:
      return true;
    default:
      return false;
  }
}

// Not given at all is no rotation.
Quaternion OrIdentity(Quaternion rotation) {
  if (rotation.x() == 0 && rotation.y() == 0 && rotation.z() == 0 && rotation.w() == 0) {
    rotation.set_w(1);
  }
  return rotation;
}

bool SameRotation(const Quaternion& a, const Quaternion& b) {
  const double sign = a.x() * b.x() + a.y() * b.y() + a.z() * b.z() + a.w() * b.w() < 0 ? -1 : 1;
  return Close(a.x(), sign * b.x()) && Close(a.y(), sign * b.y()) && Close(a.z(), sign * b.z()) &&
         Close(a.w(), sign * b.w());
}

std::string Show(const Quaternion& q) {
  return "(" + Number(q.x(), 6) + ", " + Number(q.y(), 6) + ", " + Number(q.z(), 6) + ", " +
         Number(q.w(), 6) + ")";
}

// Where a field is, from within. Put into words only where there is a difference: mostly there is
// none.
struct Path {
  const Path* outer;  // null: the field is the payload's own
  const FieldDescriptor& field;
  int index = -1;  // of the entry; -1: the whole field

  // `mount_tform_payload.position.x`, `joint_limits[0].label`
  std::string Text() const {
    std::string text = outer == nullptr ? "" : outer->Text() + '.';
    text += field.name();
    if (index >= 0) text += '[' + std::to_string(index) + ']';
    return text;
  }
};

// Collects the differences between two messages of one type.
class Comparison {
 public:
  std::vector<std::string> Run(const Payload& ours, const Payload& robots) {
    lines_.clear();
    Messages(nullptr, ours, robots);
    return std::move(lines_);
  }

 private:
  void Add(const Path& path, const std::string& ours, const std::string& robots) {
    lines_.push_back(path.Text() + ": ours " + ours + ", robot " + robots);
  }

  void Messages(const Path* outer, const Message& ours, const Message& robots) {
    const auto* type = ours.GetDescriptor();
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor& field = *type->field(i);
      if (type == Payload::descriptor() && IsRobotOwned(field)) continue;
      const Path path{outer, field};
      if (field.is_repeated()) {
        Repeated(path, ours, robots);
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Nested(path, ours.GetReflection()->GetMessage(ours, &field),
               robots.GetReflection()->GetMessage(robots, &field));
      } else {
        Scalar(path, ours, robots);
      }
    }
  }

  void Nested(const Path& path, const Message& ours, const Message& robots) {
    if (ours.GetDescriptor() != Quaternion::descriptor()) {
      return Messages(&path, ours, robots);
    }
    const Quaternion a = OrIdentity(dynamic_cast<const Quaternion&>(ours));
    const Quaternion b = OrIdentity(dynamic_cast<const Quaternion&>(robots));
    if (!SameRotation(a, b)) Add(path, Show(a), Show(b));
  }

  void Repeated(const Path& path, const Message& ours, const Message& robots) {
    const FieldDescriptor& field = path.field;
    const int size = ours.GetReflection()->FieldSize(ours, &field);
    const int robots_size = robots.GetReflection()->FieldSize(robots, &field);
    if (size != robots_size) {
      return Add(path, std::to_string(size) + " entries", std::to_string(robots_size));
    }
    for (int i = 0; i < size; ++i) {
      const Path entry{path.outer, field, i};
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Nested(entry, ours.GetReflection()->GetRepeatedMessage(ours, &field, i),
               robots.GetReflection()->GetRepeatedMessage(robots, &field, i));
      } else {
        Scalar(entry, ours, robots);
      }
    }
  }

  void Scalar(const Path& path, const Message& ours, const Message& robots) {
    const FieldDescriptor& field = path.field;
    const int index = path.index;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string a = Text(field, ours, index);
        const std::string b = Text(field, robots, index);
        const bool is_guid = field.number() == Payload::kGUIDFieldNumber &&
                             field.containing_type() == Payload::descriptor();
        if (is_guid ? !SameGuid(a, b) : a != b) Add(path, Quoted(a), Quoted(b));
        return;
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto* a = ours.GetReflection()->GetEnum(ours, &field);
        const auto* b = robots.GetReflection()->GetEnum(robots, &field);
        if (a->number() != b->number()) Add(path, a->name(), b->name());
        return;
      }
      default: {
        const double a = Value(field, ours, index);
        const double b = Value(field, robots, index);
        if (Close(a, b)) return;
        const auto shown = Numbers(a, b);
        Add(path, shown.first, shown.second);
      }
    }
  }

  static std::string Text(const FieldDescriptor& field, const Message& in, int index) {
    const auto* reflection = in.GetReflection();
    return index < 0 ? reflection->GetString(in, &field)
                     : reflection->GetRepeatedString(in, &field, index);
  }

  // Definitions hold single numbers of each of these kinds, and lists of float.
  static double Value(const FieldDescriptor& field, const Message& in, int index) {
    const auto* reflection = in.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_FLOAT:
        return index < 0 ? reflection->GetFloat(in, &field)
                         : reflection->GetRepeatedFloat(in, &field, index);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return reflection->GetDouble(in, &field);
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection->GetBool(in, &field) ? 1 : 0;
      default:
        return reflection->GetInt32(in, &field);
    }
  }

  std::vector<std::string> lines_;
};

// As the robot stores it once an administrator has picked the preset.
Payload WithPreset(Payload payload, const PayloadPreset& preset) {
  payload.set_description(preset.description());
  *payload.mutable_mount_tform_payload() = preset.mount_tform_payload();
  *payload.mutable_mass_volume_properties() = preset.mass_volume_properties();
  *payload.mutable_label_prefix() = preset.label_prefix();
  payload.set_mount_frame_name(preset.mount_frame_name());
  return payload;
}

// The same, with what the preset leaves unset kept from the top level: robots are not documented
// to do either.
Payload WithWhatPresetSays(const Payload& payload, const PayloadPreset& preset) {
  Payload result = WithPreset(payload, preset);
  if (preset.description().empty()) result.set_description(payload.description());
  if (!preset.has_mount_tform_payload()) {
    *result.mutable_mount_tform_payload() = payload.mount_tform_payload();
  }
  if (!preset.has_mass_volume_properties()) {
    *result.mutable_mass_volume_properties() = payload.mass_volume_properties();
  }
  if (preset.label_prefix().empty()) *result.mutable_label_prefix() = payload.label_prefix();
  if (preset.mount_frame_name() == bosdyn::api::MOUNT_FRAME_UNKNOWN) {
    result.set_mount_frame_name(payload.mount_frame_name());
  }
  return result;
}

}  // namespace

std::vector<std::string> CompareDefinitions(const Payload& ours, const Payload& robots) {
  Comparison comparison;
  std::vector<std::string> closest = comparison.Run(ours, robots);
  if (closest.empty()) return closest;
  const auto consider = [&](const Payload& variant) {
    std::vector<std::string> differences = comparison.Run(variant, robots);
    if (differences.size() < closest.size()) closest = std::move(differences);
  };
  for (const PayloadPreset& preset : ours.preset_configurations()) {
    consider(WithPreset(ours, preset));
    consider(WithWhatPresetSays(ours, preset));
  }
  return closest;
}

}  // namespace payload_manager
