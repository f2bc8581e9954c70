#include "tests/conformance/names.h"

#include <gtest/gtest.h>

namespace conformance {

std::string NameOf(const mock_robot::AdminAnswer& answer) {
  switch (answer.result) {
    case mock_robot::AdminResult::kOk:
      return "OK";
    case mock_robot::AdminResult::kUnknownPayload:
      return "UNKNOWN_PAYLOAD";
    case mock_robot::AdminResult::kUnknownPreset:
      return "UNKNOWN_PRESET";
    case mock_robot::AdminResult::kWrongState:
      return "WRONG_STATE";
    case mock_robot::AdminResult::kNotKept:
      return "NOT_KEPT";
    case mock_robot::AdminResult::kUnknownService:
      return "UNKNOWN_SERVICE";
    case mock_robot::AdminResult::kCallFailed:
      return "CALL_FAILED";
  }
  return "no such result";
}

mock_robot::Assumptions Assumed(const std::string& assume) {
  mock_robot::Assumptions assumptions;
  if (assume.empty()) return assumptions;
  const auto assumed = mock_robot::Assume(assume, assumptions);
  EXPECT_TRUE(assumed.ok()) << assumed.error().message;
  return assumptions;
}

std::vector<std::string> NamesOf(const std::vector<bosdyn::api::ServiceFault>& faults) {
  std::vector<std::string> names;
  for (const auto& fault : faults) {
    names.push_back(fault.fault_id().fault_name() + " of " + fault.fault_id().payload_guid());
  }
  return names;
}

}  // namespace conformance
