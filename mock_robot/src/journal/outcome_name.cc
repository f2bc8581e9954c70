#include "journal/outcome_name.h"

#include "bosdyn/api/header.pb.h"

namespace mock_robot {
namespace {

// gRPC's names of its statuses, which its headers do not have.
std::string CallStatusName(int code) {
  constexpr const char* kNames[] = {"OK",
                                    "CANCELLED",
                                    "UNKNOWN",
                                    "INVALID_ARGUMENT",
                                    "DEADLINE_EXCEEDED",
                                    "NOT_FOUND",
                                    "ALREADY_EXISTS",
                                    "PERMISSION_DENIED",
                                    "RESOURCE_EXHAUSTED",
                                    "FAILED_PRECONDITION",
                                    "ABORTED",
                                    "OUT_OF_RANGE",
                                    "UNIMPLEMENTED",
                                    "INTERNAL",
                                    "UNAVAILABLE",
                                    "DATA_LOSS",
                                    "UNAUTHENTICATED"};
  const bool known = code >= 0 && code < static_cast<int>(std::size(kNames));
  return known ? kNames[code] : std::to_string(code);
}

std::string ValueName(const google::protobuf::EnumDescriptor& type, int number) {
  const auto* value = type.FindValueByNumber(number);
  return value == nullptr ? std::to_string(number) : value->name();
}

}  // namespace

std::string OutcomeName(const Rpc& rpc, const CallOutcome& outcome) {
  if (outcome.reset) return "RESET";
  if (outcome.call_status != 0) return CallStatusName(outcome.call_status);
  if (outcome.header_code != bosdyn::api::CommonError::CODE_OK) {
    return ValueName(*bosdyn::api::CommonError::Code_descriptor(), outcome.header_code);
  }
  if (rpc.status() == nullptr) return "OK";
  const std::string name = ValueName(*rpc.status(), outcome.status);
  return name == "STATUS_OK" ? "OK" : name;
}

}  // namespace mock_robot
