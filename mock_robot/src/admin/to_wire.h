// Answers of the administrator's rules as the wire has them; for every service of the
// administration.
#pragma once

#include "mock_robot/registry.h"
#include "mock_robot/v1/admin.pb.h"

namespace mock_robot {

inline v1::Result ToWire(AdminResult result) {
  switch (result) {
    case AdminResult::kOk:
      return v1::RESULT_OK;
    case AdminResult::kUnknownPayload:
      return v1::RESULT_UNKNOWN_PAYLOAD;
    case AdminResult::kUnknownPreset:
      return v1::RESULT_UNKNOWN_PRESET;
    case AdminResult::kWrongState:
      return v1::RESULT_WRONG_STATE;
    case AdminResult::kNotKept:
      return v1::RESULT_NOT_KEPT;
    case AdminResult::kUnknownService:
      return v1::RESULT_UNKNOWN_SERVICE;
    case AdminResult::kCallFailed:
      return v1::RESULT_CALL_FAILED;
  }
  return v1::RESULT_UNSPECIFIED;
}

// Into any response that has a result and a message.
template <typename Response>
void PutAnswer(const AdminAnswer& answer, Response& response) {
  response.set_result(ToWire(answer.result));
  response.set_message(answer.message);
}

}  // namespace mock_robot
