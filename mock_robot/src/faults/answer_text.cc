#include "faults/answer_text.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <string>
#include <utility>

#include "robot/rpcs.h"

namespace mock_robot {

using payload_manager::Checked;
using payload_manager::Done;
using payload_manager::Failed;
using payload_manager::Problem;

namespace {

// Keeps the first complaint, in one line.
class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (!text.empty()) return;
    text = "line " + std::to_string(line + 1) + ", column " + std::to_string(column + 1) + ": " +
           message;
  }
  std::string text;
};

}  // namespace

Checked<Done> ReadAnswerText(Fault& fault) {
  auto* answer = std::get_if<fault::Answer>(&fault.what);
  if (answer == nullptr || !answer->text || answer->response != nullptr) return Done{};
  const Rpc* rpc = FindRpc(fault.calls.rpc);
  if (rpc == nullptr) return Done{};
  std::shared_ptr<google::protobuf::Message> response(rpc->response->New());
  google::protobuf::TextFormat::Parser parser;
  FirstError error;
  parser.RecordErrorsTo(&error);
  if (!parser.ParseFromString(*answer->text, response.get())) {
    return Failed{Problem{"answer.text: " + error.text}};
  }
  *answer = {.response = std::move(response)};
  return Done{};
}

}  // namespace mock_robot
