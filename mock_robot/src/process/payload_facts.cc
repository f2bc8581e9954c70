#include "mock_robot/payload_facts.h"

#include "payload_manager/base/text.h"

namespace mock_robot {

std::optional<PayloadFacts> FindPayload(const PayloadList& list, std::string_view guid) {
  for (const PayloadFacts& payload : list.payloads) {
    if (payload_manager::EqualIgnoringCase(payload.guid, guid)) return payload;
  }
  return std::nullopt;
}

}  // namespace mock_robot
