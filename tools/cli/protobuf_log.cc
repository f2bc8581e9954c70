#include "tools/cli/protobuf_log.h"

#include "payload_manager/base/text.h"

namespace payload_manager::cli {
namespace {

// "bosdyn.api.Payload.name" of "String field 'bosdyn.api.Payload.name' contains invalid UTF-8 ...":
// a name from our own .proto files. Empty if the message is another one.
std::string_view FieldThatIsNoText(std::string_view message) {
  constexpr std::string_view kBegin = "String field '";
  if (!message.starts_with(kBegin)) return {};
  message.remove_prefix(kBegin.size());
  const std::size_t end = message.find("' contains invalid UTF-8");
  return end == std::string_view::npos ? std::string_view() : message.substr(0, end);
}

std::string_view FileName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

std::optional<std::string> ProtobufLines::Line(ProtobufLevel level, std::string_view source,
                                               int line, std::string_view message, TimePoint now) {
  if (level == ProtobufLevel::kNote) return std::nullopt;
  const std::string where = std::string(FileName(source)) + ':' + std::to_string(line);
  if (level == ProtobufLevel::kFatal) {
    return "Protobuf: " + OneLine(std::string(message)) + " (" + where + ")";
  }
  if (last_ && now - *last_ < kPause) {
    ++left_out_;
    return std::nullopt;
  }
  last_ = now;
  const std::string_view field = FieldThatIsNoText(message);
  std::string text = "Protobuf: ";
  text += field.empty() ? "an error at " + where
                        : "text that is no UTF-8 in " + OneLine(std::string(field));
  if (left_out_ > 0) text += "; " + std::to_string(left_out_) + " such lines were left out before";
  left_out_ = 0;
  return text;
}

}  // namespace payload_manager::cli
