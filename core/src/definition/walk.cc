#include "definition/walk.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

namespace payload_manager {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Visit = std::function<void(const std::string&, const Scalar&)>;

void Walk(const Message& message, const std::string& prefix, const Visit& visit);

// One value of a field: the field itself, or its element `index` (-1: not repeated).
void WalkValue(const Message& message, const FieldDescriptor* field, int index,
               const std::string& path, const Visit& visit) {
  const Reflection* r = message.GetReflection();
  const bool one = index < 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Walk(
          one ? r->GetMessage(message, field) : r->GetRepeatedMessage(message, field, index),
          path + ".", visit);
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const double number =
          one ? r->GetDouble(message, field) : r->GetRepeatedDouble(message, field, index);
      return visit(path, {&number, nullptr});
    }
    case FieldDescriptor::CPPTYPE_FLOAT: {
      const double number = static_cast<double>(one ? r->GetFloat(message, field)
                                                    : r->GetRepeatedFloat(message, field, index));
      return visit(path, {&number, nullptr});
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      const std::string& text =
          one ? r->GetStringReference(message, field, &scratch)
              : r->GetRepeatedStringReference(message, field, index, &scratch);
      return visit(path, {nullptr, &text});
    }
    default:
      return;
  }
}

void Walk(const Message& message, const std::string& prefix, const Visit& visit) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string path = prefix + field->name();
    if (!field->is_repeated()) {
      WalkValue(message, field, -1, path, visit);
      continue;
    }
    const int size = message.GetReflection()->FieldSize(message, field);
    for (int i = 0; i < size; ++i) {
      WalkValue(message, field, i, path + "[" + std::to_string(i) + "]", visit);
    }
  }
}

}  // namespace

void ForEachScalar(const Message& message, const Visit& visit) { Walk(message, "", visit); }

}  // namespace payload_manager
