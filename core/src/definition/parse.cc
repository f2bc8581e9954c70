#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>

#include "bosdyn/api/payload.pb.h"
#include "definition/walk.h"
#include "payload_manager/base/files.h"
#include "payload_manager/base/text.h"
#include "payload_manager/definition.h"

namespace payload_manager {
namespace {

constexpr std::size_t kSizeLimit = std::size_t{4} << 20;

// Keeps the first error: the later ones are mostly its consequences.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (!text_.empty()) return;
    // Protobuf counts from 0, editors from 1; -1 means the input as a whole.
    text_ = line < 0 ? message
                     : "line " + std::to_string(line + 1) + ", column " +
                           std::to_string(column + 1) + ": " + message;
  }
  void AddWarning(int, int, const std::string&) override {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

bool IsUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80             ? 1
                               : (lead & 0xe0) == 0xc0 ? 2
                               : (lead & 0xf0) == 0xe0 ? 3
                               : (lead & 0xf8) == 0xf0 ? 4
                                                       : 0;
    if (length == 0 || i + length > text.size()) return false;
    unsigned code = length == 1 ? lead : lead & (0x7fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0) != 0x80) return false;
      code = code << 6 | (next & 0x3f);
    }
    constexpr unsigned kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < kSmallest[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
      return false;
    }
    i += length;
  }
  return true;
}

}  // namespace

std::optional<DefinitionEncoding> EncodingOfFile(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".textproto" || extension == ".txtpb" || extension == ".pbtxt") {
    return DefinitionEncoding::kText;
  }
  if (extension == ".json") return DefinitionEncoding::kJson;
  if (extension == ".binpb" || extension == ".pb") return DefinitionEncoding::kBinary;
  return std::nullopt;
}

Checked<bosdyn::api::Payload> ParseDefinition(std::string_view bytes, DefinitionEncoding encoding,
                                              std::string_view source) {
  const auto bad = [source](const std::string& why) {
    // What a parser says may quote the input, line breaks included.
    return Failed{Problem{OneLine(std::string(source) + ": " + why)}};
  };
  if (bytes.size() > kSizeLimit) return bad("a definition is at most 4 MiB long");
  bosdyn::api::Payload payload;
  switch (encoding) {
    case DefinitionEncoding::kText: {
      FirstError error;
      google::protobuf::TextFormat::Parser parser;
      parser.RecordErrorsTo(&error);
      if (!parser.ParseFromString(std::string(bytes), &payload)) {
        return bad(error.text().empty() ? "not a bosdyn.api.Payload in text format" : error.text());
      }
      break;
    }
    case DefinitionEncoding::kJson: {
      const auto status = google::protobuf::util::JsonStringToMessage(std::string(bytes), &payload);
      if (!status.ok()) return bad("not a bosdyn.api.Payload in JSON: " + status.ToString());
      break;
    }
    case DefinitionEncoding::kBinary: {
      // Protobuf would also print what is wrong; the problem returned is the one place for it.
      const google::protobuf::LogSilencer silencer;
      if (!payload.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return bad("not a bosdyn.api.Payload in Protobuf's binary format");
      }
      break;
    }
  }
  std::string not_utf8;
  ForEachScalar(payload, [&not_utf8](const std::string& field, const Scalar& scalar) {
    if (scalar.text != nullptr && !IsUtf8(*scalar.text) && not_utf8.empty()) not_utf8 = field;
  });
  if (!not_utf8.empty()) return bad(not_utf8 + " is not valid UTF-8");
  return payload;
}

Checked<bosdyn::api::Payload> ParseDefinitionFile(const std::filesystem::path& path) {
  const auto encoding = EncodingOfFile(path);
  if (!encoding) {
    return Failed{Problem{path.string() +
                          ": the extension does not say how it is written; use .textproto, .json "
                          "or .binpb"}};
  }
  auto content = ReadSmallFile(path, kSizeLimit);
  if (!content) return Failed{content.error()};
  return ParseDefinition(*content, *encoding, path.string());
}

}  // namespace payload_manager
