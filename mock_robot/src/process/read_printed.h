// What payloadctl prints as JSON, as values. Whatever is missing or of another kind throws
// nlohmann::json::exception.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "mock_robot/journal.h"
#include "mock_robot/mock_robot_process.h"
#include "mock_robot/payload_facts.h"
#include "mock_robot/robot_time.h"

namespace mock_robot {

PayloadFacts PayloadFrom(const nlohmann::json& printed);
FaultFacts FaultFrom(const nlohmann::json& printed);
JournalEntry EntryFrom(const nlohmann::json& printed);

// "2026-05-04T03:02:01.25Z" to the nanosecond; nothing if it is no such text.
std::optional<RobotTime> TimeFrom(std::string_view text);

}  // namespace mock_robot
