#include "tools/payloadctl/admin_answer.h"

#include <utility>

namespace payload_manager::payloadctl {
namespace {

namespace wire = ::mock_robot::v1;

cli::ExitCode ExitCodeFor(wire::Result result) {
  switch (result) {
    case wire::RESULT_OK:
      return cli::ExitCode::kDone;
    case wire::RESULT_UNKNOWN_PAYLOAD:
    case wire::RESULT_UNKNOWN_PRESET:
    case wire::RESULT_UNKNOWN_SERVICE:
      return cli::ExitCode::kDoesNotExist;
    case wire::RESULT_CALL_FAILED:
      return cli::ExitCode::kRobotUnreachable;
    default:
      return cli::ExitCode::kOther;
  }
}

}  // namespace

Result Conclude(const Outcome<AdminAnswer>& answer, Json json, const std::string& done) {
  if (!answer.ok()) return CallFailed(answer.error());
  if (answer->result != wire::RESULT_OK) {
    return Failed{Trouble{
        ExitCodeFor(answer->result),
        answer->message.empty() ? "the mock robot refused, without a reason" : answer->message}};
  }
  Report report;
  report.json = std::move(json);
  report.text = done + '\n';
  return report;
}

}  // namespace payload_manager::payloadctl
