// From the mock robot's own answers to the names in the table.
#pragma once

#include <google/protobuf/generated_enum_reflection.h>

#include <string>
#include <vector>

#include "mock_robot/registry.h"

namespace conformance {

// A status without its prefix: STATUS_OK is "OK".
template <typename Status>
std::string StatusName(Status status) {
  const auto* value = google::protobuf::GetEnumDescriptor<Status>()->FindValueByNumber(status);
  if (value == nullptr) return "no such status: " + std::to_string(status);
  const std::string& name = value->name();
  return name.rfind("STATUS_", 0) == 0 ? name.substr(7) : name;
}

template <typename Status>
std::string NameOf(const mock_robot::Answer<Status>& answer) {
  return answer.ok() ? StatusName(*answer) : "INVALID_REQUEST";
}

std::string NameOf(const mock_robot::AdminAnswer& answer);

// The assumptions with one changed, or none if `assume` is empty.
mock_robot::Assumptions Assumed(const std::string& assume);

// "<fault name> of <GUID>".
std::vector<std::string> NamesOf(const std::vector<bosdyn::api::ServiceFault>& faults);

}  // namespace conformance
