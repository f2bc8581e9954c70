#include "journal/masked_text.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "robot/rpcs.h"

namespace mock_robot {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::TextFormat;

constexpr std::string_view kMore = "...";
constexpr std::int64_t kLongestField = 256;  // bytes; what is longer is no news to anybody

class Mask final : public TextFormat::FastFieldValuePrinter {
 public:
  void PrintString(const std::string& value,
                   TextFormat::BaseTextGenerator* generator) const override {
    generator->PrintString(value.empty() ? "\"\"" : "\"***\"");
  }
  void PrintBytes(const std::string& value,
                  TextFormat::BaseTextGenerator* generator) const override {
    PrintString(value, generator);
  }
};

bool IsSecret(const FieldDescriptor& field) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return false;
  if (field.full_name() == "google.protobuf.Any.value") return true;
  const std::string& name = field.lowercase_name();
  const auto has = [&name](const char* word) { return name.find(word) != std::string::npos; };
  return has("secret") || has("password") || has("token");
}

class MaskingPrinter {
 public:
  MaskingPrinter() {
    printer_.SetSingleLineMode(true);
    printer_.SetHideUnknownFields(true);
    printer_.SetTruncateStringFieldLongerThan(kLongestField);
    for (const Rpc& rpc : Rpcs()) {
      Visit(*rpc.request->GetDescriptor());
      Visit(*rpc.response->GetDescriptor());
    }
  }
  const TextFormat::Printer& printer() const { return printer_; }

 private:
  void Visit(const Descriptor& type) {
    if (!seen_.insert(&type).second) return;
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (IsSecret(field)) {
        auto mask = std::make_unique<Mask>();
        if (printer_.RegisterFieldValuePrinter(&field, mask.get())) {
          static_cast<void>(mask.release());  // the printer's from now on
        }
      }
      if (field.message_type() != nullptr) Visit(*field.message_type());
    }
  }

  TextFormat::Printer printer_;
  std::set<const Descriptor*> seen_;
};

}  // namespace

std::string MaskedText(const google::protobuf::Message& message) {
  static const MaskingPrinter& masking = *new MaskingPrinter;
  std::string text(kLongestText + 1, '\0');
  google::protobuf::io::ArrayOutputStream out(text.data(), static_cast<int>(text.size()));
  masking.printer().Print(message, &out);  // or as much of it as there is room for
  text.resize(static_cast<std::size_t>(out.ByteCount()));
  if (text.size() > kLongestText) return ShortText(text);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

std::string ShortText(std::string_view text) {
  if (text.size() <= kLongestText) return std::string(text);
  return std::string(text.substr(0, kLongestText - kMore.size())) + std::string(kMore);
}

}  // namespace mock_robot
